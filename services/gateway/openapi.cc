#include "services/gateway/openapi.h"

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "common/json/field_text.h"
#include "google/api/field_behavior.pb.h"
#include "services/gateway/comments.h"

namespace nscl::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using json::TextType;
using Json = nlohmann::ordered_json;

// How deep query parameters reach into messages ("plan.document.number").
constexpr int kQueryDepth = 2;

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

// "supportCases" -> "supportCase", "sizeClasses" -> "sizeClass".
std::string Singular(absl::string_view plural) {
  if (absl::ConsumeSuffix(&plural, "ies")) return absl::StrCat(plural, "y");
  if (absl::EndsWith(plural, "sses")) {
    plural.remove_suffix(2);
  } else {
    absl::ConsumeSuffix(&plural, "s");
  }
  return std::string(plural);
}

Json Described(Json schema, const std::string& comment) {
  if (!comment.empty()) schema["description"] = comment;
  return schema;
}

// Makes the document; collects the schemas that the paths name.
class Document {
 public:
  explicit Document(const Router& router) : router_(router) {}

  std::string Make() {
    Json paths = Json::object();
    Json tags = Json::array();
    std::set<std::string> tagged;
    for (const auto& route : router_.routes()) {
      AddRoute(*route, paths);
      if (tagged.insert(Tag(*route)).second) {
        tags.push_back({{"name", Tag(*route)},
                        {"description", CommentOf(route->method->service()->full_name())}});
      }
    }
    Json document;
    document["openapi"] = "3.1.0";
    document["info"] = {
        {"title", "NSCL"},
        {"version", "v1"},
        {"description",
         "Runs a province's part of National Programme 1322 (năng suất chất lượng). Amounts are "
         "whole "
         "đồng, written as strings. Every change carries a `request_id` (or the header "
         "`Idempotency-Key`), a UUID: repeating it gets the same answer. Refusals have the form of "
         "the "
         "schema Error: a stable reason, its variable parts, and a message in English and in "
         "Vietnamese."},
        {"license", {{"name", "Proprietary"}, {"identifier", "LicenseRef-NSCL"}}}};
    document["servers"] = Json::array({{{"url", "/"}, {"description", "This gateway."}}});
    document["security"] = Json::array({{{"bearer", Json::array()}}});
    document["tags"] = std::move(tags);
    document["paths"] = std::move(paths);
    document["components"] = {
        {"securitySchemes",
         {{"bearer",
           {{"type", "http"},
            {"scheme", "bearer"},
            {"bearerFormat", "JWT"},
            {"description", "A token of an issuer that the installation trusts."}}}}},
        {"responses", {{"Error", ErrorResponse()}}},
        {"schemas", Schemas()}};
    return document.dump(1);
  }

 private:
  static std::string Tag(const Route& route) {
    return absl::StrCat(route.service, ".", route.method->service()->name());
  }

  // "/v1/provinces/{province}/plans/{plan}:submit" with its parameters.
  static std::string Path(const Route& route, Json& parameters) {
    std::string path;
    absl::string_view before = "id";
    std::set<std::string> names;
    for (const auto& segment : route.path_template.segments) {
      if (segment.kind == PathTemplate::Segment::kLiteral) {
        absl::StrAppend(&path, "/", segment.literal);
        before = segment.literal;
        continue;
      }
      std::string name = Singular(before);
      while (!names.insert(name).second) name += "_";
      absl::StrAppend(&path, "/{", name, "}");
      Json parameter = {
          {"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}};
      if (name == "province") {
        parameter["description"] =
            "Two-digit code of the province; `-` in lists reads across all provinces in scope.";
        parameter["example"] = "48";
      } else {
        parameter["description"] = absl::StrCat("Id of the ", name, ".");
      }
      parameters.push_back(std::move(parameter));
    }
    if (!route.path_template.verb.empty()) absl::StrAppend(&path, ":", route.path_template.verb);
    return path;
  }

  void AddRoute(const Route& route, Json& paths) {
    const MethodDescriptor& method = *route.method;
    Json parameters = Json::array();
    const std::string path = Path(route, parameters);
    std::set<std::string> bound;
    for (const auto& variable : route.path_template.variables) bound.insert(variable.field_path);
    if (route.body_field != nullptr) bound.insert(route.body_field->name());
    if (!route.body_is_request)
      AddQuery(*method.input_type(), "", "", bound, kQueryDepth, parameters);
    if (method.input_type()->FindFieldByName("request_id") != nullptr) {
      parameters.push_back({{"name", "Idempotency-Key"},
                            {"in", "header"},
                            {"description",
                             "The `request_id` of the command, a UUID; needed here or "
                             "there."},
                            {"schema", {{"type", "string"}, {"format", "uuid"}}},
                            {"example", "7f1f2e0a-3f0b-4b53-9d7e-2f1c5d3f8a11"}});
    }
    const std::string comment = CommentOf(method.full_name());
    Json operation = {{"operationId", absl::StrCat(route.service, "_", method.service()->name(),
                                                   "_", method.name())},
                      {"summary", Summary(comment, method.name())},
                      {"description", comment},
                      {"tags", Json::array({Tag(route)})}};
    if (!parameters.empty()) operation["parameters"] = std::move(parameters);
    if (route.body_is_request) {
      operation["requestBody"] = Body(RequestSchema(*method.input_type(), bound), true);
    } else if (route.body_field != nullptr) {
      operation["requestBody"] = Body(Ref(*route.body_field->message_type()),
                                      Behaves(*route.body_field, google::api::REQUIRED));
    }
    Json content = {{"schema", Ref(*method.output_type())}};
    Json answer = {{"description", "The answer."}};
    if (route.streams()) {
      answer["description"] =
          "A stream: a JSON object a line, or server-sent events for `Accept: text/event-stream`.";
      answer["content"] = {{"application/x-ndjson", content}, {"text/event-stream", content}};
    } else {
      answer["content"] = {{"application/json", content}};
    }
    operation["responses"] = {{"200", std::move(answer)},
                              {"4XX", {{"$ref", "#/components/responses/Error"}}},
                              {"5XX", {{"$ref", "#/components/responses/Error"}}}};
    paths[path][absl::AsciiStrToLower(route.http_method)] = std::move(operation);
  }

  static std::string Summary(const std::string& comment, const std::string& name) {
    const size_t end = comment.find(". ");
    std::string first = comment.substr(0, end);
    if (!first.empty() && first.back() == '.') first.pop_back();
    return first.empty() || first.size() > 160 ? name : first;
  }

  static Json Body(Json schema, bool required) {
    return {{"required", required},
            {"content", {{"application/json", {{"schema", std::move(schema)}}}}}};
  }

  void AddQuery(const Descriptor& type, const std::string& json_prefix, const std::string& prefix,
                const std::set<std::string>& bound, int depth, Json& parameters) {
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      const std::string path = prefix + field.name();
      if (bound.contains(path) || field.is_map()) continue;
      const bool message = field.message_type() != nullptr &&
                           json::TextTypeOf(*field.message_type()) == TextType::kNone;
      if (message) {
        if (depth > 0 && !field.is_repeated()) {
          AddQuery(*field.message_type(), absl::StrCat(json_prefix, field.json_name(), "."),
                   path + ".", bound, depth - 1, parameters);
        }
        continue;
      }
      Json parameter = {{"name", json_prefix + field.json_name()}, {"in", "query"}};
      if (const std::string comment = CommentOf(field.full_name()); !comment.empty()) {
        parameter["description"] = comment;
      }
      if (Behaves(field, google::api::REQUIRED) && field.name() != "request_id") {
        parameter["required"] = true;
      }
      parameter["schema"] = FieldSchema(field);
      parameters.push_back(std::move(parameter));
    }
  }

  Json Ref(const Descriptor& type) {
    if (named_.insert(type.full_name()).second) open_.push_back(&type);
    return {{"$ref", absl::StrCat("#/components/schemas/", type.full_name())}};
  }

  Json Ref(const EnumDescriptor& type) {
    if (named_.insert(type.full_name()).second) open_enums_.push_back(&type);
    return {{"$ref", absl::StrCat("#/components/schemas/", type.full_name())}};
  }

  Json ValueSchema(const FieldDescriptor& field) {
    switch (field.type()) {
      case FieldDescriptor::TYPE_BOOL:
        return {{"type", "boolean"}};
      case FieldDescriptor::TYPE_STRING:
        return {{"type", "string"}};
      case FieldDescriptor::TYPE_BYTES:
        return {{"type", "string"}, {"contentEncoding", "base64"}};
      case FieldDescriptor::TYPE_ENUM:
        return Ref(*field.enum_type());
      case FieldDescriptor::TYPE_DOUBLE:
      case FieldDescriptor::TYPE_FLOAT:
        return {{"type", "number"}};
      case FieldDescriptor::TYPE_MESSAGE:
      case FieldDescriptor::TYPE_GROUP:
        switch (json::TextTypeOf(*field.message_type())) {
          case TextType::kTimestamp:
            return {{"type", "string"}, {"format", "date-time"}};
          case TextType::kDuration:
            return {{"type", "string"}, {"pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$"}};
          case TextType::kFieldMask:
            return {{"type", "string"}, {"examples", Json::array({"name,state"})}};
          case TextType::kNone:
            return Ref(*field.message_type());
        }
        break;
      default:
        break;
    }
    const bool wide = field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 ||
                      field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
    if (wide) return {{"type", "string"}, {"format", "int64"}, {"pattern", "^-?[0-9]{1,19}$"}};
    return {{"type", "integer"}, {"format", "int32"}};
  }

  Json FieldSchema(const FieldDescriptor& field) {
    if (field.is_map()) {
      return {{"type", "object"},
              {"additionalProperties", ValueSchema(*field.message_type()->map_value())}};
    }
    if (field.is_repeated()) return {{"type", "array"}, {"items", ValueSchema(field)}};
    return ValueSchema(field);
  }

  Json Property(const FieldDescriptor& field) {
    Json schema = Described(FieldSchema(field), CommentOf(field.full_name()));
    if (Behaves(field, google::api::OUTPUT_ONLY)) schema["readOnly"] = true;
    if (Behaves(field, google::api::INPUT_ONLY)) schema["writeOnly"] = true;
    return schema;
  }

  // An object of the fields that are not in `bound`. `request_id` may come as a header instead.
  Json RequestSchema(const Descriptor& type, const std::set<std::string>& bound) {
    Json schema = {{"type", "object"}};
    Json required = Json::array();
    Json properties = Json::object();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (bound.contains(field.name())) continue;
      properties[field.json_name()] = Property(field);
      if (Behaves(field, google::api::REQUIRED) && field.name() != "request_id") {
        required.push_back(field.json_name());
      }
    }
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    schema["additionalProperties"] = false;
    return schema;
  }

  Json EnumSchema(const EnumDescriptor& type) {
    Json values = Json::array();
    std::string comment = CommentOf(type.full_name());
    for (int i = 0; i < type.value_count(); ++i) {
      const std::string& name = type.value(i)->name();
      values.push_back(name);
      const std::string value = CommentOf(absl::StrCat(type.full_name(), ".", name));
      if (!value.empty()) absl::StrAppend(&comment, "\n- `", name, "`: ", value);
    }
    return Described({{"type", "string"}, {"enum", std::move(values)}}, comment);
  }

  Json Schemas() {
    Json schemas = Json::object();
    while (!open_.empty() || !open_enums_.empty()) {
      if (!open_enums_.empty()) {
        const EnumDescriptor& type = *open_enums_.back();
        open_enums_.pop_back();
        schemas[type.full_name()] = EnumSchema(type);
        continue;
      }
      const Descriptor& type = *open_.back();
      open_.pop_back();
      schemas[type.full_name()] = Described(RequestSchema(type, {}), CommentOf(type.full_name()));
    }
    schemas["Error"] = ErrorSchema();
    return schemas;
  }

  static Json ErrorSchema() {
    return {
        {"type", "object"},
        {"description", "A refusal (AIP-193)."},
        {"required", {"error"}},
        {"properties",
         {{"error",
           {{"type", "object"},
            {"required", {"code", "message", "status", "details"}},
            {"properties",
             {{"code", {{"type", "integer"}, {"description", "The HTTP code."}}},
              {"message", {{"type", "string"}, {"description", "For developers, English."}}},
              {"status",
               {{"type", "string"}, {"description", "The gRPC code, such as INVALID_ARGUMENT."}}},
              {"details",
               {{"type", "array"},
                {"description",
                 "google.rpc.ErrorInfo always (stable `reason`, `metadata` with every variable "
                 "part); "
                 "BadRequest with all bad fields; PreconditionFailure; LocalizedMessage in vi-VN; "
                 "RetryInfo."},
                {"items",
                 {{"type", "object"},
                  {"required", {"@type"}},
                  {"properties", {{"@type", {{"type", "string"}}}}}}}}}}}}}}}};
  }

  static Json ErrorResponse() {
    const Json example = {
        {"error",
         {{"code", 400},
          {"message",
           "`enterprise.legal_kind`: \"nope\" is not a value of "
           "nscl.registry.v1.Enterprise.LegalKind"},
          {"status", "INVALID_ARGUMENT"},
          {"details",
           Json::array(
               {{{"@type", "type.googleapis.com/google.rpc.ErrorInfo"},
                 {"reason", "INVALID_ENUM"},
                 {"domain", "nscl.vn"},
                 {"metadata", {{"field", "enterprise.legal_kind"}, {"value", "nope"}}}},
                {{"@type", "type.googleapis.com/google.rpc.BadRequest"},
                 {"fieldViolations",
                  Json::array({{{"field", "enterprise.legal_kind"},
                                {"description",
                                 "is not a value of nscl.registry.v1.Enterprise.LegalKind"}}})}},
                {{"@type", "type.googleapis.com/google.rpc.LocalizedMessage"},
                 {"locale", "vi-VN"},
                 {"message",
                  "`enterprise.legal_kind`: giá trị \"nope\" không có trong danh mục"}}})}}}};
    return {{"description", "Refused: the reason, its variable parts, what to do."},
            {"content",
             {{"application/json",
               {{"schema", {{"$ref", "#/components/schemas/Error"}}}, {"example", example}}}}}};
  }

  const Router& router_;
  std::set<std::string> named_;
  std::vector<const Descriptor*> open_;
  std::vector<const EnumDescriptor*> open_enums_;
};

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}});
}

}  // namespace

std::string OpenApi(const Router& router) { return Document(router).Make(); }

std::string IndexPage(const Router& router) {
  std::string rows;
  std::string service;
  for (const auto& route : router.routes()) {
    const std::string name = absl::StrCat(route->service, " · ", route->method->service()->name());
    if (name != service) {
      absl::StrAppend(&rows, "<tr><th colspan=3>", Escape(name), "</th></tr>\n");
      service = name;
    }
    const std::string comment = CommentOf(route->method->full_name());
    absl::StrAppend(&rows, "<tr><td>", route->http_method, "</td><td><code>", Escape(route->path),
                    "</code></td><td>", Escape(comment.substr(0, comment.find(". Refused"))),
                    "</td></tr>\n");
  }
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>NSCL</title>\n"
      "<style>body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
      "td,th{text-align:left;padding:.2rem .6rem;vertical-align:top}code,pre{font-size:.9em}"
      "pre{background:#f4f4f4;padding:1rem;overflow:auto}</style></head><body>\n"
      "<h1>NSCL</h1>\n"
      "<p>National Programme 1322 in a province: enterprises, support cases, plans and money, "
      "reports. JSON over HTTP here; the same methods over gRPC. The full description, for tools "
      "and "
      "people: <a href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1).</p>\n"
      "<pre>TOKEN=$(nsclctl token --data DATA_FOLDER --subject you --role ROLE --province 48)\n"
      "curl -H \"Authorization: Bearer $TOKEN\" "
      "http://HOST:PORT/v1/provinces/48/enterprises</pre>\n"
      "<table>\n",
      rows, "</table></body></html>\n");
}

}  // namespace nscl::gateway
