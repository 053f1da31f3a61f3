// From a plan as printed to a plan in DRAFT: numbers read, sums computed, findings raised.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "services/budgeting/domain/funding_sources.h"

namespace nscl::budgeting::domain {

// `printed` as the file gives it; `name` is the name that the plan will have. Refused as
// ReadPlanFile, and INVALID_ARGUMENT `AMOUNT_OVERFLOW` where a sum does not fit int64, naming the
// row.
absl::StatusOr<v1::Plan> ImportPlan(v1::Plan printed, absl::string_view name,
                                    const FundingSources& sources);

}  // namespace nscl::budgeting::domain
