#include "services/gateway/error_body.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/json/json_writer.h"
#include "common/status/error.h"
#include "google/rpc/code.pb.h"
#include "google/rpc/error_details.pb.h"

namespace nscl::gateway {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

// Where HTTP says more than the gRPC code does: the gateway's own reasons.
struct ReasonCode {
  absl::string_view reason;
  int code;
};
constexpr ReasonCode kReasonCodes[] = {
    {"METHOD_NOT_ALLOWED", 405}, {"REQUEST_TIMEOUT", 408},   {"PAYLOAD_TOO_LARGE", 413},
    {"URI_TOO_LONG", 414},       {"HEADERS_TOO_LARGE", 431}, {"UNSUPPORTED_MEDIA_TYPE", 415},
    {"EXPECTATION_FAILED", 417}, {"HTTP_VERSION", 505},
};

constexpr absl::string_view kTypePrefix = "type.googleapis.com/";

// One payload as JSON with its "@type"; false where the type is not linked in.
bool AppendDetail(absl::string_view type_url, const absl::Cord& payload, std::string* out) {
  absl::string_view name = type_url;
  if (!absl::ConsumePrefix(&name, kTypePrefix)) return false;
  const auto* type = DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(name));
  if (type == nullptr) return false;
  std::unique_ptr<Message> message(MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(std::string(payload))) return false;
  std::string body;
  json::AppendJson(*message, {.defaults = false}, &body);
  out->append("{\"@type\":");
  json::AppendJsonString(type_url, out);
  if (body.size() > 2) {
    out->push_back(',');
    out->append(body, 1, std::string::npos);
  } else {
    out->push_back('}');
  }
  return true;
}

}  // namespace

int HttpCodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

absl::string_view HttpReason(int code) {
  static const auto* const kReasons = new std::map<int, absl::string_view>{
      {200, "OK"},
      {304, "Not Modified"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {409, "Conflict"},
      {413, "Content Too Large"},
      {414, "URI Too Long"},
      {415, "Unsupported Media Type"},
      {417, "Expectation Failed"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {499, "Client Closed Request"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
      {505, "HTTP Version Not Supported"},
  };
  const auto found = kReasons->find(code);
  return found == kReasons->end() ? "Status" : found->second;
}

std::string ErrorBody(const absl::Status& status, int http_code) {
  std::string out = absl::StrCat("{\"error\":{\"code\":", http_code, ",\"message\":");
  json::AppendJsonString(status.message(), &out);
  absl::StrAppend(&out, ",\"status\":\"",
                  google::rpc::Code_Name(static_cast<google::rpc::Code>(status.raw_code())),
                  "\",\"details\":[");
  // ErrorInfo first, the rest by name, so that equal refusals are equal bytes.
  std::vector<std::pair<std::string, std::string>> details;
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    std::string detail;
    if (AppendDetail(type_url, payload, &detail)) {
      const bool info = absl::StrContains(type_url, "google.rpc.ErrorInfo");
      details.emplace_back(info ? "" : std::string(type_url), std::move(detail));
    }
  });
  std::sort(details.begin(), details.end());
  for (size_t i = 0; i < details.size(); ++i) {
    if (i > 0) out.push_back(',');
    out.append(details[i].second);
  }
  out.append("]}}");
  return out;
}

HttpAnswer ErrorAnswer(const absl::Status& status) {
  HttpAnswer answer;
  answer.code = HttpCodeOf(status.code());
  const std::string reason = status::ReasonOf(status);
  for (const ReasonCode& row : kReasonCodes) {
    if (row.reason == reason) answer.code = row.code;
  }
  answer.body = ErrorBody(status, answer.code);
  if (answer.code == 401) {
    answer.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"nscl.vn\"");
  }
  if (answer.code == 405) {
    answer.headers.emplace_back("Allow", status::MetadataOf(status, "allowed"));
  }
  if (const auto payload = status.GetPayload(absl::StrCat(kTypePrefix, "google.rpc.RetryInfo"));
      payload.has_value()) {
    google::rpc::RetryInfo retry;
    if (retry.ParseFromString(std::string(*payload))) {
      const auto& delay = retry.retry_delay();
      answer.headers.emplace_back(
          "Retry-After",
          absl::StrCat(std::max<int64_t>(1, delay.seconds() + (delay.nanos() > 0 ? 1 : 0))));
    }
  }
  return answer;
}

}  // namespace nscl::gateway
