#include "services/budgeting/rpc/ledger_service.h"

#include <utility>

#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/time/legal_date.h"
#include "services/budgeting/domain/requests.h"
#include "services/budgeting/rpc/list.h"

namespace nscl::budgeting {
namespace {

constexpr absl::string_view kAllocationFilter[] = {"account.plan_line", "account.budget_year",
                                                   "account.funding_source"};
constexpr absl::string_view kHoldFilter[] = {"state", "owner", "account.plan_line",
                                             "account.budget_year", "account.funding_source"};
constexpr absl::string_view kBalanceFilter[] = {"account.budget_year", "account.funding_source"};
constexpr absl::string_view kEntryFilter[] = {"kind",
                                              "owner",
                                              "subject",
                                              "account.plan_line",
                                              "account.budget_year",
                                              "account.funding_source"};

// Checks a request, then runs a transaction of the ledger on the writer. Answers are kept for ever:
// money must never move twice for one request id.
template <typename Response, typename Request, typename Transaction>
void Move(store::Store& store, const auth::Call& call, const Request& request,
          absl::string_view resource, Transaction transaction, rpc::Done<Response> done) {
  if (absl::Status bad = domain::CheckRequest(request); !bad.ok()) return done(bad);
  store::Change<Response>(store, call, request, resource, store::Retention::kForever,
                          std::move(transaction), std::move(done));
}

}  // namespace

grpc::ServerUnaryReactor* LedgerService::BatchCreateAllocations(
    grpc::CallbackServerContext* context, const v1::BatchCreateAllocationsRequest* request,
    v1::BatchCreateAllocationsResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::BatchCreateAllocationsRequest& request,
             rpc::Done<v1::BatchCreateAllocationsResponse> done) {
        Move<v1::BatchCreateAllocationsResponse>(
            store_, call, request, request.parent(),
            [this, &request](store::Txn& txn) { return ledger_.Allocate(txn, request); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::ListAllocations(grpc::CallbackServerContext* context,
                                                         const v1::ListAllocationsRequest* request,
                                                         v1::ListAllocationsResponse* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::ListAllocationsRequest& request)
                         -> absl::StatusOr<v1::ListAllocationsResponse> {
                       ASSIGN_OR_RETURN(ListPage<v1::Allocation> page,
                                        List(call, request, store_, ledger_.allocations(), tokens_,
                                             kAllocationFilter));
                       v1::ListAllocationsResponse list;
                       list.set_next_page_token(page.next_page_token);
                       for (v1::Allocation& row : page.rows) list.add_allocations()->Swap(&row);
                       return list;
                     });
}

grpc::ServerUnaryReactor* LedgerService::CreateReservation(
    grpc::CallbackServerContext* context, const v1::CreateReservationRequest* request,
    v1::Reservation* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::CreateReservationRequest& request,
             rpc::Done<v1::Reservation> done) {
        Move<v1::Reservation>(
            store_, call, request, request.parent(),
            [this, &request](store::Txn& txn) { return ledger_.Reserve(txn, request); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::GetReservation(grpc::CallbackServerContext* context,
                                                        const v1::GetReservationRequest* request,
                                                        v1::Reservation* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call&, const v1::GetReservationRequest& request) {
                       return ledger_.reservations().Get(*store_.TakeSnapshot(), request.name());
                     });
}

grpc::ServerUnaryReactor* LedgerService::ListReservations(
    grpc::CallbackServerContext* context, const v1::ListReservationsRequest* request,
    v1::ListReservationsResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::ListReservationsRequest& request)
          -> absl::StatusOr<v1::ListReservationsResponse> {
        ASSIGN_OR_RETURN(ListPage<v1::Reservation> page,
                         List(call, request, store_, ledger_.reservations(), tokens_, kHoldFilter));
        v1::ListReservationsResponse list;
        list.set_next_page_token(page.next_page_token);
        for (v1::Reservation& row : page.rows) list.add_reservations()->Swap(&row);
        return list;
      });
}

grpc::ServerUnaryReactor* LedgerService::CommitReservation(
    grpc::CallbackServerContext* context, const v1::CommitReservationRequest* request,
    v1::Commitment* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::CommitReservationRequest& request,
             rpc::Done<v1::Commitment> done) {
        Move<v1::Commitment>(
            store_, call, request, request.name(),
            [this, &request](store::Txn& txn) { return ledger_.Commit(txn, request); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::ReleaseReservation(
    grpc::CallbackServerContext* context, const v1::ReleaseReservationRequest* request,
    v1::Reservation* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::ReleaseReservationRequest& request,
             rpc::Done<v1::Reservation> done) {
        Move<v1::Reservation>(
            store_, call, request, request.name(),
            [this, &request](store::Txn& txn) { return ledger_.Release(txn, request); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::ExpireReservations(
    grpc::CallbackServerContext* context, const v1::ExpireReservationsRequest* request,
    v1::ExpireReservationsResponse* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::ExpireReservationsRequest& request,
                            rpc::Done<v1::ExpireReservationsResponse> done) {
                       Move<v1::ExpireReservationsResponse>(
                           store_, call, request, request.parent(),
                           [this, &request](store::Txn& txn) {
                             return ledger_.Expire(txn, request, time::VietnamDay(clock_.Now()));
                           },
                           std::move(done));
                     });
}

grpc::ServerUnaryReactor* LedgerService::GetCommitment(grpc::CallbackServerContext* context,
                                                       const v1::GetCommitmentRequest* request,
                                                       v1::Commitment* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call&, const v1::GetCommitmentRequest& request) {
                       return ledger_.commitments().Get(*store_.TakeSnapshot(), request.name());
                     });
}

grpc::ServerUnaryReactor* LedgerService::ListCommitments(grpc::CallbackServerContext* context,
                                                         const v1::ListCommitmentsRequest* request,
                                                         v1::ListCommitmentsResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::ListCommitmentsRequest& request)
          -> absl::StatusOr<v1::ListCommitmentsResponse> {
        ASSIGN_OR_RETURN(ListPage<v1::Commitment> page,
                         List(call, request, store_, ledger_.commitments(), tokens_, kHoldFilter));
        v1::ListCommitmentsResponse list;
        list.set_next_page_token(page.next_page_token);
        for (v1::Commitment& row : page.rows) list.add_commitments()->Swap(&row);
        return list;
      });
}

grpc::ServerUnaryReactor* LedgerService::ReleaseCommitment(
    grpc::CallbackServerContext* context, const v1::ReleaseCommitmentRequest* request,
    v1::Commitment* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::ReleaseCommitmentRequest& request,
             rpc::Done<v1::Commitment> done) {
        Move<v1::Commitment>(
            store_, call, request, request.name(),
            [this, &request](store::Txn& txn) { return ledger_.ReleaseCommitment(txn, request); },
            std::move(done));
      });
}

grpc::ServerUnaryReactor* LedgerService::GetBalance(grpc::CallbackServerContext* context,
                                                    const v1::GetBalanceRequest* request,
                                                    v1::Balance* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call&, const v1::GetBalanceRequest& request) {
                       return ledger_.balances().Get(*store_.TakeSnapshot(), request.name());
                     });
}

grpc::ServerUnaryReactor* LedgerService::ListBalances(grpc::CallbackServerContext* context,
                                                      const v1::ListBalancesRequest* request,
                                                      v1::ListBalancesResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call,
             const v1::ListBalancesRequest& request) -> absl::StatusOr<v1::ListBalancesResponse> {
        ASSIGN_OR_RETURN(ListPage<v1::Balance> page,
                         List(call, request, store_, ledger_.balances(), tokens_, kBalanceFilter));
        v1::ListBalancesResponse list;
        list.set_next_page_token(page.next_page_token);
        for (v1::Balance& row : page.rows) list.add_balances()->Swap(&row);
        return list;
      });
}

grpc::ServerUnaryReactor* LedgerService::ListLedgerEntries(
    grpc::CallbackServerContext* context, const v1::ListLedgerEntriesRequest* request,
    v1::ListLedgerEntriesResponse* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::ListLedgerEntriesRequest& request)
                         -> absl::StatusOr<v1::ListLedgerEntriesResponse> {
                       ASSIGN_OR_RETURN(
                           ListPage<v1::LedgerEntry> page,
                           List(call, request, store_, ledger_.entries(), tokens_, kEntryFilter));
                       v1::ListLedgerEntriesResponse list;
                       list.set_next_page_token(page.next_page_token);
                       for (v1::LedgerEntry& row : page.rows) list.add_ledger_entries()->Swap(&row);
                       return list;
                     });
}

}  // namespace nscl::budgeting
