// Waiting until the facts of a case have arrived: a payment is never judged on what casework has
// already moved on from.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/store/store.h"
#include "services/budgeting/store/ledger.h"

namespace nscl::budgeting {

// Calls `then` once, at once or from another thread: OK where the facts of the case or activity
// behind the commitment are here, of `min_case_revision` or newer, or where the commitment does not
// exist (the command says so); FAILED_PRECONDITION `CASE_NOT_VISIBLE` after `patience`. `store` and
// `ledger` must outlive it.
void WhenCaseVisible(const store::Store& store, const rows::Ledger& ledger, std::string commitment,
                     int64_t min_case_revision, absl::Duration patience,
                     std::function<void(absl::Status)> then);

}  // namespace nscl::budgeting
