// Holding an activity: open it, record who attends, and that it took place.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/activity_service.pb.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

inline constexpr int kMaxAttendances = 2000;
inline constexpr int kMaxAttendancesInRequest = 500;

absl::Status Check(const v1::OpenActivityRequest& request);
absl::Status Check(const v1::RecordAttendanceRequest& request);
absl::Status Check(const v1::HoldActivityRequest& request);

// APPROVED to OPEN.
absl::StatusOr<ActivityChange> Open(const v1::Activity& current,
                                    const v1::OpenActivityRequest& request);
// OPEN stays: adds rows. A row is a turn (ACT-01).
absl::StatusOr<ActivityChange> RecordAttendance(const v1::Activity& current,
                                                const v1::RecordAttendanceRequest& request);
// OPEN to HELD. ACT-05: it counts with an attendance list and a completion record.
absl::StatusOr<ActivityChange> Hold(const v1::Activity& current,
                                    const v1::HoldActivityRequest& request);

}  // namespace nscl::casework::domain
