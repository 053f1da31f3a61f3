// How long casework waits for other services.
#pragma once

#include "absl/time/time.h"

namespace nscl::casework {

// A fact that a handler's caller waits for.
inline constexpr absl::Duration kFactTimeout = absl::Seconds(3);
// One attempt of an intent: nobody waits for it but its own case.
inline constexpr absl::Duration kIntentTimeout = absl::Seconds(10);

}  // namespace nscl::casework
