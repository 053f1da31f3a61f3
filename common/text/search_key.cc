#include "common/text/search_key.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace nscl::text {
namespace {

const icu::Normalizer2& Nfkd() {
  static const icu::Normalizer2* nfkd = [] {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* instance = icu::Normalizer2::getNFKDInstance(error);
    if (U_FAILURE(error)) {
      std::fprintf(stderr, "ICU has no NFKD data: %s\n", u_errorName(error));
      std::abort();
    }
    return instance;
  }();
  return *nfkd;
}

icu::UnicodeString FoldToUnicode(const icu::UnicodeString& source) {
  UErrorCode error = U_ZERO_ERROR;
  icu::UnicodeString decomposed = Nfkd().normalize(source, error);
  icu::UnicodeString folded;
  for (int32_t i = 0; i < decomposed.length(); i = decomposed.moveIndex32(i, 1)) {
    UChar32 c = decomposed.char32At(i);
    if (u_charType(c) == U_NON_SPACING_MARK) continue;
    // đ has no decomposition.
    folded.append(c == 0x0110 || c == 0x0111 ? UChar32{'d'} : u_foldCase(c, U_FOLD_CASE_DEFAULT));
  }
  return folded;
}

// What a character becomes in a key: letters and digits in UTF-8, " " for other signs, "" for what
// is dropped.
std::string KeyOfCharacter(UChar32 c) {
  std::string key;
  const icu::UnicodeString folded = FoldToUnicode(icu::UnicodeString(c));
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    UChar32 part = folded.char32At(i);
    if (part == 'y') part = 'i';
    icu::UnicodeString(u_isalnum(part) ? part : UChar32{' '}).toUTF8String(key);
  }
  return key;
}

// The keys of the characters that nearly every text is made of: Latin with its extensions.
class KeyTable {
 public:
  KeyTable() {
    for (UChar32 c = 0; c < kEnd; ++c) keys_[c] = KeyOfCharacter(c);
  }

  const std::string& Of(UChar32 c, std::string* other) const {
    if (c >= 0 && c < kEnd) return keys_[c];
    return *other = KeyOfCharacter(c < 0 ? UChar32{0xFFFD} : c);
  }

 private:
  static constexpr UChar32 kEnd = 0x2000;
  std::array<std::string, kEnd> keys_;
};

}  // namespace

std::string Fold(absl::string_view text) {
  std::string folded;
  FoldToUnicode(icu::UnicodeString::fromUTF8(
                    icu::StringPiece(text.data(), static_cast<int32_t>(text.size()))))
      .toUTF8String(folded);
  return folded;
}

std::string WordsKey(absl::string_view text) {
  static const KeyTable& table = *new KeyTable;
  std::string key, other;
  bool word_ended = false;
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT(bytes, i, length, c);
    for (char part : table.Of(c, &other)) {
      if (part == ' ') {
        word_ended = true;
        continue;
      }
      if (word_ended && !key.empty()) key.push_back(' ');
      word_ended = false;
      key.push_back(part);
    }
  }
  return key;
}

std::string SearchKey(absl::string_view text) {
  std::vector<std::string> words = absl::StrSplit(WordsKey(text), ' ', absl::SkipEmpty());
  for (std::string& word : words) {
    if (word == "ngan") word = "nghin";
  }
  return absl::StrJoin(words, " ");
}

}  // namespace nscl::text
