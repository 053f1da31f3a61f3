// nscl.registry.v1.ConformityNoticeService.
#pragma once

#include "nscl/registry/v1/conformity_notice_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class ConformityNoticeHandlers final : public v1::ConformityNoticeService::CallbackService {
 public:
  explicit ConformityNoticeHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetConformityNotice(grpc::CallbackServerContext* context,
                                                const v1::GetConformityNoticeRequest* request,
                                                v1::ConformityNotice* response) override;
  grpc::ServerUnaryReactor* ListConformityNotices(
      grpc::CallbackServerContext* context, const v1::ListConformityNoticesRequest* request,
      v1::ListConformityNoticesResponse* response) override;
  grpc::ServerUnaryReactor* CreateConformityNotice(grpc::CallbackServerContext* context,
                                                   const v1::CreateConformityNoticeRequest* request,
                                                   v1::ConformityNotice* response) override;
  grpc::ServerUnaryReactor* UpdateConformityNotice(grpc::CallbackServerContext* context,
                                                   const v1::UpdateConformityNoticeRequest* request,
                                                   v1::ConformityNotice* response) override;

 private:
  const StandardMethods<v1::ConformityNotice> methods_;
};

}  // namespace nscl::registry
