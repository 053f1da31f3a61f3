// What is searched, and what is looked for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace nscl::registry::search {

// What is filtered by, of an enterprise. Numbers are those of the proto's enums; these bytes stand
// in saved files.
struct Attributes {
  uint8_t province = 0;
  uint8_t legal_kind = 0;
  uint8_t size = 0;
  uint8_t sector = 0;
  uint8_t operating_status = 0;
  uint8_t demo = 0;
  uint16_t marks = 0;    // bit n: a mark of kind n, whatever its days
  uint32_t commune = 0;  // the code as a number; 0: not known
};
static_assert(sizeof(Attributes) == 12);

// An enterprise as the index keeps it.
struct Document {
  std::string key;   // unique: orders what has the same name
  std::string text;  // lines, see MakeDocument
  Attributes attributes;
};

// `names` begins with the one that results are ordered by. Every name becomes a line of the text,
// folded, then the tax code: "\n<name>\n<name>\n\x01<digits>\n", so that the beginning and the end
// of a line can be looked for like any other characters. No name holds 0x01 or a line break once
// it is folded.
Document MakeDocument(std::string key, const std::vector<absl::string_view>& names,
                      absl::string_view tax_code, const Attributes& attributes);

// The first line of a text.
absl::string_view NameOf(absl::string_view text);

// How something was found, best first; the numbers are those of SearchResult.Match.
enum class Match : uint8_t {
  kNone = 0,
  kTaxCode = 1,    // the text is its tax code, dashes and blanks aside
  kName = 2,       // the text is one of its names
  kPrefix = 3,     // one of its names begins with the text
  kWords = 4,      // one of its names has every word of the text as the beginning of a word
  kSubstring = 5,  // one of its names or the tax code holds the text
};
inline constexpr Match kMatches[] = {Match::kTaxCode, Match::kName, Match::kPrefix, Match::kWords,
                                     Match::kSubstring};

// A text that is looked for.
struct Pattern {
  std::string key;                 // folded as names are; empty: nothing can be found
  std::vector<std::string> words;  // of the key, each once
  std::string digits;              // the key without blanks where it is of digits alone, else ""

  static Pattern Of(absl::string_view text);

  // The text could be a whole tax code, of 10 or 13 digits.
  bool MayBeTaxCode() const { return digits.size() == 10 || digits.size() == 13; }
};

// The best way in which a document matches. The definition that the index is held to.
Match MatchOf(absl::string_view text, const Pattern& pattern);

}  // namespace nscl::registry::search
