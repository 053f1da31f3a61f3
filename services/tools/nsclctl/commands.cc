#include "services/tools/nsclctl/commands.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "common/auth/issuer.h"
#include "common/json/field_text.h"
#include "common/json/json_reader.h"
#include "common/json/json_writer.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/plan_service.pb.h"
#include "nscl/reporting/v1/report_service.pb.h"
#include "services/tools/demo/scenario.h"
#include "services/tools/nsclctl/failure.h"
#include "services/tools/nsclctl/methods.h"
#include "services/tools/nsclctl/resources.h"
#include "services/tools/nsclctl/run.h"
#include "services/tools/nsclctl/table.h"

namespace nscl::nsclctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Files of the operator's own may be larger than what a stranger may send.
json::Limits FileLimits() {
  json::Limits limits;
  limits.tokens = 2'000'000;
  limits.string_bytes = 4 * 1024 * 1024;
  return limits;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.good() && !file.eof()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path));
  }
  return text;
}

int Usage(const Terminal& terminal, const absl::Status& status) {
  terminal.err << std::string(status.message()) << "\n";
  return kUsage;
}

void PrintJson(const Terminal& terminal, const Message& message) {
  terminal.out << json::WriteJson(message, {.defaults = false}) << "\n";
}

void Print(const Terminal& terminal, const Message& message) {
  terminal.json ? PrintJson(terminal, message) : PrintFields(message, terminal.out);
}

// Sets a field of a request from text, where the request has it and there is text.
absl::Status SetText(Message& request, const char* name, const std::string& text) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
  if (text.empty()) return absl::OkStatus();
  if (field == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(request.GetDescriptor()->name(), " has no ", name));
  }
  return json::SetFieldFromText(request, *field, text, name);
}

// Takes the elements out of a List answer.
void TakeRows(Message& response, std::vector<std::unique_ptr<Message>>* rows) {
  for (int i = 0; i < response.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *response.GetDescriptor()->field(i);
    if (!field.is_repeated() || field.message_type() == nullptr) continue;
    const int size = response.GetReflection()->FieldSize(response, &field);
    for (int n = 0; n < size; ++n) {
      const Message& element = response.GetReflection()->GetRepeatedMessage(response, &field, n);
      rows->emplace_back(element.New())->CopyFrom(element);
    }
    return;
  }
}

std::string NextPageToken(const Message& response) {
  const FieldDescriptor* field = response.GetDescriptor()->FindFieldByName("next_page_token");
  return field == nullptr ? "" : response.GetReflection()->GetString(response, field);
}

}  // namespace

int Token(const Terminal& terminal, const TokenArguments& arguments) {
  std::string folder = arguments.issuer_dir;
  if (folder.empty() && !arguments.data_dir.empty()) folder = arguments.data_dir + "/issuer";
  if (folder.empty()) {
    return Usage(terminal, absl::InvalidArgumentError("token: give --data-dir or --issuer-dir"));
  }
  // Opening makes a new key where there is none: a token that nobody trusts would be no help.
  if (!std::filesystem::exists(folder + "/issuer.key")) {
    return BadData(absl::NotFoundError(absl::StrCat("there is no issuer.key in ", folder)),
                   terminal.err);
  }
  auto issuer = auth::LocalIssuer::Open(folder);
  if (!issuer.ok()) return BadData(issuer.status(), terminal.err);
  const auto token = (*issuer)->Mint({.subject = arguments.subject,
                                      .organisation = arguments.organisation,
                                      .roles = arguments.roles,
                                      .provinces = arguments.provinces,
                                      .lifetime = absl::Minutes(arguments.minutes)});
  if (!token.ok()) return Usage(terminal, token.status());
  terminal.out << *token << "\n";
  return kOk;
}

int Resources(const Terminal& terminal) {
  for (const Resource& resource : AllResources()) {
    terminal.out << resource.plural << "\n  " << resource.pattern << "\n";
  }
  return kOk;
}

int Methods(const Terminal& terminal) {
  for (const MethodDescriptor* method : AllMethods()) terminal.out << method->full_name() << "\n";
  return kOk;
}

int Get(const Terminal& terminal, Client& client, const std::string& name,
        const std::string& read_mask) {
  const auto resource = ResourceOfName(name);
  if (!resource.ok()) return Usage(terminal, resource.status());
  const auto request = NewMessage(*resource->get->input_type());
  const auto response = NewMessage(*resource->get->output_type());
  for (const auto& [field, text] : {std::pair("name", name), std::pair("read_mask", read_mask)}) {
    if (const auto set = SetText(*request, field, text); !set.ok()) return Usage(terminal, set);
  }
  const absl::Status status = client.Call(resource->get->full_name(), *request, response.get());
  if (!status.ok()) return Explain(status, terminal.err);
  Print(terminal, *response);
  return kOk;
}

int List(const Terminal& terminal, Client& client, const ListArguments& arguments) {
  const auto resource = ResourceOfPlural(arguments.collection);
  if (!resource.ok()) return Usage(terminal, resource.status());
  const auto request = NewMessage(*resource->list->input_type());
  const bool has_parent = request->GetDescriptor()->FindFieldByName("parent") != nullptr;
  const std::pair<const char*, std::string> fields[] = {
      {"parent", has_parent ? arguments.parent : ""},
      {"filter", arguments.filter},
      {"read_mask", arguments.read_mask},
      {"page_size", arguments.page_size == 0 ? "" : absl::StrCat(arguments.page_size)}};
  for (const auto& [field, text] : fields) {
    if (const auto set = SetText(*request, field, text); !set.ok()) return Usage(terminal, set);
  }
  std::vector<std::unique_ptr<Message>> rows;
  std::string page_token = arguments.page_token;
  do {
    if (const auto set = SetText(*request, "page_token", page_token); !set.ok()) {
      return Usage(terminal, set);
    }
    const auto response = NewMessage(*resource->list->output_type());
    const absl::Status status = client.Call(resource->list->full_name(), *request, response.get());
    if (!status.ok()) return Explain(status, terminal.err);
    TakeRows(*response, &rows);
    page_token = NextPageToken(*response);
    if (terminal.json) {  // a line each, as they come
      for (const auto& row : rows) PrintJson(terminal, *row);
      rows.clear();
    }
  } while (arguments.all && !page_token.empty());
  if (!terminal.json) PrintTable(rows, arguments.columns, terminal.out);
  if (!page_token.empty()) {
    terminal.err << "there are more: --all, or --page-token " << page_token << "\n";
  }
  return kOk;
}

int Call(const Terminal& terminal, Client& client, const std::string& name,
         const std::string& json_text, const std::string& request_id) {
  const auto method = FindMethod(name);
  if (!method.ok()) return Usage(terminal, method.status());
  std::string text = json_text.empty() ? "{}" : json_text;
  if (text == "-") {
    text.assign(std::istreambuf_iterator<char>(terminal.in), std::istreambuf_iterator<char>());
  } else if (text[0] == '@') {
    auto file = ReadFile(text.substr(1));
    if (!file.ok()) return BadData(file.status(), terminal.err);
    text = *std::move(file);
  }
  const auto request = NewMessage(*(*method)->input_type());
  if (const auto read = json::ReadJson(text, FileLimits(), "", *request); !read.ok()) {
    return BadData(read, terminal.err);
  }
  FillRequestId(*request, request_id);
  const auto response = NewMessage(*(*method)->output_type());
  if ((*method)->server_streaming()) {
    const absl::Status status = client.Watch(**method, *request, response.get(), [&] {
      PrintJson(terminal, *response);
      terminal.out.flush();
      return terminal.out.good();
    });
    return status.ok() ? kOk : Explain(status, terminal.err);
  }
  const absl::Status status = client.Call((*method)->full_name(), *request, response.get());
  if (!status.ok()) return Explain(status, terminal.err);
  PrintJson(terminal, *response);
  return kOk;
}

int ImportPlan(const Terminal& terminal, Client& client, const ImportArguments& arguments) {
  const auto text = ReadFile(arguments.file);
  if (!text.ok()) return BadData(text.status(), terminal.err);
  budgeting::v1::ImportPlanRequest request;
  if (const auto read = json::ReadJson(*text, FileLimits(), "plan", *request.mutable_plan());
      !read.ok()) {
    terminal.err << arguments.file << ":\n";
    return BadData(read, terminal.err);
  }
  request.set_parent(absl::StrCat("provinces/", arguments.province));
  request.set_plan_id(arguments.plan_id.empty()
                          ? std::filesystem::path(arguments.file).stem().string()
                          : arguments.plan_id);
  request.set_validate_only(arguments.validate_only);
  FillRequestId(request, arguments.request_id);
  budgeting::v1::Plan plan;
  const absl::Status status =
      client.Call("nscl.budgeting.v1.PlanService.ImportPlan", request, &plan);
  if (!status.ok()) return Explain(status, terminal.err);
  if (terminal.json) {
    PrintJson(terminal, plan);
    return kOk;
  }
  terminal.out << (arguments.validate_only ? "would be imported as " : "imported as ")
               << plan.name() << ": " << plan.amount_rows() << " rows with amounts, "
               << plan.counting_rows() << " counting, " << plan.computed_total_vnd()
               << " đồng computed";
  if (plan.has_printed_total_vnd()) {
    terminal.out << ", " << plan.printed_total_vnd() << " đồng printed";
  }
  terminal.out << "\n" << plan.findings_size() << " findings\n";
  std::vector<std::unique_ptr<Message>> findings;
  for (const auto& finding : plan.findings()) {
    findings.push_back(std::make_unique<budgeting::v1::Finding>(finding));
  }
  PrintTable(findings, {}, terminal.out);
  return kOk;
}

int Report(const Terminal& terminal, Client& client, const ReportArguments& arguments) {
  // "provinces/48/plans/p" -> "provinces/48"
  const std::vector<std::string> parts = absl::StrSplit(arguments.plan, '/');
  if (parts.size() != 4 || parts[0] != "provinces" || parts[2] != "plans") {
    return Usage(terminal,
                 absl::InvalidArgumentError(
                     "report: PLAN is a name such as provinces/48/plans/danang-2022-2025"));
  }
  reporting::v1::CreateReportRequest request;
  request.set_parent(absl::StrCat(parts[0], "/", parts[1]));
  request.set_plan(arguments.plan);
  request.set_year(arguments.year);
  request.set_report_id(arguments.report_id);
  request.set_validate_only(arguments.report_id.empty());
  FillRequestId(request, arguments.request_id);
  reporting::v1::Report report;
  const absl::Status status =
      client.Call("nscl.reporting.v1.ReportService.CreateReport", request, &report);
  if (!status.ok()) return Explain(status, terminal.err);
  if (terminal.json) {
    PrintJson(terminal, report);
  } else {
    terminal.out << tools::PrintReport(report);
  }
  return kOk;
}

}  // namespace nscl::nsclctl
