#include "services/registry/search/document.h"

#include <algorithm>
#include <cstring>

#include "absl/container/inlined_vector.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/text/search_key.h"

namespace nscl::registry::search {
namespace {

constexpr char kTaxCodeMark = '\x01';

std::string DigitsOf(absl::string_view text) {
  std::string digits;
  for (char c : text) {
    if (absl::ascii_isdigit(c)) digits.push_back(c);
  }
  return digits;
}

// Every word of the pattern begins a word of the name. The words of the name are found once: this
// is most of what looking at a document costs.
bool HasWords(absl::string_view name, const std::vector<std::string>& words) {
  absl::InlinedVector<absl::string_view, 24> rests;  // of the name, from each of its words on
  rests.push_back(name);
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == ' ') rests.push_back(name.substr(i + 1));
  }
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(rests.begin(), rests.end(), [&](absl::string_view rest) {
      return rest.size() >= word.size() && rest[0] == word[0] &&
             std::memcmp(rest.data(), word.data(), word.size()) == 0;
    });
  });
}

bool Holds(absl::string_view text, absl::string_view piece) {
  return memmem(text.data(), text.size(), piece.data(), piece.size()) != nullptr;
}

Match MatchOfName(absl::string_view name, const Pattern& pattern) {
  if (absl::StartsWith(name, pattern.key)) {
    return name.size() == pattern.key.size() ? Match::kName : Match::kPrefix;
  }
  if (HasWords(name, pattern.words)) return Match::kWords;
  return Holds(name, pattern.key) ? Match::kSubstring : Match::kNone;
}

Match MatchOfTaxCode(absl::string_view tax_code, const Pattern& pattern) {
  if (pattern.digits.empty()) return Match::kNone;
  if (pattern.MayBeTaxCode() && tax_code == pattern.digits) return Match::kTaxCode;
  return Holds(tax_code, pattern.digits) ? Match::kSubstring : Match::kNone;
}

}  // namespace

Document MakeDocument(std::string key, const std::vector<absl::string_view>& names,
                      absl::string_view tax_code, const Attributes& attributes) {
  Document document;
  document.key = std::move(key);
  document.attributes = attributes;
  std::vector<std::string> lines;
  for (absl::string_view name : names) {
    std::string line = text::WordsKey(name);
    // The first line stays even where nothing of the name is left: it is what is ordered by.
    const bool told = std::find(lines.begin(), lines.end(), line) != lines.end();
    if (!lines.empty() && (line.empty() || told)) continue;
    lines.push_back(std::move(line));
  }
  document.text.push_back('\n');
  for (const std::string& line : lines) {
    document.text += line;
    document.text.push_back('\n');
  }
  if (const std::string digits = DigitsOf(tax_code); !digits.empty()) {
    document.text.push_back(kTaxCodeMark);
    document.text += digits;
    document.text.push_back('\n');
  }
  return document;
}

absl::string_view NameOf(absl::string_view text) { return text.substr(1, text.find('\n', 1) - 1); }

Pattern Pattern::Of(absl::string_view text) {
  Pattern pattern;
  pattern.key = text::WordsKey(text);
  for (absl::string_view word : absl::StrSplit(pattern.key, ' ', absl::SkipEmpty())) {
    const bool told =
        std::find(pattern.words.begin(), pattern.words.end(), word) != pattern.words.end();
    if (!told) pattern.words.emplace_back(word);
  }
  const bool digits = std::all_of(pattern.key.begin(), pattern.key.end(),
                                  [](char c) { return c == ' ' || absl::ascii_isdigit(c); });
  if (digits) pattern.digits = DigitsOf(pattern.key);
  return pattern;
}

Match MatchOf(absl::string_view text, const Pattern& pattern) {
  Match best = Match::kNone;
  if (pattern.key.empty()) return best;
  for (size_t begin = 1; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    const absl::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    const bool tax_code = !line.empty() && line[0] == kTaxCodeMark;
    const Match match =
        tax_code ? MatchOfTaxCode(line.substr(1), pattern) : MatchOfName(line, pattern);
    if (match != Match::kNone && (best == Match::kNone || match < best)) best = match;
  }
  return best;
}

}  // namespace nscl::registry::search
