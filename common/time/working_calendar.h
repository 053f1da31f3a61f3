// Working days. Saturdays and Sundays are off unless rows say otherwise; holidays and swapped days
// come from the yearly announcement, as data (deploy/catalogue/calendar.json).
#pragma once

#include <set>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/time/civil_time.h"

namespace nscl::time {

class WorkingCalendar {
 public:
  // Saturday and Sunday off, no holidays.
  WorkingCalendar() : weekend_({absl::Weekday::saturday, absl::Weekday::sunday}) {}
  explicit WorkingCalendar(std::set<absl::Weekday> weekend) : weekend_(std::move(weekend)) {}

  // A day that would be a working day and is not, or the other way round.
  void SetHoliday(absl::CivilDay day) { exceptions_[day] = false; }
  void SetWorking(absl::CivilDay day) { exceptions_[day] = true; }

  bool IsWorking(absl::CivilDay day) const;

  // The day that ends a term of `days` working days: counting starts on the next working day after
  // `received` (inference; ND 80/2021 Đ32 names the number only). 0 days: `received` itself. `days`
  // is 0 to kMaxDays.
  absl::CivilDay Due(absl::CivilDay received, int days) const;

  // Working days after `from`, up to and including `to`; 0 where `to` is not after `from`.
  int Between(absl::CivilDay from, absl::CivilDay to) const;

  // Longest term that can be counted.
  static constexpr int kMaxDays = 10'000;

 private:
  std::set<absl::Weekday> weekend_;
  absl::btree_map<absl::CivilDay, bool> exceptions_;  // whether the day is a working day
};

}  // namespace nscl::time
