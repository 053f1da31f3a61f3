#include "common/store/clock_guard.h"

#include <time.h>

namespace nscl::store {
namespace {

class BootClock : public time::Clock {
 public:
  absl::Time Now() const override {
    timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return absl::TimeFromTimespec(now);
  }
};

}  // namespace

const time::Clock& SteadyClock() {
  static const BootClock clock;
  return clock;
}

}  // namespace nscl::store
