#include "services/gateway/rate_limiter.h"

#include <algorithm>

namespace nscl::gateway {

absl::Duration RateLimiter::Take(absl::string_view client, absl::Time now) {
  if (per_second_ <= 0) return absl::ZeroDuration();
  std::lock_guard<std::mutex> lock(mutex_);
  const auto filled = [&](const Bucket& bucket) {
    const double since = std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled_at));
    return std::min(burst_, bucket.tokens + since * per_second_);
  };
  if (buckets_.size() >= kClients && !buckets_.contains(client)) {
    absl::erase_if(buckets_, [&](const auto& row) { return filled(row.second) >= burst_; });
    // All of them busy at once is an attack by many: forget one rather than grow.
    if (buckets_.size() >= kClients) buckets_.erase(buckets_.begin());
  }
  Bucket& bucket = buckets_.try_emplace(client, Bucket{burst_, now}).first->second;
  bucket.tokens = filled(bucket);
  bucket.filled_at = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return absl::ZeroDuration();
  }
  return absl::Seconds((1 - bucket.tokens) / per_second_);
}

}  // namespace nscl::gateway
