// The ledger's rows and its transactions: each runs within one command of the writer and puts
// resource, entries and balances together, so that the sums always agree.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/budgeting/v1/payment.pb.h"
#include "nscl/budgeting/v1/payment_service.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "services/budgeting/domain/funding_sources.h"
#include "services/budgeting/domain/payment.h"
#include "services/budgeting/store/case_facts.h"

namespace nscl::budgeting::rows {

// Reservations that one ExpireReservations takes.
inline constexpr size_t kMaxExpired = 500;

store::Table<v1::Plan> PlanTable();

class Ledger {
 public:
  Ledger(domain::FundingSources sources, domain::PaymentRules rules);

  // The transactions. Requests were checked before (domain/requests.h); refused as the rules
  // refuse, and NOT_FOUND, ALREADY_EXISTS, ABORTED `ETAG_MISMATCH`.
  absl::StatusOr<v1::BatchCreateAllocationsResponse> Allocate(
      store::Txn& txn, const v1::BatchCreateAllocationsRequest& request) const;
  absl::StatusOr<v1::Reservation> Reserve(store::Txn& txn,
                                          const v1::CreateReservationRequest& request) const;
  absl::StatusOr<v1::Commitment> Commit(store::Txn& txn,
                                        const v1::CommitReservationRequest& request) const;
  absl::StatusOr<v1::Reservation> Release(store::Txn& txn,
                                          const v1::ReleaseReservationRequest& request) const;
  absl::StatusOr<v1::ExpireReservationsResponse> Expire(
      store::Txn& txn, const v1::ExpireReservationsRequest& request, absl::CivilDay today) const;
  absl::StatusOr<v1::Commitment> ReleaseCommitment(
      store::Txn& txn, const v1::ReleaseCommitmentRequest& request) const;
  absl::StatusOr<v1::Payment> Pay(store::Txn& txn, const v1::CreatePaymentRequest& request) const;

  // The balance of an account; NOT_FOUND `ACCOUNT_NOT_FOUND` where nothing was ever allocated to
  // it.
  absl::StatusOr<v1::Balance> GetBalance(const store::Reader& reader,
                                         const v1::Account& account) const;

  const store::Table<v1::Allocation>& allocations() const { return allocations_; }
  const store::Table<v1::Reservation>& reservations() const { return reservations_; }
  const store::Table<v1::Commitment>& commitments() const { return commitments_; }
  const store::Table<v1::Payment>& payments() const { return payments_; }
  const store::Table<v1::LedgerEntry>& entries() const { return entries_; }
  const store::Table<v1::Balance>& balances() const { return balances_; }
  const CaseFacts& case_facts() const { return case_facts_; }

 private:
  absl::StatusOr<domain::PaidBefore> PaidBefore(const store::Reader& reader,
                                                const v1::Commitment& commitment) const;

  store::Table<v1::Plan> plans_;
  store::Table<v1::Allocation> allocations_;
  store::Table<v1::Reservation> reservations_;
  store::Table<v1::Commitment> commitments_;
  store::Table<v1::Payment> payments_;
  store::Table<v1::LedgerEntry> entries_;
  store::Table<v1::Balance> balances_;
  CaseFacts case_facts_;
  domain::FundingSources sources_;
  domain::PaymentRules rules_;
};

}  // namespace nscl::budgeting::rows
