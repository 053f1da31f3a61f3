#include "common/sheet/xlsx_values.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "common/time/legal_date.h"

namespace nscl::sheet {
namespace {

// Days from the epoch of the older Macintosh workbooks to the other.
constexpr double kDaysTo1904 = 1462;
constexpr double kSecondsOfDay = 86400;
// Serial numbers count a 29/02/1900 that never was.
constexpr double kFalseLeapDay = 60;
constexpr double kMaxSerial = 2'958'465;  // 31/12/9999
constexpr double kMaxExact = 1e15;

std::string DateText(double serial, absl::string_view value, bool dates_from_1904) {
  if (dates_from_1904) serial += kDaysTo1904;
  if (serial < 1 || serial > kMaxSerial) return std::string(value);
  const double day = std::floor(serial);
  const absl::CivilDay date =
      (serial < kFalseLeapDay ? absl::CivilDay(1899, 12, 31) : absl::CivilDay(1899, 12, 30)) +
      static_cast<int64_t>(day);
  const int64_t seconds = static_cast<int64_t>(std::llround((serial - day) * kSecondsOfDay));
  if (seconds == 0) return time::FormatIsoDate(date);
  return absl::StrFormat("%s %02d:%02d:%02d", time::FormatIsoDate(date), seconds / 3600,
                         seconds / 60 % 60, seconds % 60);
}

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

}  // namespace

NumberFormat BuiltInFormat(int id) {
  const bool date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
                    (id >= 50 && id <= 58);
  return {.date = date};
}

NumberFormat FormatOfCode(absl::string_view code) {
  // Only the part for positive numbers counts.
  std::string plain;
  for (size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    if (code[i] == '"') {
      i = code.find('"', i + 1);
      if (i == absl::string_view::npos) break;
    } else if (code[i] == '[') {
      const size_t end = code.find(']', i);
      if (end == absl::string_view::npos) break;
      // [h], [mm] and [ss] are durations; colours and conditions say nothing.
      i = end;
    } else if (code[i] == '\\' || code[i] == '_' || code[i] == '*') {
      ++i;
    } else {
      plain.push_back(absl::ascii_tolower(code[i]));
    }
  }
  if (plain == "general") return {};
  if (!plain.empty() && plain.find_first_not_of('0') == std::string::npos) {
    return {.padded_digits = static_cast<int>(plain.size())};
  }
  return {.date = plain.find_first_of("ymdhs") != std::string::npos};
}

std::string NumberText(absl::string_view value, const NumberFormat& format, bool dates_from_1904) {
  if (!format.date && AllDigits(value)) {
    const size_t digits = static_cast<size_t>(format.padded_digits);
    if (value.size() >= digits) return std::string(value);
    return absl::StrCat(std::string(digits - value.size(), '0'), value);
  }
  double number = 0;
  if (!absl::SimpleAtod(value, &number) || !std::isfinite(number)) return std::string(value);
  if (format.date) return DateText(number, value, dates_from_1904);
  if (number == std::floor(number) && std::abs(number) < kMaxExact) {
    return absl::StrFormat("%.0f", number);
  }
  // What was typed: fifteen digits are all that a spreadsheet keeps.
  return absl::StrFormat("%.15g", number);
}

namespace {

constexpr size_t kEscapeBytes = 7;  // _x000D_

// The character of an escape at the beginning of the text; none where there is no escape.
absl::optional<uint32_t> EscapedAt(absl::string_view text) {
  const absl::string_view escape = text.substr(0, kEscapeBytes);
  uint32_t code = 0;
  if (escape.size() < kEscapeBytes || escape.back() != '_' ||
      !std::all_of(escape.begin() + 2, escape.end() - 1, absl::ascii_isxdigit) ||
      !absl::SimpleHexAtoi(escape.substr(2, 4), &code)) {
    return absl::nullopt;
  }
  return code;
}

}  // namespace

std::string Unescape(absl::string_view text) {
  std::string plain;
  size_t from = 0;
  for (size_t at = text.find("_x"); at != absl::string_view::npos; at = text.find("_x", at)) {
    const absl::optional<uint32_t> code = EscapedAt(text.substr(at));
    if (!code.has_value() || *code >= 0x80) {  // others are written as they are
      at += 2;
      continue;
    }
    absl::StrAppend(&plain, text.substr(from, at - from));
    plain.push_back(static_cast<char>(*code));
    from = at += kEscapeBytes;
  }
  absl::StrAppend(&plain, text.substr(from));
  return plain;
}

std::string Escape(absl::string_view text) {
  std::string escaped;
  size_t from = 0;
  for (size_t at = text.find("_x"); at != absl::string_view::npos; at = text.find("_x", at + 2)) {
    if (!EscapedAt(text.substr(at)).has_value()) continue;
    absl::StrAppend(&escaped, text.substr(from, at - from), "_x005F_");
    from = at + 1;  // the underscore is in the escape
  }
  absl::StrAppend(&escaped, text.substr(from));
  return escaped;
}

}  // namespace nscl::sheet
