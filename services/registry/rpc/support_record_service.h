// nscl.registry.v1.SupportRecordService.
#pragma once

#include "nscl/registry/v1/support_record_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class SupportRecordHandlers final : public v1::SupportRecordService::CallbackService {
 public:
  explicit SupportRecordHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetSupportRecord(grpc::CallbackServerContext* context,
                                             const v1::GetSupportRecordRequest* request,
                                             v1::SupportRecord* response) override;
  grpc::ServerUnaryReactor* ListSupportRecords(grpc::CallbackServerContext* context,
                                               const v1::ListSupportRecordsRequest* request,
                                               v1::ListSupportRecordsResponse* response) override;
  grpc::ServerUnaryReactor* CreateSupportRecord(grpc::CallbackServerContext* context,
                                                const v1::CreateSupportRecordRequest* request,
                                                v1::SupportRecord* response) override;
  grpc::ServerUnaryReactor* UpdateSupportRecord(grpc::CallbackServerContext* context,
                                                const v1::UpdateSupportRecordRequest* request,
                                                v1::SupportRecord* response) override;
  grpc::ServerUnaryReactor* CheckOverlap(grpc::CallbackServerContext* context,
                                         const v1::CheckOverlapRequest* request,
                                         v1::CheckOverlapResponse* response) override;

 private:
  absl::StatusOr<v1::CheckOverlapResponse> Check(const auth::Call& call,
                                                 const v1::CheckOverlapRequest& request) const;

  const Parts parts_;
  const StandardMethods<v1::SupportRecord> methods_;
};

}  // namespace nscl::registry
