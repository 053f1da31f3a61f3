// nscl.registry.v1.AdminUnitService, from the catalogue.
#pragma once

#include "nscl/registry/v1/admin_unit_service.grpc.pb.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

class AdminUnitHandlers final : public v1::AdminUnitService::CallbackService {
 public:
  explicit AdminUnitHandlers(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetAdminUnit(grpc::CallbackServerContext* context,
                                         const v1::GetAdminUnitRequest* request,
                                         v1::AdminUnit* response) override;
  grpc::ServerUnaryReactor* ListAdminUnits(grpc::CallbackServerContext* context,
                                           const v1::ListAdminUnitsRequest* request,
                                           v1::ListAdminUnitsResponse* response) override;

 private:
  absl::StatusOr<v1::ListAdminUnitsResponse> List(const auth::Call& call,
                                                  const v1::ListAdminUnitsRequest& request);

  const Parts parts_;
};

}  // namespace nscl::registry
