// Notices a wall clock that jumps forward, by what a steady clock says passed between two readings.
// A quiet night is no jump.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "common/time/clock.h"

namespace nscl::store {

// Forward jumps up to this are taken as they come. Commit times, and with them the expiry of
// reservations and of kept answers, follow the clock: one hour ahead is an incident, not a
// correction by NTP.
inline constexpr absl::Duration kMaxClockJump = absl::Minutes(5);

// The machine's clock since boot, sleep included: a laptop that wakes up did not jump. Its absolute
// value means nothing.
const time::Clock& SteadyClock();

// Not thread-safe: the writer's.
class ClockGuard {
 public:
  // Without a steady clock no jump is seen: tests that set the wall clock by hand.
  ClockGuard(const time::Clock* wall, const time::Clock* steady) : wall_(wall), steady_(steady) {}

  // Reads the wall clock.
  absl::Time Now() {
    absl::Time now = wall_->Now();
    if (steady_ == nullptr) return now;
    absl::Time steady = steady_->Now();
    if (wall_before_.has_value()) {
      absl::Time expected = *wall_before_ + (steady - *steady_before_);
      if (now - expected > kMaxClockJump) {
        jump_ = Jump{expected, now};
        return now;  // the readings before the jump stay, so that a clock set back is well again
      }
    }
    jump_.reset();
    wall_before_ = now;
    steady_before_ = steady;
    return now;
  }

  struct Jump {
    absl::Time expected;
    absl::Time seen;
  };
  const std::optional<Jump>& jump() const { return jump_; }

  // The clock was looked at and is right.
  void Confirm() {
    wall_before_.reset();
    jump_.reset();
  }

 private:
  const time::Clock* const wall_;
  const time::Clock* const steady_;
  std::optional<absl::Time> wall_before_;
  std::optional<absl::Time> steady_before_;
  std::optional<Jump> jump_;
};

}  // namespace nscl::store
