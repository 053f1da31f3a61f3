// Legal dates (google.type.Date, a day in Viet Nam) as days that can be counted with.
#pragma once

#include <optional>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace nscl::reporting::domain {

inline google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

// Nullopt where the day does not exist (a blank part, 30 February).
inline std::optional<absl::CivilDay> ToCivilDay(const google::type::Date& date) {
  absl::CivilDay day(date.year(), date.month(), date.day());
  if (date.year() < 1 || day.year() != date.year() || day.month() != date.month() ||
      day.day() != date.day()) {
    return std::nullopt;
  }
  return day;
}

}  // namespace nscl::reporting::domain
