#include <curl/curl.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "google/api/annotations.pb.h"
#include "services/tools/door/door.h"

namespace nscl::tools {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using google::protobuf::Reflection;

// Longest wait for an answer, seconds: above the server's own longest deadline.
constexpr long kTimeoutSeconds = 40;

std::string Escape(absl::string_view text) {
  std::string out;
  for (unsigned char c : text) {
    if (absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      out.push_back(static_cast<char>(c));
    } else {
      absl::StrAppend(&out, "%", absl::Hex(c, absl::kZeroPad2));
    }
  }
  return out;
}

// The string field at a dotted path; empty where it is not set.
std::string StringAt(const Message& message, absl::string_view path) {
  const Message* at = &message;
  std::vector<std::string> parts = absl::StrSplit(path, '.');
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (field == nullptr) return "";
    if (i + 1 == parts.size()) return at->GetReflection()->GetString(*at, field);
    at = &at->GetReflection()->GetMessage(*at, field);
  }
  return "";
}

// Fills "/v1/{parent=provinces/*}/plans:import". `used` gets the top-level fields that went into
// the path.
std::string FillPath(absl::string_view pattern, const Message& request, std::string* used) {
  std::string path;
  while (!pattern.empty()) {
    size_t open = pattern.find('{');
    absl::StrAppend(&path, pattern.substr(0, open));
    if (open == absl::string_view::npos) break;
    size_t close = pattern.find('}', open);
    absl::string_view variable = pattern.substr(open + 1, close - open - 1);
    absl::string_view field = variable.substr(0, variable.find('='));
    for (absl::string_view segment : absl::StrSplit(StringAt(request, field), '/')) {
      absl::StrAppend(&path, path.empty() || path.back() == '/' ? "" : "/", Escape(segment));
    }
    *used = std::string(field);
    pattern.remove_prefix(close + 1);
  }
  return path;
}

std::string JsonOf(const Message& message) {
  std::string json;
  (void)google::protobuf::util::MessageToJsonString(message, &json);
  return json;
}

// Query parameters for the scalar top-level fields that neither path nor body carries.
std::string QueryOf(const Message& request, absl::string_view path_field, absl::string_view body) {
  std::string query;
  const Descriptor* descriptor = request.GetDescriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    if (field->name() == path_field || field->name() == body) continue;
    if (field->is_repeated() || !request.GetReflection()->HasField(request, field)) continue;
    std::string value;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      // A field mask or a date: its JSON form is a string, or the field went into path and body.
      if (field->message_type()->full_name() != "google.protobuf.FieldMask") continue;
      value = nlohmann::json::parse(JsonOf(request.GetReflection()->GetMessage(request, field)))
                  .get<std::string>();
    } else {
      nlohmann::json all = nlohmann::json::parse(JsonOf(request));
      const nlohmann::json& one = all[field->json_name()];
      value = one.is_string() ? one.get<std::string>() : one.dump();
    }
    absl::StrAppend(&query, query.empty() ? "?" : "&", field->json_name(), "=", Escape(value));
  }
  return query;
}

size_t Append(char* data, size_t size, size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

// The status of an AIP-193 error body.
absl::Status StatusOf(long http_code, const std::string& body) {
  nlohmann::json parsed = nlohmann::json::parse(body, nullptr, false);
  if (parsed.is_discarded() || !parsed.contains("error")) {
    return absl::UnknownError(
        absl::StrCat("HTTP ", http_code, " without an error body: ", body.substr(0, 200)));
  }
  const nlohmann::json& error = parsed["error"];
  absl::StatusCode code = absl::StatusCode::kUnknown;
  for (int c = 1; c <= 16; ++c) {
    if (absl::StatusCodeToString(static_cast<absl::StatusCode>(c)) == error.value("status", "")) {
      code = static_cast<absl::StatusCode>(c);
    }
  }
  std::string reason, localized;
  std::vector<std::pair<std::string, std::string>> metadata, fields;
  const nlohmann::json details = error.value("details", nlohmann::json::array());
  for (const nlohmann::json& detail : details) {
    std::string type = detail.value("@type", "");
    if (absl::EndsWith(type, "ErrorInfo")) {
      reason = detail.value("reason", "");
      const nlohmann::json metadata_of = detail.value("metadata", nlohmann::json::object());
      for (auto& [key, value] : metadata_of.items()) {
        metadata.emplace_back(key, value.get<std::string>());
      }
    } else if (absl::EndsWith(type, "LocalizedMessage")) {
      localized = detail.value("message", "");
    } else if (absl::EndsWith(type, "BadRequest")) {
      for (const nlohmann::json& row : detail.value("fieldViolations", nlohmann::json::array())) {
        fields.emplace_back(row.value("field", ""), row.value("description", ""));
      }
    }
  }
  status::Error built(code, reason);
  built.En(error.value("message", "")).Vi(localized);
  for (const auto& [key, value] : metadata) built.Meta(key, value);
  for (const auto& [path, description] : fields) built.Field(path, description);
  return built.Build();
}

class HttpDoor : public Door {
 public:
  HttpDoor(absl::string_view base_url, absl::string_view token) : base_url_(base_url) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    curl_ = curl_easy_init();
    headers_ = curl_slist_append(headers_, absl::StrCat("Authorization: Bearer ", token).c_str());
    headers_ = curl_slist_append(headers_, "Content-Type: application/json");
    headers_ = curl_slist_append(headers_, "Expect:");
  }
  ~HttpDoor() override {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(curl_);
  }

  absl::Status Call(absl::string_view method, const Message& request, Message* response) override {
    const MethodDescriptor* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(method));
    if (descriptor == nullptr) return absl::UnimplementedError(absl::StrCat("no method ", method));
    const google::api::HttpRule& rule = descriptor->options().GetExtension(google::api::http);
    std::string verb, pattern, path_field, body;
    switch (rule.pattern_case()) {
      case google::api::HttpRule::kGet:
        verb = "GET", pattern = rule.get();
        break;
      case google::api::HttpRule::kPost:
        verb = "POST", pattern = rule.post();
        break;
      case google::api::HttpRule::kPatch:
        verb = "PATCH", pattern = rule.patch();
        break;
      case google::api::HttpRule::kDelete:
        verb = "DELETE", pattern = rule.delete_();
        break;
      default:
        return absl::UnimplementedError(absl::StrCat("no HTTP rule for ", method));
    }
    std::string url = absl::StrCat(base_url_, FillPath(pattern, request, &path_field));
    if (rule.body() == "*") {
      body = JsonOf(request);
    } else {
      absl::string_view path_root = absl::string_view(path_field).substr(0, path_field.find('.'));
      absl::StrAppend(&url, QueryOf(request, path_root, rule.body()));
      if (!rule.body().empty()) {
        const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(rule.body());
        body = JsonOf(request.GetReflection()->GetMessage(request, field));
      }
    }
    return Exchange(verb, url, body, response);
  }

 private:
  absl::Status Exchange(const std::string& verb, const std::string& url, const std::string& body,
                        Message* response) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::string answer;
    curl_easy_setopt(curl_, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, verb.c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers_);
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.empty() ? nullptr : body.c_str());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    if (body.empty() && verb == "GET") curl_easy_setopt(curl_, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, &Append);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT, kTimeoutSeconds);
    curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl_, CURLOPT_NOPROXY, "*");
    if (CURLcode code = curl_easy_perform(curl_); code != CURLE_OK) {
      return absl::UnavailableError(absl::StrCat(url, ": ", curl_easy_strerror(code)));
    }
    long http_code = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &http_code);
    if (http_code != 200) return StatusOf(http_code, answer);
    auto parsed = google::protobuf::util::JsonStringToMessage(answer, response);
    if (!parsed.ok())
      return absl::DataLossError(absl::StrCat("unreadable answer: ", parsed.ToString()));
    return absl::OkStatus();
  }

  std::string base_url_;
  std::mutex mutex_;  // one connection, one call at a time
  CURL* curl_ = nullptr;
  curl_slist* headers_ = nullptr;
};

}  // namespace

std::unique_ptr<Door> MakeHttpDoor(absl::string_view base_url, absl::string_view bearer_token) {
  return std::make_unique<HttpDoor>(base_url, bearer_token);
}

}  // namespace nscl::tools
