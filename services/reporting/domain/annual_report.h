// The annual report of a plan, put together from what reporting knows. Pure.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/reporting/v1/obligation.pb.h"
#include "nscl/reporting/v1/report.pb.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/counting.h"

namespace nscl::reporting::domain {

// What a report rests on, read off one snapshot.
struct ReportFacts {
  budgeting::v1::Plan plan;
  Happenings happenings;                         // of the plan
  std::vector<budgeting::v1::Balance> balances;  // of the plan and year
  std::vector<v1::Obligation> obligations;       // of the plan and year
  std::vector<v1::FeedPosition> as_of;
};

// Builds the report of `year` as of `today` (a day in Viet Nam); name and stamps are the store's.
// Refused: INVALID_ARGUMENT `YEAR_NOT_OF_PLAN`, `AMOUNT_OVERFLOW` (the sum of a source).
absl::StatusOr<v1::Report> BuildAnnualReport(const ReportFacts& facts, const Catalogue& catalogue,
                                             int year, absl::CivilDay today);

}  // namespace nscl::reporting::domain
