// The two ends of an activity: settled after it was held, or cancelled before.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/activity_service.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::SettleActivityRequest& request);
absl::Status Check(const v1::CancelActivityRequest& request);

// HELD to SETTLED where everything bound was paid; else to SETTLEMENT_PENDING with an intent to
// release the rest. The final payment comes first.
absl::StatusOr<ActivityChange> SettleActivity(const v1::Activity& current,
                                              const v1::SettleActivityRequest& request);
// PLANNED or ESTIMATED to CANCELLED; APPROVED or OPEN to CANCELLATION_PENDING with an intent to
// release.
absl::StatusOr<ActivityChange> Cancel(const v1::Activity& current,
                                      const v1::CancelActivityRequest& request);
// SETTLEMENT_PENDING to SETTLED, CANCELLATION_PENDING to CANCELLED, or back to where it was.
absl::StatusOr<ActivityChange> RestReleased(const v1::Activity& current, const v1::Intent& intent,
                                            const Answer& answer);

}  // namespace nscl::casework::domain
