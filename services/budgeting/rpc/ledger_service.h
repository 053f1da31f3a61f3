// nscl.budgeting.v1.LedgerService.
#pragma once

#include "common/resource/page.h"
#include "common/rpc/handle.h"
#include "common/store/store.h"
#include "common/time/clock.h"
#include "nscl/budgeting/v1/ledger_service.grpc.pb.h"
#include "services/budgeting/store/ledger.h"

namespace nscl::budgeting {

class LedgerService final : public v1::LedgerService::CallbackService {
 public:
  // All must outlive the service.
  LedgerService(rpc::Door& door, store::Store& store, const resource::PageTokens& tokens,
                const rows::Ledger& ledger, const time::Clock& clock)
      : door_(door), store_(store), tokens_(tokens), ledger_(ledger), clock_(clock) {}

  grpc::ServerUnaryReactor* BatchCreateAllocations(
      grpc::CallbackServerContext* context, const v1::BatchCreateAllocationsRequest* request,
      v1::BatchCreateAllocationsResponse* response) override;
  grpc::ServerUnaryReactor* ListAllocations(grpc::CallbackServerContext* context,
                                            const v1::ListAllocationsRequest* request,
                                            v1::ListAllocationsResponse* response) override;
  grpc::ServerUnaryReactor* CreateReservation(grpc::CallbackServerContext* context,
                                              const v1::CreateReservationRequest* request,
                                              v1::Reservation* response) override;
  grpc::ServerUnaryReactor* GetReservation(grpc::CallbackServerContext* context,
                                           const v1::GetReservationRequest* request,
                                           v1::Reservation* response) override;
  grpc::ServerUnaryReactor* ListReservations(grpc::CallbackServerContext* context,
                                             const v1::ListReservationsRequest* request,
                                             v1::ListReservationsResponse* response) override;
  grpc::ServerUnaryReactor* CommitReservation(grpc::CallbackServerContext* context,
                                              const v1::CommitReservationRequest* request,
                                              v1::Commitment* response) override;
  grpc::ServerUnaryReactor* ReleaseReservation(grpc::CallbackServerContext* context,
                                               const v1::ReleaseReservationRequest* request,
                                               v1::Reservation* response) override;
  grpc::ServerUnaryReactor* ExpireReservations(grpc::CallbackServerContext* context,
                                               const v1::ExpireReservationsRequest* request,
                                               v1::ExpireReservationsResponse* response) override;
  grpc::ServerUnaryReactor* GetCommitment(grpc::CallbackServerContext* context,
                                          const v1::GetCommitmentRequest* request,
                                          v1::Commitment* response) override;
  grpc::ServerUnaryReactor* ListCommitments(grpc::CallbackServerContext* context,
                                            const v1::ListCommitmentsRequest* request,
                                            v1::ListCommitmentsResponse* response) override;
  grpc::ServerUnaryReactor* ReleaseCommitment(grpc::CallbackServerContext* context,
                                              const v1::ReleaseCommitmentRequest* request,
                                              v1::Commitment* response) override;
  grpc::ServerUnaryReactor* GetBalance(grpc::CallbackServerContext* context,
                                       const v1::GetBalanceRequest* request,
                                       v1::Balance* response) override;
  grpc::ServerUnaryReactor* ListBalances(grpc::CallbackServerContext* context,
                                         const v1::ListBalancesRequest* request,
                                         v1::ListBalancesResponse* response) override;
  grpc::ServerUnaryReactor* ListLedgerEntries(grpc::CallbackServerContext* context,
                                              const v1::ListLedgerEntriesRequest* request,
                                              v1::ListLedgerEntriesResponse* response) override;

 private:
  rpc::Door& door_;
  store::Store& store_;
  const resource::PageTokens& tokens_;
  const rows::Ledger& ledger_;
  const time::Clock& clock_;
};

}  // namespace nscl::budgeting
