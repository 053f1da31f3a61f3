// Planning an activity and its estimate.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/activity_service.pb.h"
#include "services/casework/domain/change.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::CreateActivityRequest& request);
absl::Status Check(const v1::EstimateActivityRequest& request);

// To PLANNED. Only what a caller may set is taken over.
absl::StatusOr<ActivityChange> PlanActivity(const v1::Activity& asked, const PlanFacts& plan);
// PLANNED or ESTIMATED to ESTIMATED. Whether the money is there is asked at the approval.
absl::StatusOr<ActivityChange> Estimate(const v1::Activity& current,
                                        const v1::EstimateActivityRequest& request);

}  // namespace nscl::casework::domain
