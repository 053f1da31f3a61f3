// Budget years, which are calendar years.
#pragma once

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace nscl::time {

// The budget years that plans, cases, reservations and report rules may name. Wide enough for every
// year that is entered late or planned ahead; what lies outside is a slip of the keyboard.
inline constexpr int kFirstBudgetYear = 2000;
inline constexpr int kLastBudgetYear = 2100;

// Adds a violation `YEAR_RANGE` unless the year is one of them; returns whether it is.
bool CheckBudgetYear(status::Violations& violations, absl::string_view path, int64_t year);

}  // namespace nscl::time
