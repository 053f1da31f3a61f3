#include "common/text/clean.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"

namespace nscl::text {
namespace {

// A text of more bytes than this for each character it may have is too long whatever it holds: NFC
// at most triples the length of UTF-8 and 4 bytes make a character, so nothing acceptable is
// refused.
constexpr size_t kMaxBytesPerChar = 16;

absl::Status BadCharacter(size_t position, UChar32 code_point) {
  bool broken = code_point < 0;
  std::string code = broken ? "" : absl::StrFormat("U+%04X", static_cast<uint32_t>(code_point));
  return status::Error(absl::StatusCode::kInvalidArgument, "INVALID_TEXT")
      .Meta("position", position)
      .Meta("code_point", code)
      .En(broken ? std::string("is not UTF-8") : absl::StrCat("may not hold ", code),
          ", at character ", position)
      .Vi(broken ? std::string("không phải UTF-8") : absl::StrCat("không được chứa ký tự ", code),
          ", tại ký tự thứ ", position);
}

bool IsTaken(UChar32 c, bool multiline) {
  switch (u_charType(c)) {
    case U_CONTROL_CHAR:
      return multiline && (c == '\n' || c == '\t');
    case U_SURROGATE:
    case U_PRIVATE_USE_CHAR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
      return false;
    case U_FORMAT_CHAR:
      // Joiners are part of words and emoji; direction marks, byte order marks and invisible
      // operators make a text look like another.
      return c == 0x200C || c == 0x200D;
    default:
      return !U_IS_UNICODE_NONCHAR(c);
  }
}

const icu::Normalizer2& Normaliser() {
  static const icu::Normalizer2* nfc = [] {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* instance = icu::Normalizer2::getNFCInstance(error);
    if (U_FAILURE(error)) {
      std::fprintf(stderr, "ICU has no NFC data: %s\n", u_errorName(error));
      std::abort();
    }
    return instance;
  }();
  return *nfc;
}

absl::Status BadLength(absl::string_view chars, const TextRule& rule) {
  return status::Error(absl::StatusCode::kInvalidArgument, "TEXT_LENGTH")
      .Meta("min", rule.min_chars)
      .Meta("max", rule.max_chars)
      .En("must have ", rule.min_chars, " to ", rule.max_chars, " characters, has ", chars)
      .Vi("phải có từ ", rule.min_chars, " đến ", rule.max_chars, " ký tự, đang có ", chars);
}

}  // namespace

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

size_t CountChars(absl::string_view utf8) {
  return static_cast<size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string Nfc(absl::string_view text) {
  const int32_t size = static_cast<int32_t>(text.size());
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(text.data());
  for (int32_t i = 0; i < size;) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) return std::string(text);
  }
  UErrorCode error = U_ZERO_ERROR;
  const icu::UnicodeString normal =
      Normaliser().normalize(icu::UnicodeString::fromUTF8({text.data(), size}), error);
  std::string utf8;
  if (U_FAILURE(error)) return std::string(text);
  normal.toUTF8String(utf8);
  return utf8;
}

absl::StatusOr<std::string> Clean(absl::string_view text, const TextRule& rule) {
  if (text.size() > rule.max_chars * kMaxBytesPerChar) return BadLength("more", rule);
  const uint8_t* bytes = reinterpret_cast<const uint8_t*>(text.data());
  int32_t size = static_cast<int32_t>(text.size());
  bool blank = true;
  bool ascii = true;
  size_t chars = 0;
  for (int32_t i = 0; i < size; ++chars) {
    UChar32 c;
    U8_NEXT(bytes, i, size, c);  // NOLINT(bugprone-inc-dec-in-conditions): ICU's macro
    if (c < 0 || !IsTaken(c, rule.multiline)) return BadCharacter(chars, c);
    if (!u_isUWhiteSpace(c)) blank = false;
    if (c >= 0x80) ascii = false;
  }
  std::string clean = ascii ? std::string(text) : Nfc(text);
  if (!ascii) chars = CountChars(clean);
  if (chars > rule.max_chars || chars < rule.min_chars) return BadLength(absl::StrCat(chars), rule);
  if (rule.min_chars > 0 && blank) return BadLength("only blanks", rule);
  return clean;
}

bool CleanField(status::Violations& violations, absl::string_view path, std::string* field,
                const TextRule& rule) {
  absl::StatusOr<std::string> clean = Clean(*field, rule);
  if (!clean.ok()) {
    violations.AddAll(clean.status(), path);
    return false;
  }
  *field = *std::move(clean);
  return true;
}

}  // namespace nscl::text
