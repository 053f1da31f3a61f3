#include "services/gateway/transcoder.h"

#include <google/protobuf/field_mask.pb.h>

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/json/errors.h"
#include "common/json/field_text.h"
#include "common/json/json_reader.h"
#include "common/status/status_macros.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// "application/json", with nothing but `charset=utf-8` beside it.
bool IsJson(absl::string_view content_type) {
  const std::vector<absl::string_view> parts = absl::StrSplit(content_type, ';');
  if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parts[0]), "application/json")) {
    return false;
  }
  for (size_t i = 1; i < parts.size(); ++i) {
    const absl::string_view parameter = absl::StripAsciiWhitespace(parts[i]);
    if (!absl::EqualsIgnoreCase(parameter, "charset=utf-8") &&
        !absl::EqualsIgnoreCase(parameter, "charset=\"utf-8\"")) {
      return false;
    }
  }
  return true;
}

absl::Status CheckMediaType(const HttpRequest& request) {
  const absl::string_view encoding = request.head.Header("content-encoding");
  if (!encoding.empty() && !absl::EqualsIgnoreCase(encoding, "identity")) {
    return errors::UnsupportedMediaType("a compressed body (Content-Encoding) is not taken");
  }
  if (!request.body.empty() && !IsJson(request.head.Header("content-type"))) {
    return errors::UnsupportedMediaType("the body must be `Content-Type: application/json`");
  }
  return absl::OkStatus();
}

absl::Status ReadBody(const Route& route, const HttpRequest& request, const Limits& limits,
                      Message& message) {
  RETURN_IF_ERROR(CheckMediaType(request));
  if (!route.body_is_request && route.body_field == nullptr) {
    return request.body.empty() ? absl::OkStatus() : errors::BodyNotAllowed();
  }
  if (request.body.empty()) return absl::OkStatus();
  if (route.body_is_request) return json::ReadJson(request.body, limits.json, "", message);
  return json::ReadJson(request.body, limits.json, route.body_field->name(),
                        *message.GetReflection()->MutableMessage(&message, route.body_field));
}

absl::Status BindPath(const Router::Match& match, Message& message) {
  const Route& route = *match.route;
  for (size_t i = 0; i < route.variables.size(); ++i) {
    Message* holder = &message;
    const auto& fields = route.variables[i];
    for (size_t f = 0; f + 1 < fields.size(); ++f) {
      holder = holder->GetReflection()->MutableMessage(holder, fields[f]);
    }
    const std::string given = holder->GetReflection()->GetString(*holder, fields.back());
    if (!given.empty() && given != match.values[i]) {
      return errors::PathMismatch(route.path_template.variables[i].field_path);
    }
    holder->GetReflection()->SetString(holder, fields.back(), match.values[i]);
  }
  return absl::OkStatus();
}

absl::Status BindQuery(const Route& route, const Target& target, Message& message) {
  std::set<std::string> given;
  for (const auto& variable : route.path_template.variables) given.insert(variable.field_path);
  for (const auto& [key, value] : target.query) {
    Message* holder = &message;
    const FieldDescriptor* field = nullptr;
    std::string path;
    for (absl::string_view part : absl::StrSplit(key, '.')) {
      if (field != nullptr) {  // a step into a message
        if (field->is_repeated() || field->message_type() == nullptr ||
            json::TextTypeOf(*field->message_type()) != json::TextType::kNone) {
          return json::errors::UnknownField(key, message.GetDescriptor()->full_name());
        }
        holder = holder->GetReflection()->MutableMessage(holder, field);
      }
      const Descriptor& type = *holder->GetDescriptor();
      const std::string name(part);
      field = type.FindFieldByName(name);
      if (field == nullptr) field = type.FindFieldByCamelcaseName(name);
      if (field == nullptr || route.body_is_request ||
          (path.empty() && field == route.body_field)) {
        return json::errors::UnknownField(key, type.full_name());
      }
      absl::StrAppend(&path, path.empty() ? "" : ".", field->name());
    }
    if (!field->is_repeated() && !given.insert(path).second) {
      return json::errors::DuplicateField(path);
    }
    RETURN_IF_ERROR(json::SetFieldFromText(*holder, *field, value, path));
  }
  return absl::OkStatus();
}

// `Idempotency-Key` is the request's `request_id`, for methods that have one.
absl::Status BindIdempotencyKey(const HttpRequest& request, Message& message) {
  const absl::string_view key = request.head.Header("idempotency-key");
  if (key.empty()) return absl::OkStatus();
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING || field->is_repeated()) {
    return absl::OkStatus();
  }
  const std::string given = message.GetReflection()->GetString(message, field);
  if (!given.empty() && given != key) return errors::RequestIdMismatch();
  message.GetReflection()->SetString(&message, field, std::string(key));
  return absl::OkStatus();
}

}  // namespace

absl::Status BuildRequest(const Router::Match& match, const Target& target,
                          const HttpRequest& request, const Limits& limits, Message& message) {
  RETURN_IF_ERROR(ReadBody(*match.route, request, limits, message));
  RETURN_IF_ERROR(BindPath(match, message));
  RETURN_IF_ERROR(BindQuery(*match.route, target, message));
  return BindIdempotencyKey(request, message);
}

bool HasReadMask(const Message& request) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("read_mask");
  if (field == nullptr || field->message_type() != google::protobuf::FieldMask::descriptor() ||
      field->is_repeated()) {
    return false;
  }
  const Message& mask = request.GetReflection()->GetMessage(request, field);
  return static_cast<const google::protobuf::FieldMask&>(mask).paths_size() > 0;
}

}  // namespace nscl::gateway
