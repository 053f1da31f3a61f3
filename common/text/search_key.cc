#include "common/text/search_key.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

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

icu::UnicodeString FoldToUnicode(absl::string_view text) {
  icu::UnicodeString source = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
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

}  // namespace

std::string Fold(absl::string_view text) {
  std::string folded;
  FoldToUnicode(text).toUTF8String(folded);
  return folded;
}

std::string SearchKey(absl::string_view text) {
  icu::UnicodeString folded = FoldToUnicode(text);
  std::string letters;
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    UChar32 c = folded.char32At(i);
    if (c == 'y') c = 'i';
    icu::UnicodeString(u_isalnum(c) ? c : UChar32{' '}).toUTF8String(letters);
  }
  std::vector<std::string> words = absl::StrSplit(letters, ' ', absl::SkipEmpty());
  for (std::string& word : words) {
    if (word == "ngan") word = "nghin";
  }
  return absl::StrJoin(words, " ");
}

}  // namespace nscl::text
