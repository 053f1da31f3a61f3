// Legal dates: days of Viet Nam, where it is always seven hours ahead of UTC, without daylight
// saving. No time zone data is needed.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/status/error.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace nscl::time {

// Years that a date in a request or a file may have.
inline constexpr int kFirstYear = 1900;
inline constexpr int kLastYear = 2200;

// A whole date that exists. INVALID_ARGUMENT `DATE` for 2025-02-30, for a date without day, month
// or year, and for years out of range.
absl::StatusOr<absl::CivilDay> ToCivilDay(const google::type::Date& date);
google::type::Date ToDate(absl::CivilDay day);

// Adds a violation `DATE` unless the date is whole and exists; returns whether it is.
bool CheckDate(status::Violations& violations, absl::string_view path,
               const google::type::Date& date);

// "2026-11-15" and back. INVALID_ARGUMENT `DATE`.
absl::StatusOr<absl::CivilDay> ParseIsoDate(absl::string_view text);
std::string FormatIsoDate(absl::CivilDay day);
// "15/11/2026", as papers print it.
std::string FormatDate(absl::CivilDay day);

// The day that it is in Viet Nam at an instant, and the instant at which a day begins there.
absl::CivilDay VietnamDay(absl::Time instant);
absl::Time StartOfVietnamDay(absl::CivilDay day);

google::protobuf::Timestamp ToTimestamp(absl::Time instant);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);

// An obligation's last day. "Trước ngày 15/11" is read strictly: what comes on the day itself is
// late. No legal text settles it, so each obligation says whether the day counts (`inclusive`).
struct Deadline {
  absl::CivilDay day;
  bool inclusive = false;

  // The first instant that is late.
  absl::Time Closes() const { return StartOfVietnamDay(inclusive ? day + 1 : day); }
  // The last day on which it can be met.
  absl::CivilDay LastDay() const { return inclusive ? day : day - 1; }
  bool Met(absl::Time instant) const { return instant < Closes(); }
  bool MetOn(absl::CivilDay acted_on) const { return acted_on <= LastDay(); }
};

}  // namespace nscl::time
