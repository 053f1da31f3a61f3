// Money of a plan: balances folded from ledger entries, and the rows of a report. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/reporting/v1/report.pb.h"
#include "services/reporting/domain/catalogue.h"

namespace nscl::reporting::domain {

// Moves the entry's amount between the columns of its account's balance; the first entry fills in
// the account. DATA_LOSS `LEDGER_ENTRY` where an entry is not one (no column, not a positive
// amount, a column that would go below zero): the feed is broken, and no figure may be shown that
// is known to be wrong.
absl::Status FoldEntry(budgeting::v1::Balance& balance, const budgeting::v1::LedgerEntry& entry);

// The money of a year as the report shows it.
struct Money {
  std::vector<v1::MoneyRow> rows;       // by line in order of the annex, then by source
  std::vector<v1::MoneyRow> by_source;  // in order of the source's code
  std::vector<std::string> notes;       // Vietnamese
};

// `balances` are those of the plan for the year. A line that names several sources has no planned
// figure for any of them: the split is not printed, and a note says so. Refused: INVALID_ARGUMENT
// `AMOUNT_OVERFLOW` where the sum of a source is more than int64 holds.
absl::StatusOr<Money> MoneyOfYear(const budgeting::v1::Plan& plan,
                                  const std::vector<budgeting::v1::Balance>& balances, int year,
                                  const Catalogue& catalogue);

}  // namespace nscl::reporting::domain
