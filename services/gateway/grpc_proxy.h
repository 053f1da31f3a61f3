// gRPC calls passed through to the services as bytes: unary and server-streaming, with the caller's
// metadata, deadline and cancellation one way, messages, trailing metadata, status and details the
// other.
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include "services/gateway/admission.h"
#include "services/gateway/backends.h"

namespace nscl::gateway {

class GrpcProxy : public grpc::CallbackGenericService {
 public:
  GrpcProxy(Backends& backends, Admission& calls, Admission& streams)
      : backends_(backends), calls_(calls), streams_(streams) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  Backends& backends_;
  Admission& calls_;
  Admission& streams_;
};

// "registry" of "/nscl.registry.v1.EnterpriseService/GetEnterprise"; empty for other names.
std::string ServiceOfMethod(absl::string_view method);

}  // namespace nscl::gateway
