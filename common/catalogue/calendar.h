// Weekends, holidays and swapped days (deploy/catalogue/calendar.json).
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/time/working_calendar.h"

namespace nscl::catalogue {

// A row is a day that differs from its weekday: HOLIDAY is off; SWAPPED is the other way round than
// its weekday (a Saturday worked for a bridge day, and that bridge day).
absl::StatusOr<time::WorkingCalendar> LoadCalendar(absl::string_view dir);
absl::StatusOr<time::WorkingCalendar> ParseCalendar(absl::string_view text);

}  // namespace nscl::catalogue
