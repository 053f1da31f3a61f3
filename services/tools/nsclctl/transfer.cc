#include "services/tools/nsclctl/transfer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/json/json_writer.h"
#include "common/status/excerpt.h"
#include "common/status/status_macros.h"
#include "common/store/hash.h"
#include "nscl/registry/v1/operation_service.pb.h"
#include "services/tools/nsclctl/failure.h"
#include "services/tools/nsclctl/methods.h"
#include "services/tools/nsclctl/progress.h"
#include "services/tools/nsclctl/run.h"
#include "services/tools/words/words.h"

namespace nscl::nsclctl {
namespace {

using registry::v1::Operation;
using tools::Words;

constexpr char kService[] = "nscl.registry.v1.OperationService.";
constexpr size_t kPieceBytes = size_t{512} << 10;
constexpr int64_t kMegabyte = int64_t{1} << 20;
constexpr size_t kMaxFileName = 200;  // bytes; the server takes 255 characters
// How often the work is looked at, and how long an unreachable server is waited for.
constexpr absl::Duration kLook = absl::Milliseconds(250);
constexpr absl::Duration kPatience = absl::Seconds(30);

struct DatasetName {
  const char* name;
  Operation::Dataset dataset;
};
constexpr DatasetName kDatasets[] = {
    {"enterprises", Operation::DATASET_ENTERPRISES},
    {"support-records", Operation::DATASET_SUPPORT_RECORDS},
    {"needs", Operation::DATASET_NEEDS},
};

Operation::Dataset DatasetOf(const std::string& name) {
  for (const DatasetName& row : kDatasets) {
    if (row.name == name) return row.dataset;
  }
  return Operation::DATASET_UNSPECIFIED;
}

Operation::Format FormatOf(const TransferArguments& arguments) {
  const std::string ending = absl::AsciiStrToLower(
      arguments.format.empty() ? std::filesystem::path(arguments.file).extension().string()
                               : absl::StrCat(".", arguments.format));
  return ending == ".xlsx" ? Operation::FORMAT_XLSX : Operation::FORMAT_CSV;
}

bool IsOver(const Operation& operation) {
  return operation.state() != Operation::STATE_RECEIVING &&
         operation.state() != Operation::STATE_RUNNING;
}

// A call that is repeated, with the same request id, while the server is away.
absl::Status CallPatiently(Client& client, const char* method,
                           const google::protobuf::Message& request,
                           google::protobuf::Message& response) {
  const absl::Time patience = absl::Now() + kPatience;
  while (true) {
    const absl::Status status = client.Call(absl::StrCat(kService, method), request, &response);
    const bool again = tools::IsUnreachable(status) || absl::IsUnavailable(status);
    if (!again || absl::Now() > patience) return status;
    absl::SleepFor(kLook);
  }
}

// The file as it is read to be sent.
class Source {
 public:
  static absl::StatusOr<Source> Open(const std::string& path) {
    Source source;
    source.file_.open(path, std::ios::binary);
    if (!source.file_) return absl::NotFoundError(absl::StrCat("cannot read ", path));
    store::Sha256Stream digest;
    std::string piece;
    while (!(piece = source.Piece(source.size_)).empty()) {
      digest.Add(piece);
      source.size_ += static_cast<int64_t>(piece.size());
    }
    if (source.size_ == 0) return absl::InvalidArgumentError(absl::StrCat(path, " is empty"));
    source.sha256_ = store::Hex(digest.Finish());
    return source;
  }

  std::string Piece(int64_t offset) {
    std::string piece(kPieceBytes, 0);
    file_.clear();
    file_.seekg(offset);
    file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    piece.resize(static_cast<size_t>(file_.gcount()));
    return piece;
  }
  int64_t size() const { return size_; }
  const std::string& sha256() const { return sha256_; }

 private:
  std::ifstream file_;
  int64_t size_ = 0;
  std::string sha256_;
};

// An upload of the same file that was interrupted; an operation without name where there is none.
absl::StatusOr<Operation> FindInterrupted(Client& client,
                                          const registry::v1::StartImportRequest& start) {
  registry::v1::ListOperationsRequest request;
  request.set_parent(start.parent());
  request.set_page_size(500);
  request.set_filter(absl::StrCat("state = STATE_RECEIVING AND dataset = ",
                                  Operation::Dataset_Name(start.dataset())));
  registry::v1::ListOperationsResponse response;
  RETURN_IF_ERROR(CallPatiently(client, "ListOperations", request, response));
  for (const Operation& operation : response.operations()) {
    if (operation.file_sha256() == start.file_sha256() &&
        operation.size_bytes() == start.size_bytes() && operation.format() == start.format() &&
        operation.dry_run() == start.dry_run()) {
      return operation;
    }
  }
  return Operation();
}

absl::StatusOr<Operation> Begin(Client& client, const TransferArguments& arguments,
                                const Source& source, std::ostream& err) {
  registry::v1::StartImportRequest request;
  request.set_parent(absl::StrCat("provinces/", arguments.province));
  request.set_dataset(DatasetOf(arguments.dataset));
  request.set_format(FormatOf(arguments));
  request.set_file_name(
      status::Excerpt(std::filesystem::path(arguments.file).filename().string(), kMaxFileName));
  request.set_size_bytes(source.size());
  request.set_file_sha256(source.sha256());
  request.set_dry_run(arguments.dry_run);
  ASSIGN_OR_RETURN(Operation operation, FindInterrupted(client, request));
  if (!operation.name().empty()) {
    if (!arguments.quiet) {
      err << Words("going on with ", "gửi tiếp ") << operation.name()
          << Words(" at byte ", " từ byte ") << operation.received_bytes() << "\n";
    }
    return operation;
  }
  FillRequestId(request);
  RETURN_IF_ERROR(CallPatiently(client, "StartImport", request, operation));
  return operation;
}

absl::Status Upload(Client& client, Source& source, const TransferArguments& arguments,
                    Operation& operation, std::ostream& err) {
  Progress progress(err, arguments.quiet, Words("sending", "gửi"), "MB", kMegabyte);
  while (operation.state() == Operation::STATE_RECEIVING) {
    registry::v1::AppendImportDataRequest request;
    request.set_name(operation.name());
    request.set_offset(operation.received_bytes());
    request.set_data(source.Piece(operation.received_bytes()));
    if (request.data().empty()) {
      return absl::DataLossError(absl::StrCat(arguments.file, " became shorter while it was sent"));
    }
    FillRequestId(request);
    RETURN_IF_ERROR(CallPatiently(client, "AppendImportData", request, operation));
    progress.Show(operation.received_bytes(), source.size());
  }
  return absl::OkStatus();
}

absl::Status WaitForEnd(Client& client, const TransferArguments& arguments, const std::string& what,
                        Operation& operation, std::ostream& err) {
  Progress progress(err, arguments.quiet, what, Words("rows", "dòng"), 1);
  registry::v1::GetOperationRequest request;
  request.set_name(operation.name());
  while (!IsOver(operation)) {
    absl::SleepFor(kLook);
    RETURN_IF_ERROR(CallPatiently(client, "GetOperation", request, operation));
    progress.Show(operation.rows_done(), operation.rows_total(),
                  operation.rows_failed() == 0
                      ? ""
                      : absl::StrCat(operation.rows_failed(), " ", Words("refused", "lỗi")));
  }
  return absl::OkStatus();
}

// Where a file goes; "" and "-" are the standard output. Only its owner may read it.
absl::Status WriteTo(const Terminal& terminal, const std::string& path,
                     const std::function<absl::StatusOr<std::string>()>& next) {
  int descriptor = -1;
  if (!path.empty() && path != "-") {
    descriptor = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor < 0) {
      return absl::NotFoundError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
    }
  }
  absl::Status written;
  while (written.ok()) {
    const absl::StatusOr<std::string> piece = next();
    if (!piece.ok()) written = piece.status();
    if (!piece.ok() || piece->empty()) break;
    if (descriptor < 0) {
      terminal.out << *piece;
    } else if (write(descriptor, piece->data(), piece->size()) !=
               static_cast<ssize_t>(piece->size())) {
      written =
          absl::DataLossError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
    }
  }
  if (descriptor >= 0 && close(descriptor) != 0 && written.ok()) {
    written = absl::DataLossError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
  }
  terminal.out.flush();
  return written;
}

absl::Status Fetch(const Terminal& terminal, Client& client, const Operation& operation,
                   const std::string& path) {
  int64_t offset = 0;
  return WriteTo(terminal, path, [&]() -> absl::StatusOr<std::string> {
    registry::v1::ReadOperationFileRequest request;
    request.set_name(operation.name());
    request.set_offset(offset);
    registry::v1::ReadOperationFileResponse response;
    RETURN_IF_ERROR(CallPatiently(client, "ReadOperationFile", request, response));
    offset = response.next_offset();
    return response.data();
  });
}

int SayFailure(const Terminal& terminal, const Operation& operation) {
  const registry::v1::OperationFailure& failure = operation.failure();
  terminal.err << operation.name() << ": " << Operation::State_Name(operation.state()) << " "
               << failure.reason() << ": " << failure.message() << "\n";
  if (!failure.message_vi().empty()) terminal.err << "  " << failure.message_vi() << "\n";
  return kRefused;
}

void Tell(const Terminal& terminal, const Operation& operation) {
  if (terminal.json) {
    terminal.out << json::WriteJson(operation, {.defaults = false}) << "\n";
    return;
  }
  terminal.out << operation.name()
               << (operation.dry_run() ? Words(" (dry run)", " (chạy thử)") : "") << ": "
               << operation.rows_total() << Words(" rows, ", " dòng, ") << operation.rows_created()
               << Words(" new, ", " mới, ") << operation.rows_updated()
               << Words(" changed, ", " sửa, ") << operation.rows_unchanged()
               << Words(" unchanged, ", " như cũ, ") << operation.rows_failed()
               << Words(" refused\n", " lỗi\n");
  for (const auto& field : operation.updated_fields()) {
    terminal.out << "  " << field.field() << ": " << field.rows() << "\n";
  }
}

}  // namespace

std::vector<std::string> Datasets() {
  std::vector<std::string> names;
  for (const DatasetName& row : kDatasets) names.emplace_back(row.name);
  return names;
}

int ImportTable(const Terminal& terminal, Client& client, const TransferArguments& arguments) {
  absl::StatusOr<Source> source = Source::Open(arguments.file);
  if (!source.ok()) return BadData(source.status(), terminal.err);
  absl::StatusOr<Operation> operation = Begin(client, arguments, *source, terminal.err);
  absl::Status status = operation.status();
  if (status.ok()) status = Upload(client, *source, arguments, *operation, terminal.err);
  if (status.ok()) {
    status = WaitForEnd(client, arguments, Words("storing", "nhập"), *operation, terminal.err);
  }
  if (!status.ok()) {
    const int code = Explain(status, terminal.err);
    if (code == kUnreachable && operation.ok()) {
      terminal.err << Words("run this again to go on with ", "chạy lại lệnh này để tiếp tục ")
                   << operation->name() << "\n";
    }
    return code;
  }
  if (operation->rows_failed() > 0 && !arguments.errors.empty()) {
    const absl::Status fetched = Fetch(terminal, client, *operation, arguments.errors);
    if (!fetched.ok()) return Explain(fetched, terminal.err);
  }
  if (operation->state() != Operation::STATE_SUCCEEDED) return SayFailure(terminal, *operation);
  Tell(terminal, *operation);
  if (operation->rows_failed() == 0) return kOk;
  if (arguments.errors.empty()) {
    terminal.err << Words("--errors FILE fetches the refused rows\n",
                          "--errors TỆP lấy các dòng lỗi\n");
  }
  return kSomeRefused;
}

int ExportTable(const Terminal& terminal, Client& client, const TransferArguments& arguments) {
  registry::v1::StartExportRequest request;
  request.set_parent(absl::StrCat("provinces/", arguments.province));
  request.set_dataset(DatasetOf(arguments.dataset));
  request.set_format(FormatOf(arguments));
  request.set_filter(arguments.filter);
  FillRequestId(request);
  Operation operation;
  absl::Status status = CallPatiently(client, "StartExport", request, operation);
  if (status.ok())
    status = WaitForEnd(client, arguments, Words("writing", "xuất"), operation, terminal.err);
  if (!status.ok()) return Explain(status, terminal.err);
  if (operation.state() != Operation::STATE_SUCCEEDED) return SayFailure(terminal, operation);
  status = Fetch(terminal, client, operation, arguments.file);
  if (!status.ok()) return Explain(status, terminal.err);
  if (!arguments.quiet) {
    terminal.err << operation.rows_total() << Words(" rows, ", " dòng, ") << operation.size_bytes()
                 << " byte\n";
  }
  return kOk;
}

int ImportTemplate(const Terminal& terminal, Client& client, const TransferArguments& arguments) {
  registry::v1::GetImportTemplateRequest request;
  request.set_dataset(DatasetOf(arguments.dataset));
  request.set_format(FormatOf(arguments));
  registry::v1::GetImportTemplateResponse response;
  absl::Status status = CallPatiently(client, "GetImportTemplate", request, response);
  if (!status.ok()) return Explain(status, terminal.err);
  if (terminal.json) {
    response.clear_content();
    terminal.out << json::WriteJson(response, {.defaults = false}) << "\n";
    return kOk;
  }
  status = WriteTo(terminal, arguments.file, [&]() -> absl::StatusOr<std::string> {
    return std::exchange(*response.mutable_content(), "");
  });
  return status.ok() ? kOk : BadData(status, terminal.err);
}

}  // namespace nscl::nsclctl
