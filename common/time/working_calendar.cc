#include "common/time/working_calendar.h"

#include <algorithm>

namespace nscl::time {

bool WorkingCalendar::IsWorking(absl::CivilDay day) const {
  auto exception = exceptions_.find(day);
  if (exception != exceptions_.end()) return exception->second;
  return weekend_.count(absl::GetWeekday(day)) == 0;
}

absl::CivilDay WorkingCalendar::Due(absl::CivilDay received, int days) const {
  absl::CivilDay day = received;
  // A calendar without a single working day ends the count too.
  absl::CivilDay limit = received + 4 * int64_t{kMaxDays};
  for (int left = std::min(days, kMaxDays); left > 0 && day < limit;) {
    ++day;
    if (IsWorking(day)) --left;
  }
  return day;
}

int WorkingCalendar::Between(absl::CivilDay from, absl::CivilDay to) const {
  int count = 0;
  for (absl::CivilDay day = from + 1; day <= to && count < kMaxDays; ++day) {
    if (IsWorking(day)) ++count;
  }
  return count;
}

}  // namespace nscl::time
