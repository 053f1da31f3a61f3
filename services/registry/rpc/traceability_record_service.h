// nscl.registry.v1.TraceabilityRecordService.
#pragma once

#include "nscl/registry/v1/traceability_record_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class TraceabilityRecordHandlers final : public v1::TraceabilityRecordService::CallbackService {
 public:
  explicit TraceabilityRecordHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetTraceabilityRecord(grpc::CallbackServerContext* context,
                                                  const v1::GetTraceabilityRecordRequest* request,
                                                  v1::TraceabilityRecord* response) override;
  grpc::ServerUnaryReactor* ListTraceabilityRecords(
      grpc::CallbackServerContext* context, const v1::ListTraceabilityRecordsRequest* request,
      v1::ListTraceabilityRecordsResponse* response) override;
  grpc::ServerUnaryReactor* CreateTraceabilityRecord(
      grpc::CallbackServerContext* context, const v1::CreateTraceabilityRecordRequest* request,
      v1::TraceabilityRecord* response) override;
  grpc::ServerUnaryReactor* UpdateTraceabilityRecord(
      grpc::CallbackServerContext* context, const v1::UpdateTraceabilityRecordRequest* request,
      v1::TraceabilityRecord* response) override;

 private:
  const StandardMethods<v1::TraceabilityRecord> methods_;
};

}  // namespace nscl::registry
