#include "tests/proto/conventions.h"

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "nscl/annotation/v1/annotation.pb.h"

namespace nscl::conventions {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

bool StartsWith(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool HasBehavior(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool IsString(const FieldDescriptor* field) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated();
}

bool IsMessage(const FieldDescriptor* field, const std::string& full_name) {
  return field != nullptr && field->type() == FieldDescriptor::TYPE_MESSAGE &&
         field->message_type()->full_name() == full_name;
}

// The field at the end of "enterprise.name", or null.
const FieldDescriptor* FieldAt(const Descriptor& message, const std::string& path) {
  const auto dot = path.find('.');
  const FieldDescriptor* field = message.FindFieldByName(path.substr(0, dot));
  if (dot == std::string::npos || field == nullptr) return field;
  if (field->message_type() == nullptr || field->is_repeated()) return nullptr;
  return FieldAt(*field->message_type(), path.substr(dot + 1));
}

struct Route {
  std::string verb;
  std::string path;
};

Route RouteOf(const google::api::HttpRule& rule) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      return {"GET", rule.get()};
    case google::api::HttpRule::kPost:
      return {"POST", rule.post()};
    case google::api::HttpRule::kPatch:
      return {"PATCH", rule.patch()};
    case google::api::HttpRule::kPut:
      return {"PUT", rule.put()};
    case google::api::HttpRule::kDelete:
      return {"DELETE", rule.delete_()};
    default:
      return {"", ""};
  }
}

class Checker {
 public:
  std::vector<std::string> Check(const FileDescriptor& file) {
    CheckFile(file);
    for (int i = 0; i < file.message_type_count(); ++i) CheckMessage(*file.message_type(i));
    for (int i = 0; i < file.enum_type_count(); ++i) CheckEnum(*file.enum_type(i));
    for (int i = 0; i < file.service_count(); ++i) CheckService(*file.service(i));
    return std::move(faults_);
  }

 private:
  void Fault(const std::string& element, const std::string& what) {
    faults_.push_back(element + ": " + what);
  }

  // "nscl/<service>/v1/<resource>[_service].proto", at most one service, in a file named after it.
  void CheckFile(const FileDescriptor& file) {
    static const std::regex kPath("nscl/([a-z]+)/v1/[a-z_]+[.]proto");
    std::smatch match;
    if (!std::regex_match(file.name(), match, kPath)) {
      Fault(file.name(), "not nscl/<service>/v1/<resource>.proto");
    } else if (file.package() != "nscl." + match[1].str() + ".v1") {
      Fault(file.name(), "package " + file.package() + " does not follow from the path");
    }
    if (file.service_count() > 1) Fault(file.name(), "more than one service");
    if ((file.service_count() == 1) != EndsWith(file.name(), "_service.proto")) {
      Fault(file.name(), "a service, and only a service, stands in <resource>_service.proto");
    }
  }

  void CheckEnum(const EnumDescriptor& e) {
    const std::string zero = e.value(0)->name();
    if (e.value(0)->number() != 0 || !EndsWith(zero, "_UNSPECIFIED")) {
      Fault(e.full_name(), "the first value is not ..._UNSPECIFIED = 0");
      return;
    }
    const std::string prefix = zero.substr(0, zero.size() - std::string("UNSPECIFIED").size());
    for (int i = 0; i < e.value_count(); ++i) {
      if (!StartsWith(e.value(i)->name(), prefix)) {
        Fault(e.full_name(), "value " + e.value(i)->name() + " does not begin with " + prefix);
      }
    }
  }

  void CheckMessage(const Descriptor& message) {
    if (message.options().map_entry()) return;
    for (int i = 0; i < message.field_count(); ++i) CheckField(*message.field(i));
    if (message.options().HasExtension(google::api::resource)) CheckResource(message);
    for (int i = 0; i < message.nested_type_count(); ++i) CheckMessage(*message.nested_type(i));
    for (int i = 0; i < message.enum_type_count(); ++i) CheckEnum(*message.enum_type(i));
  }

  void CheckField(const FieldDescriptor& field) {
    const std::string& name = field.name();
    const bool int64 = field.type() == FieldDescriptor::TYPE_INT64;
    switch (field.type()) {
      case FieldDescriptor::TYPE_DOUBLE:
      case FieldDescriptor::TYPE_FLOAT:
        Fault(field.full_name(),
              "floating point: counts are in tenths or thousandths, money in đồng");
        break;
      case FieldDescriptor::TYPE_INT32:
      case FieldDescriptor::TYPE_INT64:
      case FieldDescriptor::TYPE_BOOL:
      case FieldDescriptor::TYPE_STRING:
      case FieldDescriptor::TYPE_BYTES:
      case FieldDescriptor::TYPE_ENUM:
      case FieldDescriptor::TYPE_MESSAGE:
        break;
      default:
        Fault(field.full_name(),
              std::string("type ") + field.type_name() + " is not one that AIP-141 allows");
    }
    if (EndsWith(name, "_vnd") && !int64) Fault(field.full_name(), "money is int64 đồng");
    if (std::regex_search(name, std::regex("(^|_)(amount|price|cost)$")) && int64) {
      Fault(field.full_name(), "an amount of money ends in _vnd");
    }
    if (EndsWith(name, "_time") && !IsMessage(&field, "google.protobuf.Timestamp")) {
      Fault(field.full_name(), "an instant is a Timestamp (AIP-142)");
    }
    if ((EndsWith(name, "_on") || EndsWith(name, "_date")) &&
        !IsMessage(&field, "google.type.Date")) {
      Fault(field.full_name(), "a legal date is a google.type.Date");
    }
    if (EndsWith(name, "_mask") && !IsMessage(&field, "google.protobuf.FieldMask")) {
      Fault(field.full_name(), "a mask is a FieldMask (AIP-161)");
    }
    if (field.options().GetExtension(annotation::v1::pii) &&
        (!IsString(&field) ||
         !field.containing_type()->options().HasExtension(google::api::resource))) {
      Fault(field.full_name(),
            "personal data are single strings at the top of a resource: only there are they kept");
    }
    static const std::set<std::string> kUntyped = {"google.protobuf.Any", "google.protobuf.Struct",
                                                   "google.protobuf.Value",
                                                   "google.protobuf.ListValue"};
    if (field.message_type() != nullptr && kUntyped.count(field.message_type()->full_name())) {
      Fault(field.full_name(), field.message_type()->full_name() +
                                   " has no shape to check, and its JSON is quadratic to parse");
    }
  }

  // AIP-122, 123, 148, 154.
  void CheckResource(const Descriptor& message) {
    const auto& resource = message.options().GetExtension(google::api::resource);
    if (resource.type() != "nscl.vn/" + message.name()) {
      Fault(message.full_name(), "resource type is not nscl.vn/" + message.name());
    }
    static const std::regex kPattern(
        "([a-z][A-Za-z]*/[{][a-z_]+[}])(/[a-z][A-Za-z]*/[{][a-z_]+[}])*");
    if (resource.pattern_size() == 0) Fault(message.full_name(), "resource without a pattern");
    for (const std::string& pattern : resource.pattern()) {
      if (!std::regex_match(pattern, kPattern)) {
        Fault(message.full_name(), "pattern '" + pattern + "' is not collection/{id}/...");
      } else if (pattern.find("/" + resource.plural() + "/{") == std::string::npos &&
                 !StartsWith(pattern, resource.plural() + "/{")) {
        Fault(message.full_name(), "pattern '" + pattern + "' does not hold its plural");
      }
    }
    if (resource.plural().empty() || resource.singular().empty()) {
      Fault(message.full_name(), "resource without singular and plural");
    }
    const FieldDescriptor* name = message.FindFieldByName("name");
    if (!IsString(name) || name->number() != 1 || !HasBehavior(*name, google::api::IDENTIFIER)) {
      Fault(message.full_name(), "a resource begins with 'string name = 1', an IDENTIFIER");
    }
    const FieldDescriptor* etag = message.FindFieldByName("etag");
    const FieldDescriptor* updated = message.FindFieldByName("update_time");
    if ((etag == nullptr) != (updated == nullptr)) {
      Fault(message.full_name(), "etag and update_time go together: what can change has both");
    }
    if (updated != nullptr && message.FindFieldByName("create_time") == nullptr) {
      Fault(message.full_name(), "update_time without create_time");
    }
    for (const char* stamp : {"etag", "create_time", "update_time", "state"}) {
      const FieldDescriptor* field = message.FindFieldByName(stamp);
      if (field != nullptr && !HasBehavior(*field, google::api::OUTPUT_ONLY)) {
        Fault(field->full_name(), "set by the server, so OUTPUT_ONLY");
      }
    }
  }

  void CheckService(const ServiceDescriptor& service) {
    if (!EndsWith(service.name(), "Service")) Fault(service.full_name(), "not named ...Service");
    for (int i = 0; i < service.method_count(); ++i) CheckMethod(*service.method(i));
  }

  void CheckMethod(const MethodDescriptor& method) {
    CheckAccess(method);
    if (!method.options().HasExtension(google::api::http)) {
      Fault(method.full_name(), "no google.api.http");
      return;
    }
    const auto& rule = method.options().GetExtension(google::api::http);
    const Route route = RouteOf(rule);
    CheckRoute(method, rule, route);

    if (StartsWith(method.name(), "Get")) CheckGet(method, route);
    if (StartsWith(method.name(), "List")) CheckList(method, route);
    if (StartsWith(method.name(), "Create")) CheckVerb(method, route, "POST");
    if (StartsWith(method.name(), "Update")) CheckVerb(method, route, "PATCH");
    // The feed pages by position, and the store is cared for by operators: neither is a change to
    // what the system keeps.
    const bool cares_for_store = method.service()->name() == "StoreService";
    if (route.verb != "GET" && !cares_for_store) CheckChange(method);
  }

  void CheckAccess(const MethodDescriptor& method) {
    if (!method.options().HasExtension(annotation::v1::access)) {
      Fault(method.full_name(), "no nscl.annotation.v1.access: nobody could call it");
      return;
    }
    const auto& access = method.options().GetExtension(annotation::v1::access);
    const std::string& package = method.file()->package();  // nscl.<service>.v1
    const std::string service = package.substr(5, package.rfind('.') - 5);
    const std::regex permission(service + "[.][a-z][A-Za-z]*[.][a-z][A-Za-z]*");
    if (!std::regex_match(access.permission(), permission)) {
      Fault(method.full_name(),
            "permission '" + access.permission() + "' is not " + service + ".<collection>.<verb>");
    }
    if (access.any_scope() && !access.scope_field().empty()) {
      Fault(method.full_name(), "any_scope beside a scope_field");
    }
    if (!access.scope_field().empty() &&
        !IsString(FieldAt(*method.input_type(), access.scope_field()))) {
      Fault(method.full_name(),
            "scope_field '" + access.scope_field() + "' is no string of the request");
    }
    // A request that names a province must be checked against the caller's; reference data stand
    // under none.
    const bool names_something = method.input_type()->FindFieldByName("parent") != nullptr ||
                                 method.input_type()->FindFieldByName("name") != nullptr;
    const Route route = RouteOf(method.options().GetExtension(google::api::http));
    const bool reference_data = route.path.find("=codeLists/*") != std::string::npos;
    if (names_something && !reference_data && access.scope_field().empty() && !access.any_scope()) {
      Fault(method.full_name(),
            "the request names something, and no scope_field says what to check");
    }
  }

  void CheckRoute(const MethodDescriptor& method, const google::api::HttpRule& rule,
                  const Route& route) {
    static const std::regex kPath("/v1/[^ ?]*[^ ?/]");
    if (!std::regex_match(route.path, kPath)) {
      Fault(method.full_name(), "path '" + route.path + "' does not begin with /v1/");
    }
    static const std::regex kVariable("[{]([a-z_.]+)(=[^}]*)?[}]");
    for (std::sregex_iterator it(route.path.begin(), route.path.end(), kVariable), end; it != end;
         ++it) {
      if (!IsString(FieldAt(*method.input_type(), (*it)[1].str()))) {
        Fault(method.full_name(),
              "path variable '" + (*it)[1].str() + "' is no string of the request");
      }
    }
    if (route.verb == "GET" && !rule.body().empty()) Fault(method.full_name(), "GET with a body");
    if ((route.verb == "POST" || route.verb == "PATCH") && rule.body().empty()) {
      Fault(method.full_name(), route.verb + " without a body");
    }
    if (!rule.body().empty() && rule.body() != "*" &&
        method.input_type()->FindFieldByName(rule.body()) == nullptr) {
      Fault(method.full_name(), "body '" + rule.body() + "' is no field of the request");
    }
  }

  void CheckVerb(const MethodDescriptor& method, const Route& route, const std::string& verb) {
    if (route.verb != verb) Fault(method.full_name(), "not a " + verb);
  }

  // AIP-131.
  void CheckGet(const MethodDescriptor& method, const Route& route) {
    CheckVerb(method, route, "GET");
    const bool resource = method.output_type()->options().HasExtension(google::api::resource);
    if (resource && !IsString(method.input_type()->FindFieldByName("name"))) {
      Fault(method.full_name(), "Get of a resource without 'string name'");
    }
    if (resource && method.name() != "Get" + method.output_type()->name()) {
      Fault(method.full_name(), "does not answer with what it is named after");
    }
  }

  // AIP-132, 158. The event feed pages by position instead.
  void CheckList(const MethodDescriptor& method, const Route& route) {
    CheckVerb(method, route, "GET");
    const Descriptor& request = *method.input_type();
    const Descriptor& response = *method.output_type();
    const FieldDescriptor* size = request.FindFieldByName("page_size");
    if (size == nullptr || size->type() != FieldDescriptor::TYPE_INT32) {
      Fault(method.full_name(), "no 'int32 page_size'");
    }
    const bool feed = request.FindFieldByName("after_position") != nullptr;
    if (!feed && !IsString(request.FindFieldByName("page_token"))) {
      Fault(method.full_name(), "no 'string page_token'");
    }
    if (!feed && !IsString(response.FindFieldByName("next_page_token"))) {
      Fault(method.full_name(), "no 'string next_page_token' in the answer");
    }
    if (response.field_count() == 0 || !response.field(0)->is_repeated() ||
        response.field(0)->number() != 1) {
      Fault(method.full_name(), "the answer's field 1 is not the page");
    }
  }

  // AIP-155, 163, 154.
  void CheckChange(const MethodDescriptor& method) {
    const Descriptor& request = *method.input_type();
    const FieldDescriptor* id = request.FindFieldByName("request_id");
    if (!IsString(id) || !HasBehavior(*id, google::api::REQUIRED)) {
      Fault(method.full_name(), "a change without a REQUIRED 'string request_id'");
    }
    const FieldDescriptor* validate = request.FindFieldByName("validate_only");
    if (validate == nullptr || validate->type() != FieldDescriptor::TYPE_BOOL) {
      Fault(method.full_name(), "a change without 'bool validate_only'");
    }
    if (method.name() == "Update" + method.output_type()->name() &&
        !IsMessage(request.FindFieldByName("update_mask"), "google.protobuf.FieldMask")) {
      Fault(method.full_name(), "an update without 'update_mask' (AIP-134)");
    }
    // What a change answers with is stored, so it can be read again and its state told apart.
    const Descriptor& answer = *method.output_type();
    if (answer.options().HasExtension(google::api::resource)) {
      for (const char* stamp : {"etag", "create_time", "update_time"}) {
        if (answer.FindFieldByName(stamp) == nullptr) {
          Fault(answer.full_name(),
                std::string("changed by ") + method.name() + " but has no " + stamp);
        }
      }
    }
  }

  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> FaultsOf(const FileDescriptor& file) { return Checker().Check(file); }

std::vector<std::string> SharedRoutes(const std::vector<const FileDescriptor*>& files) {
  static const std::regex kVariable("[{][a-z_.]+=([^}]*)[}]");
  static const std::regex kPlainVariable("[{][a-z_.]+[}]");
  std::map<std::string, std::string> taken;
  std::vector<std::string> faults;
  for (const FileDescriptor* file : files) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const MethodDescriptor& method = *file->service(s)->method(m);
        const Route route = RouteOf(method.options().GetExtension(google::api::http));
        std::string path = std::regex_replace(route.path, kVariable, "$1");
        path = std::regex_replace(path, kPlainVariable, "*");
        const auto [it, fresh] = taken.emplace(route.verb + " " + path, method.full_name());
        if (!fresh) faults.push_back(method.full_name() + ": same route as " + it->second);
      }
    }
  }
  return faults;
}

}  // namespace nscl::conventions
