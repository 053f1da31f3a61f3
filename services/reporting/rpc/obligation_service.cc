#include "services/reporting/rpc/obligation_service.h"

#include <string>
#include <utility>

#include "common/resource/filter.h"
#include "common/resource/mask.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/store/list_over.h"
#include "common/time/legal_date.h"
#include "services/reporting/domain/obligations.h"
#include "services/reporting/store/keys.h"

namespace nscl::reporting {

ObligationService::ObligationService(rpc::Door& door, store::Store& store, const time::Clock& clock,
                                     const resource::PageTokens& page_tokens)
    : door_(door),
      store_(store),
      clock_(clock),
      page_tokens_(page_tokens),
      obligations_(rows::kObligations) {}

grpc::ServerUnaryReactor* ObligationService::GetObligation(grpc::CallbackServerContext* context,
                                                           const v1::GetObligationRequest* request,
                                                           v1::Obligation* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call&,
             const v1::GetObligationRequest& request) -> absl::StatusOr<v1::Obligation> {
        ASSIGN_OR_RETURN(v1::Obligation obligation,
                         obligations_.Get(*store_.TakeSnapshot(), request.name()));
        RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &obligation));
        return obligation;
      });
}

grpc::ServerUnaryReactor* ObligationService::ListObligations(
    grpc::CallbackServerContext* context, const v1::ListObligationsRequest* request,
    v1::ListObligationsResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::ListObligationsRequest& request)
          -> absl::StatusOr<v1::ListObligationsResponse> {
        RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), v1::Obligation::descriptor()));
        ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
        ASSIGN_OR_RETURN(resource::Filter filter,
                         resource::Filter::Parse(request.filter(), v1::Obligation::descriptor(),
                                                 {"plan", "year", "state", "organisation"}));
        ASSIGN_OR_RETURN(std::string after,
                         page_tokens_.Read(call.method, call.caller.actor, request));
        ASSIGN_OR_RETURN(
            store::Page<v1::Obligation> page,
            store::ListInScope<v1::Obligation>(
                obligations_, *store_.TakeSnapshot(), call.caller, request.parent(), after,
                page_size, [&](const v1::Obligation& row) { return filter.Matches(row); }));
        v1::ListObligationsResponse listed;
        for (v1::Obligation& obligation : page.rows) {
          RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &obligation));
          *listed.add_obligations() = std::move(obligation);
        }
        listed.set_next_page_token(
            page_tokens_.Make(call.method, call.caller.actor, request, page.last_key));
        return listed;
      });
}

grpc::ServerUnaryReactor* ObligationService::FileObligation(
    grpc::CallbackServerContext* context, const v1::FileObligationRequest* request,
    v1::Obligation* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::FileObligationRequest& request,
             rpc::Done<v1::Obligation> done) {
        store::Change<v1::Obligation>(
            store_, call, request, request.name(), store::Retention::kThirtyDays,
            [this, &request](store::Txn& txn) -> absl::StatusOr<v1::Obligation> {
              ASSIGN_OR_RETURN(v1::Obligation current,
                               obligations_.Load(txn, request.name(), request.etag()));
              ASSIGN_OR_RETURN(
                  v1::Obligation filed,
                  domain::FileObligation(current, request, time::VietnamDay(clock_.Now())));
              return obligations_.Update(txn, current, std::move(filed), "filed");
            },
            std::move(done));
      });
}

}  // namespace nscl::reporting
