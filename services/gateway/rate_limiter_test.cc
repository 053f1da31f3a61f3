#include "services/gateway/rate_limiter.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace nscl::gateway {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);

TEST(RateLimiterTest, BurstThenRate) {
  RateLimiter limiter(/*per_second=*/2, /*burst=*/3);
  const struct {
    absl::Duration at;
    const char* client;
    absl::Duration wait;
  } rows[] = {
      {absl::ZeroDuration(), "a", absl::ZeroDuration()},
      {absl::ZeroDuration(), "a", absl::ZeroDuration()},
      {absl::ZeroDuration(), "a", absl::ZeroDuration()},
      {absl::ZeroDuration(), "a", absl::Milliseconds(500)},
      {absl::ZeroDuration(), "b", absl::ZeroDuration()},  // each client has its own
      {absl::Milliseconds(250), "a", absl::Milliseconds(250)},
      {absl::Milliseconds(500), "a", absl::ZeroDuration()},
      {absl::Milliseconds(500), "a", absl::Milliseconds(500)},
      {absl::Hours(1), "a", absl::ZeroDuration()},  // never more than the burst
      {absl::Hours(1), "a", absl::ZeroDuration()},
      {absl::Hours(1), "a", absl::ZeroDuration()},
      {absl::Hours(1), "a", absl::Milliseconds(500)},
      {absl::Minutes(59), "a", absl::Milliseconds(500)},  // a clock that goes back gives nothing
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.client, " at ", absl::FormatDuration(row.at)));
    EXPECT_NEAR(absl::ToDoubleMilliseconds(limiter.Take(row.client, kStart + row.at)),
                absl::ToDoubleMilliseconds(row.wait), 0.001);
  }
}

TEST(RateLimiterTest, ZeroIsNoLimit) {
  RateLimiter limiter(0, 0);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(limiter.Take("a", kStart), absl::ZeroDuration());
}

TEST(RateLimiterTest, RemembersABoundedNumberOfClients) {
  RateLimiter limiter(1, 1);
  for (int i = 0; i < 30'000; ++i) {
    EXPECT_EQ(limiter.Take(absl::StrCat(i), kStart), absl::ZeroDuration());
  }
}

}  // namespace
}  // namespace nscl::gateway
