// The refusals of budgeting: one function each, with the code, the stable reason, every variable
// part in the metadata, and both languages. Bad fields of a request are status::Violations instead.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/payment.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"

namespace nscl::budgeting::errors {

// --- Plans
// -----------------------------------------------------------------------------------------------

// FAILED_PRECONDITION `PLAN_STATE`: `act` needs the plan to be in `wanted`.
absl::Status PlanState(const v1::Plan& plan, absl::string_view act, v1::Plan::State wanted);
// NOT_FOUND `FINDING_NOT_FOUND`.
absl::Status FindingNotFound(absl::string_view plan, absl::string_view finding_id);
// FAILED_PRECONDITION `FINDING_NOT_OPEN`.
absl::Status FindingNotOpen(absl::string_view plan, absl::string_view finding_id);
// FAILED_PRECONDITION `OPEN_ERROR_FINDINGS`: these must be accepted with a note first.
absl::Status OpenErrorFindings(absl::string_view plan, const std::vector<std::string>& finding_ids);
// FAILED_PRECONDITION `DOCUMENT_NUMBER_BLANK`: `blank` says what is missing, "number" and the like.
absl::Status DocumentNumberBlank(absl::string_view plan, const std::vector<std::string>& blank);

// --- The ledger
// ------------------------------------------------------------------------------------------

// NOT_FOUND `PLAN_LINE_NOT_FOUND`: the plan has no row of level LINE with that id.
absl::Status PlanLineNotFound(absl::string_view plan_line);
// FAILED_PRECONDITION `ABOVE_PLAN`: allocations of all sources together may not exceed the plan's
// figure.
absl::Status AbovePlan(absl::string_view plan_line, int32_t budget_year, int64_t planned_vnd,
                       int64_t allocated_vnd, int64_t asked_vnd);
// NOT_FOUND `ACCOUNT_NOT_FOUND`: nothing was ever allocated to the account.
absl::Status AccountNotFound(const v1::Account& account);
// FAILED_PRECONDITION `INSUFFICIENT_BUDGET` (INV-B5, I1).
absl::Status InsufficientBudget(const v1::Account& account, int64_t available_vnd,
                                int64_t asked_vnd);
// FAILED_PRECONDITION `RESERVATION_STATE`: only an ACTIVE reservation can be committed, released or
// expire.
absl::Status ReservationState(const v1::Reservation& reservation, absl::string_view act);
// FAILED_PRECONDITION `RESERVATION_EXPIRED`: the act is dated after the reservation's last day.
absl::Status ReservationExpired(const v1::Reservation& reservation,
                                const google::type::Date& acted_on);
// FAILED_PRECONDITION `EXCEEDS_RESERVED` (I3).
absl::Status ExceedsReserved(const v1::Reservation& reservation, int64_t asked_vnd);
// FAILED_PRECONDITION `EXPIRY_IN_FUTURE`.
absl::Status ExpiryInFuture(const google::type::Date& before, const google::type::Date& today);
// FAILED_PRECONDITION `COMMITMENT_STATE`: only an OPEN commitment can be paid from or released.
absl::Status CommitmentState(const v1::Commitment& commitment, absl::string_view act);
// INTERNAL `LEDGER_INVARIANT`: a posting would take a column below zero or over int64; a rule
// before it should have refused. Nothing is stored.
absl::Status LedgerInvariant(const v1::Account& account, absl::string_view what);

// --- Payment guards (domain 4.3)
// -------------------------------------------------------------------------

// FAILED_PRECONDITION `CASE_NOT_VISIBLE`, with RetryInfo: the facts of the case have not arrived
// yet.
absl::Status CaseNotVisible(absl::string_view owner, int64_t asked_revision, int64_t seen_revision);
// FAILED_PRECONDITION `CASE_SUSPENDED` (PAY-P9).
absl::Status CaseSuspended(absl::string_view owner, absl::string_view state,
                           absl::string_view vietnamese);
// FAILED_PRECONDITION `CONTRACT_NOT_ACTIVE` (PAY-P1).
absl::Status ContractNotActive(absl::string_view owner, absl::string_view state,
                               absl::string_view vietnamese);
// FAILED_PRECONDITION `EXCEEDS_COMMITTED` (PAY-P3; I4).
absl::Status ExceedsCommitted(const v1::Commitment& commitment, int64_t asked_vnd);
// FAILED_PRECONDITION `PAYMENT_ORDER`: the final payment was made, nothing comes after it.
absl::Status PaymentAfterFinal(const v1::Commitment& commitment, v1::Payment::Kind kind);
// FAILED_PRECONDITION `PAYMENT_ORDER`: the results are accepted, there is nothing to advance.
absl::Status AdvanceAfterAcceptance(const v1::Commitment& commitment);
// FAILED_PRECONDITION `ADVANCE_CEILING` (PAY-P5). `advanced_vnd` was paid in advance before.
absl::Status AdvanceCeiling(const v1::Commitment& commitment, int64_t ceiling_vnd,
                            int64_t advanced_vnd, int64_t asked_vnd, absl::string_view legal_basis);
// FAILED_PRECONDITION `COUNTERPART_BEHIND` (PAY-P6). `needed_vnd` is the least own spending that
// would do.
absl::Status CounterpartBehind(const v1::Commitment& commitment, int64_t spent_vnd,
                               int64_t needed_vnd, absl::string_view legal_basis);
// FAILED_PRECONDITION `YEAR_CLOSED` (PAY-P7).
absl::Status YearClosed(const v1::Account& account, const google::type::Date& acted_on,
                        v1::Payment::Kind kind, absl::string_view legal_basis);
// FAILED_PRECONDITION `ACCEPTANCE_MISSING` (PAY-P8).
absl::Status AcceptanceMissing(absl::string_view owner, absl::string_view state,
                               absl::string_view vietnamese);

}  // namespace nscl::budgeting::errors
