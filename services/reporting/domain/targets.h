// A target of a plan against what happened. Pure.
#pragma once

#include "absl/time/civil_time.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/reporting/v1/report.pb.h"
#include "services/reporting/domain/catalogue.h"
#include "services/reporting/domain/counting.h"

namespace nscl::reporting::domain {

// Names listed for a drill-down, at most.
inline constexpr size_t kMaxNames = 100;

// Judges a target for the report of `year`, as of `today` (a day in Viet Nam), by the counting rule
// that holds at the end of `year`: a report is counted one way throughout. The year's result
// counts in that year, the cumulative result from the target's first year to `year` (or its last
// year, where that is earlier). A yearly target is judged by the year's result, any other by the
// cumulative one. A target is MISSED only when its time is over: at the end of `year` for a yearly
// target, at the end of its last year for others.
v1::TargetResult JudgeTarget(const budgeting::v1::PlanTarget& target, const Catalogue& catalogue,
                             const Happenings& happenings, int year, absl::CivilDay today);

// Whether a result in thousandths reaches the target. "Exactly" is read as at least, except for
// shares; "about" is reached from the value less the tolerance (a plan does not punish more).
bool Reaches(const budgeting::v1::PlanTarget& target, int64_t result_thousandths,
             int64_t approx_tolerance_thousandths);

}  // namespace nscl::reporting::domain
