#include "services/casework/clients/backoff.h"

#include <algorithm>

namespace nscl::casework {

absl::Duration WaitAfter(int attempts) {
  // 0.1 s * 2^10 is beyond the longest wait.
  const int doublings = std::clamp(attempts - 1, 0, 10);
  return std::min(kFirstWait * (int64_t{1} << doublings), kLongestWait);
}

absl::Duration Jittered(absl::Duration wait, std::mt19937_64& random) {
  return wait * std::uniform_real_distribution<double>(0.5, 1.0)(random);
}

}  // namespace nscl::casework
