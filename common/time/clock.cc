#include "common/time/clock.h"

#include "absl/time/clock.h"

namespace nscl::time {
namespace {

class MachineClock : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace

const Clock& SystemClock() {
  static const MachineClock clock;
  return clock;
}

}  // namespace nscl::time
