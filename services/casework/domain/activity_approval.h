// The approval of an activity. There is no contract to wait for: its money is held and bound in one
// go.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/activity_service.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::ApproveActivityRequest& request);

// ESTIMATED to APPROVAL_PENDING, and an intent to RESERVE the estimate.
absl::StatusOr<ActivityChange> Approve(const v1::Activity& current,
                                       const v1::ApproveActivityRequest& request);
// Held: APPROVAL_PENDING stays, with an intent to COMMIT. Refused: back to ESTIMATED.
absl::StatusOr<ActivityChange> HoldAnswered(const v1::Activity& current, const v1::Intent& intent,
                                            const Answer& answer);
// Bound: APPROVAL_PENDING to APPROVED. Refused: what is held is released first; where nothing is
// held any more, back to ESTIMATED.
absl::StatusOr<ActivityChange> CommitmentAnswered(const v1::Activity& current,
                                                  const v1::Intent& intent, const Answer& answer);
// APPROVAL_PENDING to ESTIMATED, with the refusal of the commitment.
absl::StatusOr<ActivityChange> ReleaseAnswered(const v1::Activity& current,
                                               const v1::Intent& intent, const Answer& answer);

}  // namespace nscl::casework::domain
