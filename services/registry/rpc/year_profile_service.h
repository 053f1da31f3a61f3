// nscl.registry.v1.YearProfileService.
#pragma once

#include "nscl/registry/v1/year_profile_service.grpc.pb.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

class YearProfileHandlers final : public v1::YearProfileService::CallbackService {
 public:
  explicit YearProfileHandlers(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetYearProfile(grpc::CallbackServerContext* context,
                                           const v1::GetYearProfileRequest* request,
                                           v1::YearProfile* response) override;
  grpc::ServerUnaryReactor* ListYearProfiles(grpc::CallbackServerContext* context,
                                             const v1::ListYearProfilesRequest* request,
                                             v1::ListYearProfilesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateYearProfile(grpc::CallbackServerContext* context,
                                              const v1::UpdateYearProfileRequest* request,
                                              v1::YearProfile* response) override;

 private:
  absl::StatusOr<v1::ListYearProfilesResponse> List(const auth::Call& call,
                                                    const v1::ListYearProfilesRequest& request);
  absl::StatusOr<v1::YearProfile> Apply(store::Txn& txn,
                                        const v1::UpdateYearProfileRequest& request,
                                        absl::CivilDay today) const;

  const Parts parts_;
};

}  // namespace nscl::registry
