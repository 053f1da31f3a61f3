#include "services/gateway/router.h"

#include <google/protobuf/descriptor_database.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/json/json_reader.h"
#include "common/status/status_macros.h"
#include "google/api/annotations.pb.h"

namespace nscl::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

absl::Status BadRule(const MethodDescriptor& method, absl::string_view what) {
  return absl::FailedPreconditionError(
      absl::StrCat("http rule of ", method.full_name(), ": ", what));
}

// The HTTP method and the template of a rule.
bool Pattern(const google::api::HttpRule& rule, std::string* http_method, std::string* path) {
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      *http_method = "GET";
      *path = rule.get();
      return true;
    case google::api::HttpRule::kPost:
      *http_method = "POST";
      *path = rule.post();
      return true;
    case google::api::HttpRule::kPatch:
      *http_method = "PATCH";
      *path = rule.patch();
      return true;
    case google::api::HttpRule::kDelete:
      *http_method = "DELETE";
      *path = rule.delete_();
      return true;
    default:
      return false;
  }
}

// Resolves "enterprise.name" to its fields; empty where it is not a plain string field.
std::vector<const FieldDescriptor*> Resolve(const Descriptor& request, absl::string_view path) {
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* type = &request;
  for (absl::string_view part : absl::StrSplit(path, '.')) {
    const FieldDescriptor* field =
        type == nullptr ? nullptr : type->FindFieldByName(std::string(part));
    if (field == nullptr || field->is_repeated()) return {};
    fields.push_back(field);
    type = field->message_type();
  }
  if (fields.back()->type() != FieldDescriptor::TYPE_STRING) return {};
  return fields;
}

}  // namespace

std::vector<const ServiceDescriptor*> LinkedServices(const std::vector<std::string>& services) {
  // The generated pool builds a file when it is asked for it; the database knows them all.
  std::vector<std::string> names;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  std::sort(names.begin(), names.end());
  std::vector<const ServiceDescriptor*> found;
  for (const std::string& name : names) {
    const bool ours =
        std::any_of(services.begin(), services.end(), [&](const std::string& service) {
          return absl::string_view(name).substr(0, service.size() + 6) ==
                 absl::StrCat("nscl/", service, "/");
        });
    if (!ours) continue;
    const FileDescriptor* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) continue;
    for (int i = 0; i < file->service_count(); ++i) found.push_back(file->service(i));
  }
  return found;
}

absl::StatusOr<std::unique_ptr<Router>> Router::Compile(
    const std::vector<const ServiceDescriptor*>& services) {
  auto router = std::make_unique<Router>();
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      RETURN_IF_ERROR(router->Add(*service->method(i)));
    }
  }
  return router;
}

absl::Status Router::Add(const MethodDescriptor& method) {
  if (method.client_streaming()) return absl::OkStatus();  // has no JSON form; gRPC only
  if (!method.options().HasExtension(google::api::http)) return BadRule(method, "there is none");
  std::string problem;
  for (const Descriptor* type : {method.input_type(), method.output_type()}) {
    if (!json::IsSupported(*type, &problem)) {
      return BadRule(method, absl::StrCat("a message without a strict JSON form: ", problem));
    }
  }
  const google::api::HttpRule& main = method.options().GetExtension(google::api::http);
  std::vector<const google::api::HttpRule*> rules = {&main};
  for (const auto& more : main.additional_bindings()) rules.push_back(&more);
  for (const google::api::HttpRule* rule : rules) {
    auto route = std::make_unique<Route>();
    if (!Pattern(*rule, &route->http_method, &route->path)) {
      return BadRule(method, "needs get, post, patch or delete");
    }
    ASSIGN_OR_RETURN(route->path_template, ParsePathTemplate(route->path));
    route->method = &method;
    for (const auto& variable : route->path_template.variables) {
      auto fields = Resolve(*method.input_type(), variable.field_path);
      if (fields.empty()) {
        return BadRule(method, absl::StrCat("\"", variable.field_path, "\" is no string field"));
      }
      route->variables.push_back(std::move(fields));
    }
    const bool may_have_body = route->http_method == "POST" || route->http_method == "PATCH";
    if (!rule->body().empty() && !may_have_body) return BadRule(method, "a body on GET or DELETE");
    if (rule->body() == "*") {
      route->body_is_request = true;
    } else if (!rule->body().empty()) {
      route->body_field = method.input_type()->FindFieldByName(rule->body());
      if (route->body_field == nullptr || route->body_field->is_repeated() ||
          route->body_field->message_type() == nullptr) {
        return BadRule(method, "the body must be \"*\" or a message field");
      }
    }
    auto* factory = MessageFactory::generated_factory();
    route->request_prototype = factory->GetPrototype(method.input_type());
    route->response_prototype = factory->GetPrototype(method.output_type());
    route->grpc_method = absl::StrCat("/", method.service()->full_name(), "/", method.name());
    const std::vector<std::string> package = absl::StrSplit(method.file()->package(), '.');
    route->service = package.size() > 1 ? package[1] : "";

    for (const auto& other : routes_) {
      if (other->http_method == route->http_method &&
          Overlap(other->path_template, route->path_template)) {
        return BadRule(method,
                       absl::StrCat(route->http_method, " ", route->path, " cannot be told from ",
                                    other->path, " of ", other->method->full_name()));
      }
    }
    Node* node = &root_;
    bool rest = false;
    for (const auto& segment : route->path_template.segments) {
      if (segment.kind == PathTemplate::Segment::kRest) {
        rest = true;
        break;
      }
      auto& child =
          segment.kind == PathTemplate::Segment::kOne ? node->one : node->literals[segment.literal];
      if (child == nullptr) child = std::make_unique<Node>();
      node = child.get();
    }
    (rest ? node->rest : node->here).push_back(route.get());
    routes_.push_back(std::move(route));
  }
  return absl::OkStatus();
}

void Router::Collect(const Node& node, const Target& target, size_t depth,
                     std::vector<const Route*>* found) {
  if (depth == target.segments.size()) {
    for (const Route* route : node.here) {
      if (route->path_template.verb == target.verb) found->push_back(route);
    }
    return;
  }
  for (const Route* route : node.rest) {
    if (route->path_template.verb == target.verb) found->push_back(route);
  }
  if (const auto literal = node.literals.find(target.segments[depth]);
      literal != node.literals.end()) {
    Collect(*literal->second, target, depth + 1, found);
  }
  if (node.one != nullptr) Collect(*node.one, target, depth + 1, found);
}

Router::Match Router::Find(absl::string_view http_method, const Target& target) const {
  std::vector<const Route*> found;
  Collect(root_, target, 0, &found);
  Match match;
  std::vector<std::string> allowed;
  for (const Route* route : found) {
    if (route->http_method == http_method) match.route = route;
    allowed.push_back(route->http_method);
  }
  if (match.route == nullptr) {
    std::sort(allowed.begin(), allowed.end());
    allowed.erase(std::unique(allowed.begin(), allowed.end()), allowed.end());
    match.allowed = absl::StrJoin(allowed, ", ");
    return match;
  }
  for (const auto& variable : match.route->path_template.variables) {
    const bool rest =
        match.route->path_template.segments[variable.end - 1].kind == PathTemplate::Segment::kRest;
    const auto begin = target.segments.begin() + static_cast<std::ptrdiff_t>(variable.begin);
    const auto end = rest ? target.segments.end()
                          : target.segments.begin() + static_cast<std::ptrdiff_t>(variable.end);
    match.values.push_back(absl::StrJoin(begin, end, "/"));
  }
  return match;
}

}  // namespace nscl::gateway
