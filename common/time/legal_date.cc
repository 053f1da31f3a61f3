#include "common/time/legal_date.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace nscl::time {
namespace {

absl::TimeZone Vietnam() {
  static const absl::TimeZone zone = absl::FixedTimeZone(7 * 60 * 60);
  return zone;
}

bool IsLegal(int64_t year, int month, int day) {
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12 || day < 1) return false;
  // CivilDay makes 2 March of 30 February.
  absl::CivilDay normalised(year, month, day);
  return normalised.month() == month && normalised.day() == day;
}

std::string English(absl::string_view shown) {
  return absl::StrCat("\"", shown, "\" is no date of the years ", kFirstYear, " to ", kLastYear);
}

std::string Vietnamese(absl::string_view shown) {
  return absl::StrCat("\"", shown, "\" không phải là ngày có thật trong các năm ", kFirstYear,
                      " - ", kLastYear);
}

absl::Status NoDate(absl::string_view shown) {
  return status::Error(absl::StatusCode::kInvalidArgument, "DATE")
      .Meta("date", shown)
      .En(English(shown))
      .Vi(Vietnamese(shown));
}

std::string Shown(const google::type::Date& date) {
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

}  // namespace

absl::StatusOr<absl::CivilDay> ToCivilDay(const google::type::Date& date) {
  if (!IsLegal(date.year(), date.month(), date.day())) return NoDate(Shown(date));
  return absl::CivilDay(date.year(), date.month(), date.day());
}

google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int32_t>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

bool CheckDate(status::Violations& violations, absl::string_view path,
               const google::type::Date& date) {
  return violations.Check(IsLegal(date.year(), date.month(), date.day()), path, "DATE",
                          English(Shown(date)), Vietnamese(Shown(date)));
}

absl::StatusOr<absl::CivilDay> ParseIsoDate(absl::string_view text) {
  int year, month, day;
  bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  for (size_t i = 0; shaped && i < text.size(); ++i) {
    shaped = i == 4 || i == 7 || absl::ascii_isdigit(text[i]);
  }
  if (!shaped || !absl::SimpleAtoi(text.substr(0, 4), &year) ||
      !absl::SimpleAtoi(text.substr(5, 2), &month) || !absl::SimpleAtoi(text.substr(8, 2), &day) ||
      !IsLegal(year, month, day)) {
    return NoDate(text.substr(0, 40));
  }
  return absl::CivilDay(year, month, day);
}

std::string FormatIsoDate(absl::CivilDay day) {
  return absl::StrFormat("%04d-%02d-%02d", day.year(), day.month(), day.day());
}

std::string FormatDate(absl::CivilDay day) {
  return absl::StrFormat("%02d/%02d/%04d", day.day(), day.month(), day.year());
}

absl::CivilDay VietnamDay(absl::Time instant) { return absl::ToCivilDay(instant, Vietnam()); }

absl::Time StartOfVietnamDay(absl::CivilDay day) { return absl::FromCivil(day, Vietnam()); }

google::protobuf::Timestamp ToTimestamp(absl::Time instant) {
  google::protobuf::Timestamp timestamp;
  int64_t seconds = absl::ToUnixSeconds(instant);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(instant - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

}  // namespace nscl::time
