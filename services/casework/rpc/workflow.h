// What the handlers of cases and activities share: one arrow from request to stored change, and
// lists.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/auth/call.h"
#include "common/resource/filter.h"
#include "common/resource/id.h"
#include "common/resource/mask.h"
#include "common/resource/name.h"
#include "common/resource/page.h"
#include "common/rpc/door.h"
#include "common/rpc/handle.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/store/list_over.h"
#include "common/store/store.h"
#include "common/time/clock.h"
#include "common/time/legal_date.h"
#include "services/casework/catalogue.h"
#include "services/casework/clients/budgeting_client.h"
#include "services/casework/clients/registry_client.h"
#include "services/casework/domain/act_days.h"
#include "services/casework/domain/activity_approval.h"
#include "services/casework/domain/activity_ending.h"
#include "services/casework/domain/activity_holding.h"
#include "services/casework/domain/activity_planning.h"
#include "services/casework/domain/application.h"
#include "services/casework/domain/approval.h"
#include "services/casework/domain/contract.h"
#include "services/casework/domain/council.h"
#include "services/casework/domain/eligibility.h"
#include "services/casework/domain/fields.h"
#include "services/casework/domain/need.h"
#include "services/casework/domain/outline.h"
#include "services/casework/domain/settlement.h"
#include "services/casework/domain/withdrawal.h"
#include "services/casework/domain/work.h"
#include "services/casework/store/rows.h"

namespace nscl::casework {

// What handlers work with. All of it outlives them.
struct Workflow {
  rpc::Door* door = nullptr;
  store::Store* store = nullptr;
  const rows::Rows* rows = nullptr;
  const Catalogue* catalogue = nullptr;
  RegistryClient* registry = nullptr;
  BudgetingClient* budgeting = nullptr;
  const resource::PageTokens* page_tokens = nullptr;
  const time::Clock* clock = nullptr;
};

// A rule as handlers call it, with the facts it needs bound to it.
template <typename M, typename Request>
using Rule =
    std::function<absl::StatusOr<domain::Change<M>>(store::Txn&, const M& current, const Request&)>;
// A rule that needs nothing but the resource and the request.
template <typename M, typename Request>
using PureRule = absl::StatusOr<domain::Change<M>> (*)(const M& current, const Request&);

// Runs a checked request's rule on the named resource and stores what it decides. The request lives
// until the answer.
template <typename M, typename Request>
void Act(const Workflow& workflow, const store::Table<M>& table, const auth::Call& call,
         const Request& request, Rule<M, Request> rule, rpc::Done<M> done) {
  store::Change<M>(
      *workflow.store, call, request, request.name(), store::Retention::kForever,
      [rows = workflow.rows, &table, &request,
       rule = std::move(rule)](store::Txn& txn) -> absl::StatusOr<M> {
        ASSIGN_OR_RETURN(M current, table.Load(txn, request.name(), request.etag()));
        ASSIGN_OR_RETURN(domain::Change<M> change, rule(txn, current, request));
        RETURN_IF_ERROR(
            domain::CheckActDays(current, change.next, time::VietnamDay(txn.commit_time())));
        return rows->Apply(txn, current, std::move(change));
      },
      std::move(done));
}

// Handles an arrow whose rule needs no facts.
template <typename M, typename Request>
grpc::ServerUnaryReactor* HandleAct(const Workflow& workflow, const store::Table<M>& table,
                                    grpc::CallbackServerContext* context, const Request* request,
                                    M* response, std::type_identity_t<PureRule<M, Request>> rule) {
  return rpc::Handle(
      *workflow.door, context, request, response,
      [&workflow, &table, rule](const auth::Call& call, const Request& request, rpc::Done<M> done) {
        if (absl::Status bad = domain::Check(request); !bad.ok()) return done(std::move(bad));
        Act<M, Request>(
            workflow, table, call, request,
            [rule](store::Txn&, const M& current, const Request& request) {
              return rule(current, request);
            },
            std::move(done));
      });
}

// The name of a resource to be created: of the id that the caller wants, or of a new one.
inline absl::StatusOr<std::string> NewName(const Workflow& workflow, absl::string_view parent,
                                           absl::string_view collection, absl::string_view id,
                                           absl::string_view id_field) {
  if (!id.empty()) RETURN_IF_ERROR(resource::CheckId(id, id_field));
  return absl::StrCat(parent, "/", collection, "/",
                      id.empty() ? resource::NewId(workflow.clock->Now()) : std::string(id));
}

// One page of a list, filtered, within the caller's provinces. `long_fields` are left out unless
// the mask asks for them.
template <typename M, typename Request>
absl::StatusOr<store::Page<M>> ListPage(const Workflow& workflow, const store::Table<M>& table,
                                        const auth::Call& call, const Request& request,
                                        absl::Span<const absl::string_view> filterable,
                                        absl::Span<const int> long_fields,
                                        std::string* next_token) {
  ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
  ASSIGN_OR_RETURN(resource::Filter filter,
                   resource::Filter::Parse(request.filter(), M::descriptor(), filterable));
  RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), M::descriptor()));
  ASSIGN_OR_RETURN(std::string after,
                   workflow.page_tokens->Read(call.method, call.caller.actor, request));
  std::unique_ptr<store::Snapshot> snapshot = workflow.store->TakeSnapshot();
  ASSIGN_OR_RETURN(
      store::Page<M> page,
      store::ListInScope<M>(table, *snapshot, call.caller, request.parent(), after, page_size,
                            [&](const M& row) { return filter.Matches(row); }));
  for (M& row : page.rows) {
    if (request.read_mask().paths().empty()) {
      for (int number : long_fields) {
        row.GetReflection()->ClearField(&row, M::descriptor()->FindFieldByNumber(number));
      }
    } else {
      RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &row));
    }
  }
  *next_token = workflow.page_tokens->Make(call.method, call.caller.actor, request, page.last_key);
  return page;
}

}  // namespace nscl::casework
