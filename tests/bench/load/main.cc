// The load generator: closed loops against one server, one line of JSON as the result.
//
//   bench_load --op=get|create|search|raw --target=127.0.0.1:8443 ...        gRPC
//   bench_load --op=http_get|http_create --target=127.0.0.1:8080 ...  HTTP/1.1
//
// Ends with 1 when a call failed.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "tests/bench/load/grpc_loop.h"
#include "tests/bench/load/http_loop.h"
#include "tests/bench/load/names.h"
#include "tests/bench/load/requests.h"

ABSL_FLAG(std::string, op, "", "get, create, search, raw (gRPC); http_get, http_create (HTTP/1.1)");
ABSL_FLAG(std::string, target, "", "host:port of the server");
ABSL_FLAG(int32_t, callers, 64, "calls in flight");
ABSL_FLAG(int32_t, connections, 8, "gRPC connections that carry them; HTTP has one for each");
ABSL_FLAG(double, seconds, 2, "length of the measured stretch");
ABSL_FLAG(double, warmup, 0.3, "seconds before it that do not count");
ABSL_FLAG(uint64_t, count, 0, "gRPC: end after so many calls instead, and measure them all");
ABSL_FLAG(std::vector<std::string>, pid, {}, "processes whose CPU is measured, children included");
ABSL_FLAG(std::string, tokens, "", "file of bearer tokens, one a line, taken in turn");
ABSL_FLAG(std::string, name, "", "get: the enterprise");
ABSL_FLAG(std::string, parent, "provinces/48", "create: the province");
ABSL_FLAG(uint64_t, run, 0, "create: number of the run, in every request id");
ABSL_FLAG(uint64_t, first, 0, "create: number of the first enterprise; tax codes follow from it");
ABSL_FLAG(bool, named, false, "create: names as a business register has them, see names.h");
ABSL_FLAG(std::string, queries, "",
          "search: file of texts, \"<kind>\\t<text>\" a line, taken in turn");
ABSL_FLAG(std::string, kind, "", "search: only texts of this kind");
ABSL_FLAG(bool, long_text, false, "create: enterprises of about 1.2 KB instead of 300 bytes");
ABSL_FLAG(uint64_t, bytes, 0, "raw: size of the request; answers are the server's affair");
ABSL_FLAG(std::string, save_response, "", "file for the bytes of one answer");

namespace nscl::bench {
namespace {

constexpr char kGet[] = "/nscl.registry.v1.EnterpriseService/GetEnterprise";
constexpr char kSearch[] = "/nscl.registry.v1.EnterpriseService/SearchEnterprises";
constexpr char kCreate[] = "/nscl.registry.v1.EnterpriseService/CreateEnterprise";

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
}

std::vector<std::string> Lines(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

std::vector<pid_t> Processes() {
  std::vector<pid_t> processes;
  for (const std::string& text : absl::GetFlag(FLAGS_pid)) {
    int process = 0;
    if (absl::SimpleAtoi(text, &process)) processes.push_back(process);
  }
  return processes;
}

registry::v1::CreateEnterpriseRequest NthCreate(uint64_t number) {
  number += absl::GetFlag(FLAGS_first);
  auto request = CreateRequest(absl::GetFlag(FLAGS_parent), absl::GetFlag(FLAGS_run), number,
                               absl::GetFlag(FLAGS_long_text));
  if (absl::GetFlag(FLAGS_named)) {
    request.mutable_enterprise()->set_display_name(EnterpriseName(/*seed=*/1, number));
  }
  return request;
}

// Searches for the texts of the file, serialized.
std::vector<std::string> Searches() {
  std::vector<std::string> requests;
  const std::string kind = absl::GetFlag(FLAGS_kind);
  for (const std::string& line : Lines(absl::GetFlag(FLAGS_queries))) {
    const std::vector<std::string> parts = absl::StrSplit(line, '\t');
    if (parts.size() != 2 || (!kind.empty() && parts[0] != kind)) continue;
    registry::v1::SearchEnterprisesRequest request;
    request.set_parent(absl::GetFlag(FLAGS_parent));
    request.set_query(parts[1]);
    requests.push_back(request.SerializeAsString());
  }
  return requests;
}

Result Grpc(const std::string& op, const std::vector<std::string>& tokens) {
  GrpcLoad load;
  load.target = absl::GetFlag(FLAGS_target);
  load.connections = std::min(absl::GetFlag(FLAGS_connections), absl::GetFlag(FLAGS_callers));
  load.callers = absl::GetFlag(FLAGS_callers);
  load.count = absl::GetFlag(FLAGS_count);
  load.warmup = Milliseconds(absl::GetFlag(FLAGS_warmup));
  load.length = Milliseconds(absl::GetFlag(FLAGS_seconds));
  load.tokens = tokens;
  load.processes = Processes();
  if (op == "create") {
    load.method = kCreate;
    load.request = [](uint64_t number) { return NthCreate(number).SerializeAsString(); };
  } else if (op == "search") {
    load.method = kSearch;
    const std::vector<std::string> searches = Searches();
    if (searches.empty()) {
      Result failed;
      failed.errors = 1;
      failed.first_error = "--queries has no texts of the kind";
      return failed;
    }
    load.request = [searches](uint64_t number) { return searches[number % searches.size()]; };
  } else {
    load.method = kGet;
    registry::v1::GetEnterpriseRequest request;
    request.set_name(absl::GetFlag(FLAGS_name));
    std::string bytes = request.SerializeAsString();
    if (op == "raw") bytes.assign(absl::GetFlag(FLAGS_bytes), 'x');
    load.request = [bytes](uint64_t) { return bytes; };
  }
  std::string response;
  const Result result = RunGrpc(load, &response);
  if (!absl::GetFlag(FLAGS_save_response).empty()) {
    std::ofstream(absl::GetFlag(FLAGS_save_response), std::ios::binary) << response;
  }
  return result;
}

Result Http(const std::string& op, const std::vector<std::string>& tokens) {
  HttpLoad load;
  const std::vector<std::string> parts = absl::StrSplit(absl::GetFlag(FLAGS_target), ':');
  int port = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[1], &port)) {
    Result failed;
    failed.errors = 1;
    failed.first_error = "--target is not host:port";
    return failed;
  }
  load.host = parts[0];
  load.port = static_cast<uint16_t>(port);
  load.connections = absl::GetFlag(FLAGS_callers);
  load.warmup = Milliseconds(absl::GetFlag(FLAGS_warmup));
  load.length = Milliseconds(absl::GetFlag(FLAGS_seconds));
  load.processes = Processes();
  const auto head = [&tokens, host = absl::GetFlag(FLAGS_target)](uint64_t number) {
    std::string text = absl::StrCat(" HTTP/1.1\r\nHost: ", host, "\r\n");
    if (!tokens.empty()) {
      absl::StrAppend(&text, "Authorization: Bearer ", tokens[number % tokens.size()], "\r\n");
    }
    return text;
  };
  if (op == "http_get") {
    load.request = [head, path = "/v1/" + absl::GetFlag(FLAGS_name)](uint64_t number) {
      return absl::StrCat("GET ", path, head(number), "\r\n");
    };
  } else {
    load.request = [head](uint64_t number) {
      const auto request = NthCreate(number);
      std::string body;
      const auto status = google::protobuf::util::MessageToJsonString(request.enterprise(), &body);
      if (!status.ok()) std::abort();
      return absl::StrCat(
          "POST /v1/", request.parent(), "/enterprises", head(number),
          "Content-Type: application/json\r\nIdempotency-Key: ", request.request_id(),
          "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
    };
  }
  return RunHttp(load);
}

int Main() {
  const std::string op = absl::GetFlag(FLAGS_op);
  std::vector<std::string> tokens;
  if (!absl::GetFlag(FLAGS_tokens).empty()) tokens = Lines(absl::GetFlag(FLAGS_tokens));
  Result result;
  if (op == "get" || op == "create" || op == "search" || op == "raw") {
    result = Grpc(op, tokens);
  } else if (op == "http_get" || op == "http_create") {
    result = Http(op, tokens);
  } else {
    std::cerr << "bench_load: --op is get, create, search, raw, http_get or http_create\n";
    return 2;
  }
  std::cout << result.ToJson() << "\n";
  return result.errors == 0 && result.calls > 0 ? 0 : 1;
}

}  // namespace
}  // namespace nscl::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("Closed-loop load against one server; prints one line of JSON.");
  absl::ParseCommandLine(argc, argv);
  return nscl::bench::Main();
}
