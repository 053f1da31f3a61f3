#include "common/text/number_words.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/types/span.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::text {
namespace {

constexpr absl::string_view kDigits[] = {"không", "một", "hai", "ba",  "bốn",
                                         "năm",   "sáu", "bảy", "tám", "chín"};
constexpr uint64_t kBillion = 1'000'000'000;
// The longest amount in words has about 300 bytes.
constexpr size_t kMaxBytes = 1'000;

// Spellings that papers use beside those above.
constexpr std::pair<absl::string_view, absl::string_view> kVariants[] = {
    {"tỉ", "tỷ"}, {"ngàn", "nghìn"}, {"lẻ", "linh"}, {"bẩy", "bảy"}, {"nhăm", "lăm"},
};

using Words = std::vector<std::string>;

// --- To words.

// One group of three digits. `full`: a higher group stands before, so that "không trăm" is said.
void AppendGroup(uint64_t group, bool full, Words* out) {
  uint64_t hundreds = group / 100, tens = group / 10 % 10, units = group % 10;
  bool said = hundreds > 0 || full;
  if (said) {
    out->emplace_back(kDigits[hundreds]);
    out->emplace_back("trăm");
  }
  if (tens == 0) {
    if (units == 0) return;
    if (said) out->emplace_back("linh");
    out->emplace_back(kDigits[units]);
    return;
  }
  if (tens > 1) out->emplace_back(kDigits[tens]);
  out->emplace_back(tens == 1 ? "mười" : "mươi");
  if (units == 0) return;
  absl::string_view unit = kDigits[units];
  if (units == 5) unit = "lăm";
  if (tens > 1 && units == 1) unit = "mốt";
  if (tens > 1 && units == 4) unit = "tư";
  out->emplace_back(unit);
}

void AppendNumber(uint64_t number, bool full, Words* out) {
  if (uint64_t billions = number / kBillion; billions > 0) {
    AppendNumber(billions, full, out);
    out->emplace_back("tỷ");
    full = true;
  }
  constexpr std::pair<uint64_t, absl::string_view> kGroups[] = {
      {1'000'000, "triệu"}, {1'000, "nghìn"}, {1, ""}};
  for (const auto& [scale, name] : kGroups) {
    uint64_t group = number / scale % 1'000;
    if (group == 0) continue;
    AppendGroup(group, full, out);
    if (!name.empty()) out->emplace_back(name);
    full = true;
  }
}

// --- From words.

// Lower case NFC words with variants made one; commas and a closing full stop are dropped.
Words SplitWords(absl::string_view text) {
  icu::UnicodeString unicode = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  std::string lower;
  if (U_SUCCESS(error)) nfc->normalize(unicode.toLower("vi"), error).toUTF8String(lower);
  Words words = absl::StrSplit(lower, absl::ByAnyChar(" \t\r\n,;"), absl::SkipEmpty());
  if (!words.empty() && words.back().back() == '.') {
    words.back().pop_back();
    if (words.back().empty()) words.pop_back();
  }
  for (std::string& word : words) {
    for (const auto& [variant, canonical] : kVariants) {
      if (word == variant) word = std::string(canonical);
    }
  }
  return words;
}

class WordsParser {
 public:
  explicit WordsParser(const Words& words) : words_(words) {}

  // The number of the words from `begin` to `end`. `higher`: a higher group stands before.
  absl::StatusOr<unsigned __int128> Number(size_t begin, size_t end, bool higher) {
    size_t billion = end;
    while (billion > begin && words_[billion - 1] != "tỷ") --billion;
    if (billion == begin) return BelowBillion(begin, end, higher);
    ASSIGN_OR_RETURN(unsigned __int128 billions, Number(begin, billion - 1, higher));
    if (billions == 0) return Unexpected(billion - 1);
    if (billions > std::numeric_limits<uint64_t>::max() / kBillion) return TooLarge();
    ASSIGN_OR_RETURN(unsigned __int128 rest, BelowBillion(billion, end, true));
    return billions * kBillion + rest;
  }

  static absl::Status TooLarge() {
    return status::Error(absl::StatusCode::kInvalidArgument, "AMOUNT_RANGE")
        .En("the amount in words is more than a 64-bit amount holds")
        .Vi("số tiền bằng chữ vượt quá giới hạn");
  }

  absl::Status Unexpected(size_t index) const {
    std::string word = index < words_.size() ? words_[index] : "";
    return status::Error(absl::StatusCode::kInvalidArgument, "AMOUNT_WORDS")
        .Meta("position", index + 1)
        .Meta("word", word)
        .En("not an amount in words, at word ", index + 1, " \"", word, "\"")
        .Vi("không phải số tiền bằng chữ, tại từ thứ ", index + 1, " \"", word, "\"");
  }

 private:
  // A digit word from 1 to 9, or -1; "tư" only where it follows "mươi".
  int Digit(size_t i, size_t end) const {
    if (i >= end) return -1;
    for (int digit = 1; digit <= 9; ++digit) {
      if (words_[i] == kDigits[digit]) return digit;
    }
    return -1;
  }

  bool Is(size_t i, size_t end, absl::string_view word) const {
    return i < end && words_[i] == word;
  }

  absl::StatusOr<unsigned __int128> BelowBillion(size_t begin, size_t end, bool higher) {
    constexpr std::pair<uint64_t, absl::string_view> kGroups[] = {
        {1'000'000, "triệu"}, {1'000, "nghìn"}, {1, ""}};
    uint64_t value = 0;
    for (const auto& [scale, name] : kGroups) {
      size_t group_end = end;
      if (!name.empty()) {
        group_end = begin;
        while (group_end < end && words_[group_end] != name) ++group_end;
        if (group_end == end) continue;  // no such group
      } else if (begin == end) {
        break;
      }
      ASSIGN_OR_RETURN(uint64_t group, Group(begin, group_end, higher, name.empty()));
      value += group * scale;
      higher = true;
      begin = group_end + 1;
    }
    return value;
  }

  // One group of three digits, all words of it. `last`: no unit follows.
  absl::StatusOr<uint64_t> Group(size_t begin, size_t end, bool higher, bool last) {
    size_t i = begin;
    uint64_t hundreds = 0;
    bool has_hundreds = false;
    if (Is(i + 1, end, "trăm")) {
      int digit = Digit(i, end);
      if (digit < 0 && !(higher && words_[i] == "không")) return Unexpected(i);
      hundreds = digit < 0 ? 0 : static_cast<uint64_t>(digit);
      has_hundreds = true;
      i += 2;
    }
    ASSIGN_OR_RETURN(uint64_t rest, BelowHundred(i, end, higher, has_hundreds, last));
    uint64_t group = hundreds * 100 + rest;
    if (group == 0) return Unexpected(begin);
    return group;
  }

  absl::StatusOr<uint64_t> BelowHundred(size_t i, size_t end, bool higher, bool has_hundreds,
                                        bool last) {
    if (i == end) return has_hundreds ? absl::StatusOr<uint64_t>(0) : Unexpected(i);
    if (words_[i] == "linh" && (higher || has_hundreds)) {
      int digit = Digit(i + 1, end);
      if (digit < 0) return Unexpected(i + 1);
      return i + 2 == end ? absl::StatusOr<uint64_t>(digit) : Unexpected(i + 2);
    }
    if (words_[i] == "mười") return Tens(1, i + 1, end);
    int digit = Digit(i, end);
    if (digit < 0) return Unexpected(i);
    if (Is(i + 1, end, "mươi")) {
      return digit == 1 ? Unexpected(i + 1) : Tens(static_cast<uint64_t>(digit), i + 2, end);
    }
    // "một trăm năm" is 150 in speech and "hai triệu năm" 2,500,000: a bare digit at the end of a
    // longer number may mean two things.
    if (has_hundreds || (higher && last) || i + 1 != end)
      return Unexpected(i + 1 != end ? i + 1 : i);
    return static_cast<uint64_t>(digit);
  }

  // What follows "mười" or "mươi".
  absl::StatusOr<uint64_t> Tens(uint64_t tens, size_t i, size_t end) {
    if (i == end) return tens * 10;
    if (i + 1 != end) return Unexpected(i + 1);
    int digit = Digit(i, end);
    if (words_[i] == "lăm")
      digit = 5;
    else if (digit == 5)
      digit = -1;
    if (tens > 1 && words_[i] == "tư") digit = 4;
    if (tens > 1 && digit == 1) digit = -1;
    if (tens > 1 && words_[i] == "mốt") digit = 1;
    if (digit < 0) return Unexpected(i);
    return tens * 10 + static_cast<uint64_t>(digit);
  }

  const Words& words_;
};

}  // namespace

std::string AmountInWords(int64_t amount_vnd) {
  Words words;
  uint64_t magnitude = static_cast<uint64_t>(amount_vnd);
  if (amount_vnd < 0) {
    words.emplace_back("âm");
    magnitude = ~magnitude + 1;
  }
  if (magnitude == 0) words.emplace_back(kDigits[0]);
  AppendNumber(magnitude, /*full=*/false, &words);
  words.emplace_back("đồng");
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(absl::StrJoin(words, " "));
  icu::UnicodeString first = text.tempSubString(0, 1);
  text.replace(0, 1, first.toUpper("vi"));
  std::string out;
  text.toUTF8String(out);
  return out;
}

absl::StatusOr<int64_t> ParseAmountInWords(absl::string_view text) {
  Words words = SplitWords(text.substr(0, kMaxBytes));
  WordsParser parser(words);
  if (text.size() > kMaxBytes) return parser.Unexpected(words.size());
  size_t end = words.size();
  if (end > 0 && words[end - 1] == "chẵn") --end;
  if (end > 0 && words[end - 1] == "đồng") --end;
  bool negative = end > 0 && words[0] == "âm";
  size_t begin = negative ? 1 : 0;
  if (begin == end) return parser.Unexpected(begin);
  if (end == 1 && words[0] == kDigits[0]) return 0;
  ASSIGN_OR_RETURN(unsigned __int128 magnitude, parser.Number(begin, end, /*higher=*/false));
  uint64_t limit = uint64_t{std::numeric_limits<int64_t>::max()} + (negative ? 1 : 0);
  if (magnitude > limit) return WordsParser::TooLarge();
  uint64_t value = static_cast<uint64_t>(magnitude);
  return static_cast<int64_t>(negative ? ~value + 1 : value);
}

}  // namespace nscl::text
