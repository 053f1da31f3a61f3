#include "common/money/printed.h"

#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/money/money.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::money {
namespace {

// Longer texts are no amounts.
constexpr size_t kMaxPrintedBytes = 40;

status::Error Refusal(absl::string_view reason, absl::string_view text) {
  return status::Error(absl::StatusCode::kInvalidArgument, reason).Meta("text", text);
}

absl::Status NotANumber(absl::string_view text) {
  return Refusal("PRINTED_NUMBER", text)
      .En("\"", text, "\" is not a number as printed in Vietnamese (\"1.250,5\")")
      .Vi("\"", text, "\" không phải là số theo cách viết tiếng Việt (ví dụ \"1.250,5\")");
}

bool AllDigits(absl::string_view text) {
  if (text.empty()) return false;
  for (char c : text) {
    if (!absl::ascii_isdigit(c)) return false;
  }
  return true;
}

// Digits of the whole part without the dots.
absl::StatusOr<std::string> WholeDigits(absl::string_view text, absl::string_view whole) {
  std::vector<absl::string_view> groups = absl::StrSplit(whole, '.');
  for (absl::string_view group : groups) {
    if (!AllDigits(group)) return NotANumber(text);
  }
  std::string digits(groups[0]);
  bool grouped = groups.size() > 1;
  bool clear = !grouped || (groups[0].size() <= 3 && groups[0][0] != '0');
  for (size_t i = 1; i < groups.size(); ++i) {
    clear = clear && groups[i].size() == 3;
    absl::StrAppend(&digits, groups[i]);
  }
  if (!clear) {
    return Refusal("PRINTED_GROUPING", text)
        .En("\"", text, "\": the dots do not part groups of three digits; it may mean two things")
        .Vi("\"", text, "\": dấu chấm không ngăn đúng từng nhóm ba chữ số nên không rõ giá trị");
  }
  return digits;
}

// The printed number times `multiplier`, a power of ten.
absl::StatusOr<int64_t> ParseScaled(absl::string_view text, int64_t multiplier, int64_t max,
                                    absl::string_view fraction_reason) {
  if (absl::StripAsciiWhitespace(text).empty()) {
    return Refusal("PRINTED_BLANK", text)
        .En("nothing is printed; a blank is not a zero")
        .Vi("ô để trống; để trống không có nghĩa là số không");
  }
  if (text.size() > kMaxPrintedBytes) return NotANumber(text.substr(0, kMaxPrintedBytes));
  std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  if (parts.size() > 2) return NotANumber(text);
  ASSIGN_OR_RETURN(std::string digits, WholeDigits(text, parts[0]));
  absl::string_view decimals = parts.size() == 2 ? parts[1] : "";
  if (parts.size() == 2 && !AllDigits(decimals)) return NotANumber(text);
  decimals = decimals.substr(0, decimals.find_last_not_of('0') + 1);
  for (; multiplier > 1; multiplier /= 10) {
    digits.push_back(decimals.empty() ? '0' : decimals[0]);
    if (!decimals.empty()) decimals.remove_prefix(1);
  }
  if (!decimals.empty()) {
    return Refusal(fraction_reason, text)
        .En("\"", text, "\" has more decimals than can be kept")
        .Vi("\"", text, "\" có phần lẻ nhỏ hơn đơn vị được ghi nhận");
  }
  int64_t value = 0;
  for (char c : digits) {
    int digit = c - '0';
    if (value > (max - digit) / 10) {
      return Refusal("AMOUNT_RANGE", text)
          .Meta("max", max)
          .En("\"", text, "\" is more than the limit of ", max)
          .Vi("\"", text, "\" vượt quá giới hạn ", FormatVnd(max));
    }
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace

absl::StatusOr<int64_t> ParseVnd(absl::string_view text, int64_t multiplier) {
  return ParseScaled(text, multiplier, kMaxAmountVnd, "FRACTION_OF_DONG");
}

absl::StatusOr<int64_t> ParseVndWithUnit(absl::string_view text) {
  constexpr struct {
    absl::string_view words;
    int64_t multiplier;
  } kUnits[] = {
      {"nghìn đồng", 1'000},      {"ngàn đồng", 1'000},       {"triệu đồng", 1'000'000},
      {"tỷ đồng", 1'000'000'000}, {"tỉ đồng", 1'000'000'000}, {"đồng", 1},
  };
  absl::string_view number = absl::StripAsciiWhitespace(text);
  for (const auto& unit : kUnits) {
    if (absl::ConsumeSuffix(&number, unit.words)) {
      return ParseVnd(absl::StripTrailingAsciiWhitespace(number), unit.multiplier);
    }
  }
  return ParseVnd(number, 1);
}

absl::StatusOr<int64_t> ParseThousandths(absl::string_view text) {
  return ParseScaled(text, kThousandthsPerUnit, kMaxAmountVnd, "PRINTED_NUMBER");
}

std::string FormatVnd(int64_t amount_vnd) {
  std::string digits = absl::StrCat(amount_vnd);
  size_t first = amount_vnd < 0 ? 1 : 0;
  for (size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ".");
  }
  return digits;
}

std::string FormatThousandths(int64_t thousandths) {
  std::string text = FormatVnd(thousandths / kThousandthsPerUnit);
  if (thousandths < 0 && thousandths > -kThousandthsPerUnit) text.insert(0, "-");
  int64_t rest = thousandths % kThousandthsPerUnit;
  if (rest == 0) return text;
  std::string decimals = absl::StrCat(absl::Dec(rest < 0 ? -rest : rest, absl::kZeroPad3));
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return absl::StrCat(text, ",", decimals);
}

}  // namespace nscl::money
