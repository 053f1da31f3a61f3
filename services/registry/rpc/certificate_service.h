// nscl.registry.v1.CertificateService.
#pragma once

#include "nscl/registry/v1/certificate_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class CertificateHandlers final : public v1::CertificateService::CallbackService {
 public:
  explicit CertificateHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetCertificate(grpc::CallbackServerContext* context,
                                           const v1::GetCertificateRequest* request,
                                           v1::Certificate* response) override;
  grpc::ServerUnaryReactor* ListCertificates(grpc::CallbackServerContext* context,
                                             const v1::ListCertificatesRequest* request,
                                             v1::ListCertificatesResponse* response) override;
  grpc::ServerUnaryReactor* CreateCertificate(grpc::CallbackServerContext* context,
                                              const v1::CreateCertificateRequest* request,
                                              v1::Certificate* response) override;
  grpc::ServerUnaryReactor* UpdateCertificate(grpc::CallbackServerContext* context,
                                              const v1::UpdateCertificateRequest* request,
                                              v1::Certificate* response) override;

 private:
  const StandardMethods<v1::Certificate> methods_;
};

}  // namespace nscl::registry
