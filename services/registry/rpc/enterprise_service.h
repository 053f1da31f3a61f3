// nscl.registry.v1.EnterpriseService.
#pragma once

#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

// What a list, and an export, may be filtered by.
inline constexpr absl::string_view kEnterpriseFilterFields[] = {
    "tax_code", "legal_kind",  "operating_status", "sector", "commune_code",
    "head",     "latest_size", "merged_into",      "demo"};

// What is answered as it is stored goes out as bytes.
using EnterpriseServiceBase = v1::EnterpriseService::WithRawCallbackMethod_GetEnterprise<
    v1::EnterpriseService::WithRawCallbackMethod_CreateEnterprise<
        v1::EnterpriseService::CallbackService>>;

class EnterpriseHandlers final : public EnterpriseServiceBase {
 public:
  explicit EnterpriseHandlers(const Parts& parts) : parts_(parts) {}

  grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListEnterprises(grpc::CallbackServerContext* context,
                                            const v1::ListEnterprisesRequest* request,
                                            v1::ListEnterprisesResponse* response) override;
  grpc::ServerUnaryReactor* CreateEnterprise(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateEnterprise(grpc::CallbackServerContext* context,
                                             const v1::UpdateEnterpriseRequest* request,
                                             v1::Enterprise* response) override;
  // In enterprise_search.cc.
  grpc::ServerUnaryReactor* SearchEnterprises(grpc::CallbackServerContext* context,
                                              const v1::SearchEnterprisesRequest* request,
                                              v1::SearchEnterprisesResponse* response) override;
  grpc::ServerUnaryReactor* GetSizeClass(grpc::CallbackServerContext* context,
                                         const v1::GetSizeClassRequest* request,
                                         v1::SizeClass* response) override;

 private:
  absl::StatusOr<v1::ListEnterprisesResponse> List(const auth::Call& call,
                                                   const v1::ListEnterprisesRequest& request);
  absl::StatusOr<v1::SearchEnterprisesResponse> Search(const auth::Call& call,
                                                       const v1::SearchEnterprisesRequest& request);
  // The enterprise to be stored, checked as far as it can be without the store.
  absl::StatusOr<v1::Enterprise> Prepare(const v1::CreateEnterpriseRequest& request,
                                         absl::Time now) const;
  absl::StatusOr<v1::SizeClass> FindSizeClass(const v1::GetSizeClassRequest& request) const;
  absl::StatusOr<v1::SizeClass> ComputeSizeClass(absl::string_view name, int64_t revision) const;

  const Parts parts_;
};

}  // namespace nscl::registry
