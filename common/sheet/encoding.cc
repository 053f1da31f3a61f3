#include "common/sheet/encoding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace nscl::sheet {
namespace {

constexpr absl::string_view kVowels = "aeiouyAEIOUY";

bool Has(absl::string_view set, char c) { return set.find(c) != absl::string_view::npos; }
bool IsVowel(char c) { return Has(kVowels, c); }
bool IsHigh(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// A scheme by what a byte beyond ASCII may be in it: a mark, which follows a vowel, or a letter by
// itself. Letters of the scheme count as vowels for marks where they are.
struct Scheme {
  const char* name;
  absl::string_view marks;          // after a vowel only
  absl::string_view letters;        // anywhere
  absl::string_view letter_vowels;  // of `letters`, those that a mark may follow
};

// Windows-1258: the five tones are marks; ă â đ ê ô ơ ư and most vowels with grave or acute (as in
// Windows-1252) are letters.
constexpr Scheme kWindows1258 = {"Windows-1258", "\xCC\xD2\xDE\xEC\xF2",
                                 "\xC3\xE3\xD0\xF0\xD5\xF5\xDD\xFD\xC2\xE2\xCA\xEA\xD4\xF4"
                                 "\xC0\xC1\xC8\xC9\xCD\xD9\xDA\xD3\xE0\xE1\xE8\xE9\xED\xF9\xFA\xF3",
                                 "\xC3\xE3\xD5\xF5\xDD\xFD\xC2\xE2\xCA\xEA\xD4\xF4"};

// TCVN3, the encoding of the .VnTime fonts: a byte for every small letter, among them the signs
// A8 to BE of Windows-1252.
constexpr Scheme kTcvn3 = {
    "TCVN3 (ABC)", "",
    "\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xAB\xAC\xAD\xAE\xB5\xB6\xB7\xB8\xB9\xBB\xBC\xBD\xBE"
    "\xC6\xC7\xC8\xC9\xCA\xCB\xCC\xCE\xCF\xD0\xD1\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xDC\xDD\xDE\xDF"
    "\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xEB\xEC\xED\xEE\xEF\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8"
    "\xF9\xFA\xFB\xFC\xFD\xFE",
    ""};

// VNI-Windows: tones, circumflex and breve are marks after the vowel; đ ơ ư and the marked i are
// letters.
constexpr Scheme kVni = {"VNI-Windows",
                         "\xD8\xD9\xDB\xD5\xCF\xC2\xC0\xC1\xC5\xC3\xC4\xCA\xC8\xC9\xDA\xDC\xCB"
                         "\xF8\xF9\xFB\xF5\xEF\xE2\xE0\xE1\xE5\xE3\xE4\xEA\xE8\xE9\xFA\xFC\xEB",
                         "\xD1\xD4\xD6\xCC\xCD\xC6\xD3\xD2\xCE\xF1\xF4\xF6\xEC\xED\xE6\xF3\xF2\xEE",
                         "\xD4\xD6\xF4\xF6"};

// The part of the high bytes that a scheme explains.
double Explained(absl::string_view text, const Scheme& scheme) {
  size_t high = 0;
  size_t explained = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsHigh(text[i])) continue;
    ++high;
    const char before = i == 0 ? ' ' : text[i - 1];
    const bool after_vowel = IsVowel(before) || Has(scheme.letter_vowels, before);
    if ((Has(scheme.marks, text[i]) && after_vowel) || Has(scheme.letters, text[i])) ++explained;
  }
  return high == 0 ? 0 : static_cast<double>(explained) / static_cast<double>(high);
}

// The part of the high bytes that are among `bytes`.
double Share(absl::string_view text, absl::string_view bytes) {
  size_t high = 0;
  size_t among = 0;
  for (char c : text) {
    if (!IsHigh(c)) continue;
    ++high;
    if (Has(bytes, c)) ++among;
  }
  return high == 0 ? 0 : static_cast<double>(among) / static_cast<double>(high);
}

// The part of the high bytes that come right after a plain vowel: nearly all marks of VNI do, and
// few letters of the others.
double AfterVowel(absl::string_view text) {
  size_t high = 0;
  size_t after = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!IsHigh(text[i])) continue;
    ++high;
    if (i > 0 && IsVowel(text[i - 1])) ++after;
  }
  return high == 0 ? 0 : static_cast<double>(after) / static_cast<double>(high);
}

}  // namespace

std::string WideEncodingOf(absl::string_view start) {
  if (absl::StartsWith(start, absl::string_view("\xFF\xFE\0\0", 4))) return "UTF-32LE";
  if (absl::StartsWith(start, absl::string_view("\0\0\xFE\xFF", 4))) return "UTF-32BE";
  if (absl::StartsWith(start, "\xFF\xFE")) return "UTF-16LE";
  if (absl::StartsWith(start, "\xFE\xFF")) return "UTF-16BE";
  std::array<size_t, 2> zeros = {0, 0};
  for (size_t i = 0; i < start.size(); ++i) {
    if (start[i] == 0) ++zeros[i % 2];
  }
  // Latin letters are a zero and a letter; Vietnamese text has them in more than a half.
  const size_t pairs = start.size() / 2;
  if (pairs < 4) return "";
  if (zeros[1] > pairs / 3 && zeros[0] * 8 <= zeros[1]) return "UTF-16LE";
  if (zeros[0] > pairs / 3 && zeros[1] * 8 <= zeros[0]) return "UTF-16BE";
  return "";
}

std::string NarrowEncodingOf(absl::string_view sample) {
  constexpr double kEnough = 0.9;
  constexpr absl::string_view kTcvn3Signs =
      "\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xAB\xAC\xAD\xAE\xB5\xB6\xB7\xB8\xB9\xBB\xBC\xBD"
      "\xBE";
  // Bytes that Windows-1258 and VNI have no Vietnamese letter for.
  if (Share(sample, kTcvn3Signs) > 0.15 && Explained(sample, kTcvn3) >= kEnough) return kTcvn3.name;
  const double vni = Explained(sample, kVni);
  const double windows = Explained(sample, kWindows1258);
  if (vni >= kEnough && (AfterVowel(sample) > 0.5 || vni > windows)) {
    // In Windows-1258 only five bytes are marks; in VNI they are many.
    const double tones = Share(sample, kWindows1258.marks);
    if (windows < kEnough || tones < 0.15) return kVni.name;
  }
  if (windows >= kEnough) return kWindows1258.name;
  if (vni >= kEnough) return kVni.name;
  if (Explained(sample, kTcvn3) >= kEnough && Share(sample, kTcvn3Signs) > 0) return kTcvn3.name;
  return "";
}

}  // namespace nscl::sheet
