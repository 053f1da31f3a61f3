// How long an intent waits between attempts.
#pragma once

#include <cstdint>
#include <random>

#include "absl/time/time.h"

namespace nscl::casework {

inline constexpr absl::Duration kFirstWait = absl::Milliseconds(100);
inline constexpr absl::Duration kLongestWait = absl::Seconds(60);

// The wait after `attempts` attempts, without chance: 0.1 s, doubled up to 60 s.
absl::Duration WaitAfter(int attempts);
// Half of it to all of it by chance, so that what failed together does not return together.
absl::Duration Jittered(absl::Duration wait, std::mt19937_64& random);

}  // namespace nscl::casework
