// The days of acts: each not before the act before it, none after today (`DATE_ORDER`). One place
// for every arrow of cases and activities; what was entered late keeps its own day.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::domain {

// The need was received today or before.
absl::Status CheckReceived(const v1::SupportCase& asked, absl::CivilDay today);

// The acts that `next` has and `before` has not, after those of `before`. What ends a case or an
// activity is not dated before its latest payment either; an activity opens on or after its
// approval, on a day that may be to come, and is held on or after its first day.
absl::Status CheckActDays(const v1::SupportCase& before, const v1::SupportCase& next,
                          absl::CivilDay today);
absl::Status CheckActDays(const v1::Activity& before, const v1::Activity& next,
                          absl::CivilDay today);

}  // namespace nscl::casework::domain
