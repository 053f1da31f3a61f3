// Server reflection: which services there are and their descriptors, so that clients such as
// `buf curl` and grpcurl need no protos. Both versions of the protocol, which say the same.
//
// gRPC's own plugin knows only services that are registered by name; what the gateway passes
// through is not.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>
#include <string>
#include <vector>

namespace nscl::rpc {

class Reflection {
 public:
  // `services`: full names, as a client's list shows them; health and reflection itself are added.
  // Descriptors are those linked into the program.
  explicit Reflection(std::vector<std::string> services);
  ~Reflection();

  // To be registered with a server that ends before this does.
  std::vector<grpc::Service*> grpc_services() const;

 private:
  std::vector<std::unique_ptr<grpc::Service>> services_;
};

}  // namespace nscl::rpc
