// The ledger: an amount moves from one column of an account to another, and what moves it. All
// rules are pure; the store runs them one after another, so that what a rule checks still holds
// when it is written.
//
//   SOURCE -> AVAILABLE -> RESERVED -> COMMITTED -> PAID
//
// and back to AVAILABLE by release or expiry.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/time/act_order.h"
#include "google/type/date.pb.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "services/budgeting/domain/funding_sources.h"

namespace nscl::budgeting::domain {

// One movement between two columns of one account.
struct Posting {
  v1::LedgerEntry::Kind kind = v1::LedgerEntry::KIND_UNSPECIFIED;
  v1::LedgerEntry::Column from = v1::LedgerEntry::COLUMN_UNSPECIFIED;
  v1::LedgerEntry::Column to = v1::LedgerEntry::COLUMN_UNSPECIFIED;
  int64_t amount_vnd = 0;
};

// The balance after a posting (INV-B5, I1, I2): columns never fall below zero, available_vnd is
// recomputed. INTERNAL `LEDGER_INVARIANT` otherwise: the acts below refuse before that.
absl::StatusOr<v1::Balance> Post(v1::Balance balance, const Posting& posting);

// A resource after an act, and the movements that the act makes, in order.
template <typename Resource>
struct Moved {
  Resource resource;
  std::vector<Posting> postings;
};

// --- Allocation
// ------------------------------------------------------------------------------------------

// The row of level LINE with that id, or null.
const v1::AnnexRow* FindLine(const v1::Plan& plan, absl::string_view line_id);

// What the plan has for a line and year, đồng: the sum of the line's counting rows, whether or not
// the line prints a figure itself; 0 where it has nothing.
int64_t PlannedVnd(const v1::Plan& plan, const v1::AnnexRow& line, int32_t budget_year);

// Whether the plan lets `funding_source` bear the line: the sources of the row, of the nearest row
// above that names some, or of the rows below; any assignable source where nothing names one. Never
// a pseudo source.
bool LineTakesSource(const v1::Plan& plan, const v1::AnnexRow& line,
                     absl::string_view funding_source, const FundingSources& sources);

// An allocation into an account. `line_allocated_vnd` is what all sources of the line and year have
// together. Refused: FAILED_PRECONDITION `ABOVE_PLAN`.
absl::StatusOr<Posting> Allocate(const v1::Allocation& allocation, int64_t planned_vnd,
                                 int64_t line_allocated_vnd);

// --- Reservations and commitments
// ------------------------------------------------------------------------

// Holds money: ACTIVE. The last day is 31/12 of the budget year where none is given. Refused:
// FAILED_PRECONDITION `INSUFFICIENT_BUDGET`, `DATE_ORDER` where it would be born expired.
absl::StatusOr<Moved<v1::Reservation>> Reserve(const v1::Balance& balance,
                                               v1::Reservation reservation);

// A reservation that was committed, and what it became.
struct Committed {
  v1::Reservation reservation;
  v1::Commitment commitment;
  std::vector<Posting> postings;
};

// ACTIVE to COMMITTED; the rest goes back to available. Refused: `RESERVATION_STATE`,
// `RESERVATION_EXPIRED` where the act is dated after the last day, `DATE_ORDER` before the
// reservation, `EXCEEDS_RESERVED` (I3).
absl::StatusOr<Committed> CommitReservation(v1::Reservation reservation,
                                            const v1::CommitReservationRequest& request);

// ACTIVE to RELEASED. Refused: `RESERVATION_STATE`, `DATE_ORDER` before the reservation.
absl::StatusOr<Moved<v1::Reservation>> ReleaseReservation(v1::Reservation reservation,
                                                          const google::type::Date& acted_on);

// ACTIVE to EXPIRED. Refused: `RESERVATION_STATE`.
absl::StatusOr<Moved<v1::Reservation>> ExpireReservation(v1::Reservation reservation);

// Gives the unpaid rest back and closes. Refused: `COMMITMENT_STATE`, `DATE_ORDER`.
absl::StatusOr<Moved<v1::Commitment>> ReleaseCommitment(v1::Commitment commitment,
                                                        const google::type::Date& acted_on);

// `DATE_ORDER` where `act` is before the commitment or its latest payment.
absl::Status CheckAfterLastAct(const v1::Commitment& commitment, const time::DatedAct& act);

// What may still be paid out of a commitment, đồng (I4).
int64_t UnpaidVnd(const v1::Commitment& commitment);

}  // namespace nscl::budgeting::domain
