#include "services/registry/search/segment.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace nscl::registry::search {
namespace {

// Raised when the bytes, or the folding of names, change: files of another format are made anew.
constexpr char kMagic[8] = {'N', 'S', 'C', 'L', 'S', 'E', 'G', '1'};
constexpr size_t kAlignment = 64;  // of a section

enum Section {
  kTextOffsets,
  kText,
  kKeyOffsets,
  kKeys,
  kAttributes,
  kOtherNames,
  kSlots,
  kWordOffsets,
  kWordText,
  kWordPostings,
  kWordTotals,
  kGrams,
  kGramPostings,
  kPostings,
  kSections
};

struct Header {
  char magic[8];
  struct {
    uint64_t offset, bytes;
  } sections[kSections];
};

// Below so many candidates it costs less to look at each than to narrow them down further.
constexpr uint64_t kFew = 48;
// Of so many candidates the first half are looked at before all are intersected, with the help of
// at most so many other sets.
constexpr size_t kManyFirst = 4096;
constexpr size_t kMostAsked = 6;
// Of a long text only the rarest grams and words are intersected.
constexpr size_t kMostTerms = 12;
// Postings that may be united for each candidate that they may rule out: about what it costs to
// look at one.
constexpr uint64_t kUnionWorth = 100;

uint32_t Gram(const char* at) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(at);
  return uint32_t{bytes[0]} << 16 | uint32_t{bytes[1]} << 8 | bytes[2];
}

template <typename T>
absl::string_view AsBytes(const std::vector<T>& items) {
  return {reinterpret_cast<const char*>(items.data()), items.size() * sizeof(T)};
}

// The postings of grams while a segment is built. Nearly all grams are of 39 characters and have a
// place in a table.
class GramTable {
 public:
  GramTable() : common_(kClasses * kClasses * kClasses) {
    classes_.fill(-1);
    int next = 0;
    for (char c : absl::string_view("abcdefghijklmnopqrstuvwxyz0123456789 \n\x01")) {
      classes_[static_cast<uint8_t>(c)] = next++;
    }
  }

  void Add(const char* at, uint32_t ordinal) {
    const int a = Class(at[0]), b = Class(at[1]), c = Class(at[2]);
    if (a >= 0 && b >= 0 && c >= 0) {
      std::unique_ptr<Postings>& postings = common_[(a * kClasses + b) * kClasses + c];
      if (postings == nullptr) {
        postings = std::make_unique<Postings>();
        seen_.emplace_back(Gram(at), postings.get());
      }
      postings->Add(ordinal);
      return;
    }
    auto [it, added] = rare_.try_emplace(Gram(at));
    if (added) {
      it->second = std::make_unique<Postings>();
      seen_.emplace_back(Gram(at), it->second.get());
    }
    it->second->Add(ordinal);
  }

  // In order.
  std::vector<std::pair<uint32_t, Postings*>>& Seen() {
    std::sort(seen_.begin(), seen_.end());
    return seen_;
  }

 private:
  static constexpr int kClasses = 39;

  int Class(char c) const { return classes_[static_cast<uint8_t>(c)]; }

  std::array<int, 256> classes_;
  std::vector<std::unique_ptr<Postings>> common_;
  absl::flat_hash_map<uint32_t, std::unique_ptr<Postings>> rare_;
  std::vector<std::pair<uint32_t, Postings*>> seen_;
};

}  // namespace

bool Before(absl::string_view name_a, absl::string_view key_a, absl::string_view name_b,
            absl::string_view key_b) {
  const int names = name_a.compare(name_b);
  return names != 0 ? names < 0 : key_a < key_b;
}

// --- Building -----------------------------------------------------------------------------------

class Segment::Builder {
 public:
  void Add(const DocumentView& document) {
    const auto ordinal = static_cast<uint32_t>(attributes_.size());
    const auto text_at = static_cast<uint32_t>(text_.size());
    text_offsets_.push_back(text_at);
    key_offsets_.push_back(static_cast<uint32_t>(keys_.size()));
    text_.append(document.text.data(), document.text.size());
    keys_.append(document.key.data(), document.key.size());
    attributes_.push_back(document.attributes);
    for (size_t i = 0; i + 3 <= document.text.size(); ++i) {
      grams_.Add(document.text.data() + i, ordinal);
    }
    for (size_t begin = 1; begin < document.text.size();) {
      const size_t end = document.text.find('\n', begin);
      const absl::string_view line = document.text.substr(begin, end - begin);
      if (line.empty() || line[0] != '\x01') {
        if (begin > 1) other_names_.push_back({text_at + static_cast<uint32_t>(begin), ordinal});
        for (absl::string_view word : absl::StrSplit(line, ' ', absl::SkipEmpty())) {
          words_[word].Add(ordinal);
        }
      }
      begin = end + 1;
    }
  }

  std::shared_ptr<const Segment> Finish() && {
    text_offsets_.push_back(static_cast<uint32_t>(text_.size()));
    key_offsets_.push_back(static_cast<uint32_t>(keys_.size()));
    SortOtherNames();
    const std::vector<uint32_t> slots = Slots();

    std::string postings;
    std::vector<uint32_t> gram_numbers;
    std::vector<PostingsRef> gram_postings;
    for (auto& [gram, set] : grams_.Seen()) {
      gram_numbers.push_back(gram);
      gram_postings.push_back(set->AppendTo(&postings));
      *set = Postings();  // its memory goes as the bytes come
    }
    std::vector<std::pair<absl::string_view, Postings*>> words;
    for (auto& [word, set] : words_) words.emplace_back(word, &set);
    std::sort(words.begin(), words.end());
    std::string word_text;
    std::vector<uint32_t> word_offsets;
    std::vector<PostingsRef> word_postings;
    std::vector<uint64_t> word_totals = {0};
    for (const auto& [word, set] : words) {
      word_offsets.push_back(static_cast<uint32_t>(word_text.size()));
      word_text.append(word.data(), word.size());
      word_postings.push_back(set->AppendTo(&postings));
      word_totals.push_back(word_totals.back() + word_postings.back().count);
    }
    word_offsets.push_back(static_cast<uint32_t>(word_text.size()));

    std::array<absl::string_view, kSections> sections;
    sections[kTextOffsets] = AsBytes(text_offsets_);
    sections[kText] = text_;
    sections[kKeyOffsets] = AsBytes(key_offsets_);
    sections[kKeys] = keys_;
    sections[kAttributes] = AsBytes(attributes_);
    sections[kOtherNames] = AsBytes(other_names_);
    sections[kSlots] = AsBytes(slots);
    sections[kWordOffsets] = AsBytes(word_offsets);
    sections[kWordText] = word_text;
    sections[kWordPostings] = AsBytes(word_postings);
    sections[kWordTotals] = AsBytes(word_totals);
    sections[kGrams] = AsBytes(gram_numbers);
    sections[kGramPostings] = AsBytes(gram_postings);
    sections[kPostings] = postings;
    return Assemble(sections);
  }

 private:
  void SortOtherNames() {
    auto line = [this](const OtherName& other) {
      const absl::string_view rest = absl::string_view(text_).substr(other.text);
      return rest.substr(0, rest.find('\n'));
    };
    std::sort(other_names_.begin(), other_names_.end(),
              [&](const OtherName& a, const OtherName& b) {
                const int lines = line(a).compare(line(b));
                return lines != 0 ? lines < 0 : a.ordinal < b.ordinal;
              });
  }

  std::vector<uint32_t> Slots() const {
    size_t count = 2;
    while (count < attributes_.size() * 2) count *= 2;
    std::vector<uint32_t> slots(count, 0);
    for (uint32_t ordinal = 0; ordinal < attributes_.size(); ++ordinal) {
      const absl::string_view key = absl::string_view(keys_).substr(
          key_offsets_[ordinal], key_offsets_[ordinal + 1] - key_offsets_[ordinal]);
      size_t slot = Hash(key) & (count - 1);
      while (slots[slot] != 0) slot = (slot + 1) & (count - 1);
      slots[slot] = ordinal + 1;
    }
    return slots;
  }

  static std::shared_ptr<const Segment> Assemble(
      const std::array<absl::string_view, kSections>& sections) {
    Header header = {};
    std::memcpy(header.magic, kMagic, sizeof(kMagic));
    uint64_t end = sizeof(Header);
    for (int i = 0; i < kSections; ++i) {
      end = (end + kAlignment - 1) / kAlignment * kAlignment;
      header.sections[i] = {end, sections[i].size()};
      end += sections[i].size();
    }
    std::unique_ptr<Bytes> bytes = Bytes::Make(end);
    std::memcpy(bytes->data(), &header, sizeof(header));
    for (int i = 0; i < kSections; ++i) {
      if (sections[i].empty()) continue;
      std::memcpy(bytes->data() + header.sections[i].offset, sections[i].data(),
                  sections[i].size());
    }
    return *Open(std::move(bytes));
  }

  std::vector<uint32_t> text_offsets_, key_offsets_;
  std::string text_, keys_;
  std::vector<Attributes> attributes_;
  std::vector<OtherName> other_names_;
  GramTable grams_;
  absl::flat_hash_map<std::string, Postings> words_;
};

std::shared_ptr<const Segment> Segment::Build(const std::function<bool(DocumentView*)>& next) {
  Builder builder;
  for (DocumentView document; next(&document);) builder.Add(document);
  return std::move(builder).Finish();
}

absl::StatusOr<std::shared_ptr<const Segment>> Segment::Open(std::unique_ptr<Bytes> bytes) {
  const absl::string_view all = bytes->view();
  Header header;
  if (all.size() < sizeof(header) || std::memcmp(all.data(), kMagic, sizeof(kMagic)) != 0) {
    return absl::DataLossError("no segment of a search index");
  }
  std::memcpy(&header, all.data(), sizeof(header));
  std::array<absl::string_view, kSections> sections;
  for (int i = 0; i < kSections; ++i) {
    const auto [offset, size] = header.sections[i];
    if (offset % kAlignment != 0 || offset > all.size() || size > all.size() - offset) {
      return absl::DataLossError(absl::StrCat("section ", i, " of a search index is cut off"));
    }
    sections[i] = all.substr(offset, size);
  }
  std::shared_ptr<Segment> segment(new Segment);
  auto count = [&](Section section, size_t size) {
    return static_cast<uint32_t>(sections[section].size() / size);
  };
  segment->documents_ = count(kAttributes, sizeof(Attributes));
  segment->other_names_count_ = count(kOtherNames, sizeof(OtherName));
  segment->words_ = count(kWordPostings, sizeof(PostingsRef));
  segment->grams_count_ = count(kGramPostings, sizeof(PostingsRef));
  segment->slots_count_ = count(kSlots, sizeof(uint32_t));
  auto at = [&]<typename T>(Section section, const T*& items) {
    items = reinterpret_cast<const T*>(sections[section].data());
  };
  at(kTextOffsets, segment->text_offsets_);
  at(kText, segment->text_);
  at(kKeyOffsets, segment->key_offsets_);
  at(kKeys, segment->keys_);
  at(kAttributes, segment->attributes_);
  at(kOtherNames, segment->other_names_);
  at(kSlots, segment->slots_);
  at(kWordOffsets, segment->word_offsets_);
  at(kWordText, segment->word_text_);
  at(kWordPostings, segment->word_postings_);
  at(kWordTotals, segment->word_totals_);
  at(kGrams, segment->grams_);
  at(kGramPostings, segment->gram_postings_);
  segment->postings_ = sections[kPostings];
  segment->bytes_ = std::move(bytes);
  return segment;
}

// --- Reading ------------------------------------------------------------------------------------

absl::string_view Segment::Key(uint32_t ordinal) const {
  return {keys_ + key_offsets_[ordinal], key_offsets_[ordinal + 1] - key_offsets_[ordinal]};
}

absl::string_view Segment::Text(uint32_t ordinal) const {
  return {text_ + text_offsets_[ordinal], text_offsets_[ordinal + 1] - text_offsets_[ordinal]};
}

absl::string_view Segment::LineAt(uint32_t text) const {
  const char* begin = text_ + text;
  const auto* end =
      static_cast<const char*>(std::memchr(begin, '\n', text_offsets_[documents_] - text));
  return {begin, static_cast<size_t>(end - begin)};
}

absl::string_view Segment::Word(uint32_t number) const {
  return {word_text_ + word_offsets_[number], word_offsets_[number + 1] - word_offsets_[number]};
}

std::optional<uint32_t> Segment::Find(absl::string_view key) const {
  for (size_t slot = Hash(key) & (slots_count_ - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_count_ - 1)) {
    if (Key(slots_[slot] - 1) == key) return slots_[slot] - 1;
  }
  return std::nullopt;
}

namespace {

// The first number in [begin, end) for which `before` does not hold; it holds for those ahead of
// it.
template <typename Predicate>
uint32_t Partition(uint32_t begin, uint32_t end, Predicate before) {
  while (begin < end) {
    const uint32_t middle = begin + (end - begin) / 2;
    if (before(middle)) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

// Bounds of what begins with `prefix`, or is equal to it, among `count` texts in order.
template <typename TextAt>
std::pair<uint32_t, uint32_t> Bounds(uint32_t count, absl::string_view prefix, bool whole,
                                     TextAt text_at) {
  const uint32_t begin = Partition(0, count, [&](uint32_t n) { return text_at(n) < prefix; });
  const uint32_t end = Partition(begin, count, [&](uint32_t n) {
    const absl::string_view text = text_at(n);
    return whole ? text == prefix : absl::StartsWith(text, prefix);
  });
  return {begin, end};
}

}  // namespace

uint32_t Segment::After(absl::string_view name, absl::string_view key) const {
  return Partition(0, documents_, [&](uint32_t n) { return !Before(name, key, Name(n), Key(n)); });
}

Segment::Range Segment::NamesWith(absl::string_view prefix, bool whole) const {
  auto [begin, end] = Bounds(documents_, prefix, whole, [this](uint32_t n) { return Name(n); });
  return {begin, end};
}

Segment::Range Segment::OtherNamesWith(absl::string_view prefix, bool whole) const {
  auto [begin, end] = Bounds(other_names_count_, prefix, whole,
                             [this](uint32_t n) { return LineAt(other_names_[n].text); });
  return {begin, end};
}

Segment::Range Segment::WordsWith(absl::string_view prefix) const {
  auto [begin, end] = Bounds(words_, prefix, false, [this](uint32_t n) { return Word(n); });
  return {begin, end};
}

Segment::Range Segment::GramsWith(absl::string_view prefix) const {
  const std::string padded = absl::StrCat(prefix, absl::string_view("\0\0", 3 - prefix.size()));
  const uint32_t first = Gram(padded.data());
  const uint32_t last = first + (prefix.size() == 2 ? 0xFF : 0);
  const uint32_t begin = Partition(0, grams_count_, [&](uint32_t n) { return grams_[n] < first; });
  const uint32_t end =
      Partition(begin, grams_count_, [&](uint32_t n) { return grams_[n] <= last; });
  return {begin, end};
}

// --- Searching ----------------------------------------------------------------------------------

// Takes ordinals that may match and keeps the first that do.
class Segment::Collector {
 public:
  Collector(const Segment& segment, const Pattern& pattern, Match match, const Scope& scope,
            const DeadBits* dead, uint32_t begin, size_t limit)
      : segment_(segment),
        pattern_(pattern),
        match_(match),
        scope_(scope),
        dead_(dead),
        begin_(begin),
        limit_(limit) {}

  uint32_t begin() const { return begin_; }
  bool full() const { return found_.size() >= limit_; }
  std::vector<uint32_t> Take() && { return std::move(found_); }

  // In order of ordinal; false where nothing more is wanted.
  bool Offer(uint32_t ordinal) {
    if (Fits(ordinal)) found_.push_back(ordinal);
    return !full();
  }
  void OfferAll(const Range& range) {
    for (uint32_t n = std::max(range.begin, begin_); n < range.end && Offer(n);) ++n;
  }
  // In any order, any number of times, after those that came in order.
  void OfferLate(uint32_t ordinal) {
    if (ordinal < begin_ || (full() && ordinal >= found_.back())) return;
    const auto place = std::lower_bound(found_.begin(), found_.end(), ordinal);
    if ((place != found_.end() && *place == ordinal) || !Fits(ordinal)) return;
    found_.insert(place, ordinal);
    if (found_.size() > limit_) found_.pop_back();
  }

 private:
  bool Fits(uint32_t ordinal) const {
    return !(dead_ != nullptr && (*dead_)[ordinal]) &&
           scope_.Takes(segment_.attributes_[ordinal]) &&
           MatchOf(segment_.Text(ordinal), pattern_) == match_;
  }

  const Segment& segment_;
  const Pattern& pattern_;
  const Match match_;
  const Scope& scope_;
  const DeadBits* const dead_;
  const uint32_t begin_;
  const size_t limit_;
  std::vector<uint32_t> found_;
};

std::vector<uint32_t> Segment::Collect(const Pattern& pattern, Match match, const Scope& scope,
                                       const DeadBits* dead, uint32_t begin, size_t limit) const {
  Collector collector(*this, pattern, match, scope, dead, begin, limit);
  if (limit == 0 || pattern.key.empty()) return {};
  switch (match) {
    case Match::kNone:
      break;
    case Match::kTaxCode:
      if (pattern.MayBeTaxCode()) {
        OfferText(absl::StrCat("\x01", pattern.digits, "\n"), collector);
      }
      break;
    case Match::kName:
    case Match::kPrefix:
      CollectNames(pattern, match == Match::kName, collector);
      break;
    case Match::kWords:
      OfferAll(TermsOfWords(pattern.words), collector);
      break;
    case Match::kSubstring:
      OfferText(pattern.key, collector);
      if (!pattern.digits.empty() && pattern.digits != pattern.key) {
        // A tax code typed with blanks. There are few of them, and they come out of order.
        Collector digits(*this, pattern, match, scope, dead, begin, limit);
        OfferText(pattern.digits, digits);
        for (uint32_t ordinal : std::move(digits).Take()) collector.OfferLate(ordinal);
      }
      break;
  }
  return std::move(collector).Take();
}

void Segment::CollectNames(const Pattern& pattern, bool whole, Collector& collector) const {
  collector.OfferAll(NamesWith(pattern.key, whole));
  const Range others = OtherNamesWith(pattern.key, whole);
  for (uint32_t n = others.begin; n < others.end; ++n) {
    collector.OfferLate(other_names_[n].ordinal);
  }
}

Segment::Term Segment::TermOfGrams(absl::string_view prefix, absl::string_view other) const {
  Term term{gram_postings_, {GramsWith(prefix)}};
  if (!other.empty()) term.ranges[1] = GramsWith(other);
  for (const Range& range : term.ranges) {
    for (uint32_t n = range.begin; n < range.end; ++n) term.postings += gram_postings_[n].count;
  }
  return term;
}

Segment::Term Segment::TermOfWords(const Range& words) const {
  return {word_postings_, {words}, word_totals_[words.end] - word_totals_[words.begin]};
}

std::vector<Postings> Segment::ListsOf(const Term& term) const {
  std::vector<Postings> lists;
  for (const Range& range : term.ranges) {
    for (uint32_t n = range.begin; n < range.end; ++n) {
      lists.push_back(Postings::View(postings_, term.refs[n]));
    }
  }
  return lists;
}

Postings Segment::Intersect(Postings candidates, const std::vector<Term>& terms) const {
  for (size_t i = 1; i < std::min(terms.size(), kMostTerms); ++i) {
    const Term& term = terms[i];
    const uint64_t count = candidates.count();
    if (count <= kFew) break;
    if (term.lists() == 1 || term.lists() * count < term.postings) {
      // Cheaper than the union of the lists where they are long against what is left.
      std::vector<Postings> parts = ListsOf(term);
      for (Postings& part : parts) part.IntersectWith(candidates);
      candidates = Postings::Union(std::move(parts));
    } else if (term.postings < kUnionWorth * count) {
      candidates.IntersectWith(Postings::Union(ListsOf(term)));
    }
  }
  return candidates;
}

void Segment::OfferAll(std::vector<Term> terms, Collector& collector) const {
  std::sort(terms.begin(), terms.end(),
            [](const Term& a, const Term& b) { return a.postings < b.postings; });
  if (terms[0].postings == 0) return;
  Postings rarest = Postings::Union(ListsOf(terms[0]));
  uint32_t next = collector.begin();
  if (rarest.count() > kManyFirst) {
    // Where much is found the page is full before long: then the first candidates are enough, and
    // to ask the other sets about them costs less than to intersect all of them.
    std::vector<Postings> others;
    for (size_t i = 1; i < terms.size() && others.size() < kMostAsked; ++i) {
      if (terms[i].lists() == 1) others.push_back(std::move(ListsOf(terms[i])[0]));
    }
    size_t looked_at = 0;
    rarest.Visit(next, [&](uint32_t ordinal) {
      next = ordinal + 1;
      const bool in_all = std::all_of(others.begin(), others.end(), [&](const Postings& other) {
        return other.Contains(ordinal);
      });
      return (!in_all || collector.Offer(ordinal)) && ++looked_at < kManyFirst / 2;
    });
    if (collector.full() || looked_at < kManyFirst / 2) return;
  }
  Intersect(std::move(rarest), terms).Visit(next, [&](uint32_t ordinal) {
    return collector.Offer(ordinal);
  });
}

std::vector<Segment::Term> Segment::TermsOfWords(const std::vector<std::string>& words) const {
  std::vector<Term> terms;
  for (const std::string& word : words) {
    // Where many words begin with so little, their beginnings, which are grams, are fewer: after a
    // blank, or at the beginning of a name.
    terms.push_back(word.size() > 2
                        ? TermOfWords(WordsWith(word))
                        : TermOfGrams(absl::StrCat(" ", word), absl::StrCat("\n", word)));
  }
  return terms;
}

std::vector<Segment::Term> Segment::TermsOfText(absl::string_view text) const {
  std::vector<Term> terms;
  if (text.size() == 2) return {TermOfGrams(text)};
  for (size_t i = 0; i + 3 <= text.size(); ++i) terms.push_back(TermOfGrams(text.substr(i, 3)));
  // Between two blanks stand whole words, after the last one the beginning of a word: of these
  // there are fewer than of their grams.
  const std::vector<absl::string_view> words = absl::StrSplit(text, ' ');
  for (size_t i = 1; i < words.size(); ++i) {
    Range range = WordsWith(words[i]);
    if (i + 1 < words.size()) {
      const bool known = range.begin < range.end && Word(range.begin) == words[i];
      range.end = range.begin + (known ? 1 : 0);
    } else if (words[i].size() < 3) {
      continue;
    }
    terms.push_back(TermOfWords(range));
  }
  return terms;
}

void Segment::OfferText(absl::string_view text, Collector& collector) const {
  if (text.size() > 1) {
    OfferAll(TermsOfText(text), collector);
  } else {
    collector.OfferAll({0, documents_});
  }
}

}  // namespace nscl::registry::search
