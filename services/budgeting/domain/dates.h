// Legal dates that were checked when they came in.
#pragma once

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace nscl::budgeting::domain {

// The day of a date that time::CheckDate let in.
inline absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

}  // namespace nscl::budgeting::domain
