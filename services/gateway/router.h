// The routes: compiled once at start from the google.api.http options of the linked services.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/gateway/path_template.h"

namespace nscl::gateway {

// A binding of an RPC to an HTTP method and path.
struct Route {
  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string http_method;  // "GET"
  std::string path;         // the template's text
  PathTemplate path_template;
  // Fields that each variable of the template sets, outermost first.
  std::vector<std::vector<const google::protobuf::FieldDescriptor*>> variables;
  // "*": the whole request is the body.
  bool body_is_request = false;
  // Or the message field that is the body; null where there is no body.
  const google::protobuf::FieldDescriptor* body_field = nullptr;

  const google::protobuf::Message* request_prototype = nullptr;
  const google::protobuf::Message* response_prototype = nullptr;
  std::string grpc_method;  // "/nscl.registry.v1.EnterpriseService/GetEnterprise"
  std::string service;      // "registry": the backend

  bool streams() const { return method->server_streaming(); }
};

// Every gRPC service "nscl.<service>.vN.*" among the linked descriptors whose <service> is in
// `services`.
std::vector<const google::protobuf::ServiceDescriptor*> LinkedServices(
    const std::vector<std::string>& services);

class Router {
 public:
  // Compiles the routes of these services. Refused: a method without an http rule, a template or a
  // body that does not fit the request, two rules that one path could fit.
  static absl::StatusOr<std::unique_ptr<Router>> Compile(
      const std::vector<const google::protobuf::ServiceDescriptor*>& services);

  // What a path leads to.
  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> values;  // of the template's variables
    std::string allowed;              // "GET, POST" where only the HTTP method is wrong
  };
  // Finds the route of a target.
  Match Find(absl::string_view http_method, const Target& target) const;

  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

 private:
  // A tree over the segments; a literal child goes before the wildcard, and overlaps were refused.
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::unique_ptr<Node> one;
    std::vector<const Route*> here;  // routes that end here, of all verbs and HTTP methods
    std::vector<const Route*> rest;  // routes that end here in "**"
  };

  absl::Status Add(const google::protobuf::MethodDescriptor& method);
  static void Collect(const Node& node, const Target& target, size_t depth,
                      std::vector<const Route*>* found);

  std::vector<std::unique_ptr<Route>> routes_;
  Node root_;
};

}  // namespace nscl::gateway
