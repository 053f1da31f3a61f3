// A token bucket for each client.
#pragma once

#include <cstddef>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::gateway {

class RateLimiter {
 public:
  // `per_second` calls on the long run, `burst` at once. 0 per second: no limit.
  RateLimiter(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

  // Takes a token of the client's. Zero where it may go on, else how long it must wait.
  absl::Duration Take(absl::string_view client, absl::Time now);

 private:
  struct Bucket {
    double tokens;
    absl::Time filled_at;
  };
  // At most so many clients are remembered; full buckets are the same as none and go first.
  static constexpr size_t kClients = 10'000;

  const double per_second_;
  const double burst_;
  std::mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_;
};

}  // namespace nscl::gateway
