// Every refusal of reporting, once: code, stable reason, metadata and both languages.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "nscl/reporting/v1/obligation.pb.h"

namespace nscl::reporting::errors {

// FAILED_PRECONDITION `OBLIGATION_STATE`: the report was filed before.
absl::Status ObligationNotOpen(const v1::Obligation& current);
// NOT_FOUND `PLAN_NOT_FOUND`: reporting knows no such plan (yet: it follows budgeting's feed).
absl::Status PlanNotFound(absl::string_view plan);
// INVALID_ARGUMENT `PLAN_PROVINCE`: the plan is of another province than the parent.
absl::Status PlanOfOtherProvince(absl::string_view parent, absl::string_view plan);
// INVALID_ARGUMENT `YEAR_NOT_OF_PLAN`.
absl::Status YearNotOfPlan(int year, int first_year, int last_year);
// INVALID_ARGUMENT `UNKNOWN_FEED`: `min_as_of` names a service whose feed is not followed.
absl::Status UnknownFeed(absl::string_view service);
// FAILED_PRECONDITION `NOT_CAUGHT_UP` with RetryInfo: the feed was not followed that far yet.
absl::Status NotCaughtUp(absl::string_view service, int64_t asked_epoch, int64_t asked_position,
                         int64_t epoch, int64_t position);
// ABORTED `EPOCH_CHANGED`: `min_as_of` names a position of a store that was restored since.
absl::Status EpochChanged(absl::string_view service, int64_t asked_epoch, int64_t epoch);
// DATA_LOSS `LEDGER_ENTRY`: an entry of the feed cannot be folded.
absl::Status BrokenLedgerEntry(absl::string_view ledger_entry, absl::string_view why);
// DATA_LOSS `ROW_UNREADABLE`: a kept row is not what its key says.
absl::Status UnreadableRow(absl::string_view what);

}  // namespace nscl::reporting::errors
