#include "services/registry/rpc/traceability_record_service.h"

#include "services/registry/domain/traceability_record.h"
#include "services/registry/rpc/siblings.h"

namespace nscl::registry {
TraceabilityRecordHandlers::TraceabilityRecordHandlers(const Parts& parts)
    : methods_(parts, parts.tables.traceability_records,
               {.filter_fields = {"gln", "company_prefix"},
                .normalise = domain::NormaliseTraceabilityRecord,
                .settle = [parts](store::Txn& txn, v1::TraceabilityRecord& next,
                                  const v1::TraceabilityRecord* before) {
                  return CheckProduct(parts, txn, "traceability_record.product", next.product(),
                                      before == nullptr ? "" : before->product());
                }}) {}

grpc::ServerUnaryReactor* TraceabilityRecordHandlers::GetTraceabilityRecord(
    grpc::CallbackServerContext* context, const v1::GetTraceabilityRecordRequest* request,
    v1::TraceabilityRecord* response) {
  return methods_.Get(context, request, response);
}

grpc::ServerUnaryReactor* TraceabilityRecordHandlers::ListTraceabilityRecords(
    grpc::CallbackServerContext* context, const v1::ListTraceabilityRecordsRequest* request,
    v1::ListTraceabilityRecordsResponse* response) {
  return methods_.List(context, request, response);
}

grpc::ServerUnaryReactor* TraceabilityRecordHandlers::CreateTraceabilityRecord(
    grpc::CallbackServerContext* context, const v1::CreateTraceabilityRecordRequest* request,
    v1::TraceabilityRecord* response) {
  return methods_.Create(context, request, response);
}

grpc::ServerUnaryReactor* TraceabilityRecordHandlers::UpdateTraceabilityRecord(
    grpc::CallbackServerContext* context, const v1::UpdateTraceabilityRecordRequest* request,
    v1::TraceabilityRecord* response) {
  return methods_.Update(context, request, response);
}

}  // namespace nscl::registry
