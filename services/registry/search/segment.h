// Documents that do not change any more, in one stretch of bytes which is also the file that they
// are saved as. Documents are numbered in the order of results (folded name, then key): whatever
// is found in order of number is found in the order in which it is shown, and a page ends the work.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/registry/search/bytes.h"
#include "services/registry/search/document.h"
#include "services/registry/search/postings.h"

namespace nscl::registry::search {

// What may be found, beside what matches the text.
struct Scope {
  std::bitset<100> provinces;                     // by code
  std::function<bool(const Attributes&)> accept;  // null: all
  bool Takes(const Attributes& attributes) const {
    return provinces[attributes.province % 100] && (!accept || accept(attributes));
  }
};

// Bit n: document n was replaced or removed.
using DeadBits = std::vector<bool>;

// Documents that a segment is made of, in order of name and key.
struct DocumentView {
  absl::string_view key;
  absl::string_view text;
  Attributes attributes;
};
bool Before(absl::string_view name_a, absl::string_view key_a, absl::string_view name_b,
            absl::string_view key_b);

class Segment {
 public:
  // `next` gives one document after another, in order, until it returns false; what it gave must
  // stay until it is called again.
  static std::shared_ptr<const Segment> Build(const std::function<bool(DocumentView*)>& next);
  // DATA_LOSS where these are no bytes of a segment. Who reads them from a file compares their
  // checksum first: what stands inside is trusted.
  static absl::StatusOr<std::shared_ptr<const Segment>> Open(std::unique_ptr<Bytes> bytes);

  uint32_t size() const { return documents_; }
  absl::string_view bytes() const { return bytes_->view(); }

  DocumentView At(uint32_t ordinal) const {
    return {Key(ordinal), Text(ordinal), attributes_[ordinal]};
  }
  absl::string_view Key(uint32_t ordinal) const;
  absl::string_view Text(uint32_t ordinal) const;
  absl::string_view Name(uint32_t ordinal) const { return NameOf(Text(ordinal)); }

  std::optional<uint32_t> Find(absl::string_view key) const;
  // The first document after a name and key.
  uint32_t After(absl::string_view name, absl::string_view key) const;

  // The first `limit` living documents from `begin` on whose best match is `match`.
  std::vector<uint32_t> Collect(const Pattern& pattern, Match match, const Scope& scope,
                                const DeadBits* dead, uint32_t begin, size_t limit) const;

 private:
  class Builder;
  class Collector;
  struct Range {
    uint32_t begin = 0, end = 0;
    bool Holds(uint32_t n) const { return begin <= n && n < end; }
  };
  // A name that is not the first of its document.
  struct OtherName {
    uint32_t text;  // where it begins in the text
    uint32_t ordinal;
  };

  Segment() = default;

  absl::string_view LineAt(uint32_t text) const;
  absl::string_view Word(uint32_t number) const;
  // Documents whose name, or other names that, begin with `prefix`; or are equal to it.
  Range NamesWith(absl::string_view prefix, bool whole) const;
  Range OtherNamesWith(absl::string_view prefix, bool whole) const;
  Range WordsWith(absl::string_view prefix) const;
  // Grams that begin with `prefix`, of 2 or 3 bytes.
  Range GramsWith(absl::string_view prefix) const;

  void CollectNames(const Pattern& pattern, bool whole, Collector& collector) const;
  // Documents with any of some words or grams: a union of lists, which stand in one place or two.
  struct Term {
    const PostingsRef* refs;
    Range ranges[2];
    uint64_t postings = 0;

    uint32_t lists() const {
      return ranges[0].end - ranges[0].begin + ranges[1].end - ranges[1].begin;
    }
  };
  Term TermOfGrams(absl::string_view prefix, absl::string_view other = "") const;
  Term TermOfWords(const Range& words) const;
  std::vector<Postings> ListsOf(const Term& term) const;
  // What every document with the words, or the text of two bytes at least, is in.
  std::vector<Term> TermsOfWords(const std::vector<std::string>& words) const;
  std::vector<Term> TermsOfText(absl::string_view text) const;
  // Narrows the documents of the first term down by the others, until few are left. The terms stand
  // in order of rarity.
  Postings Intersect(Postings candidates, const std::vector<Term>& terms) const;
  // Offers the documents with all of the terms, of which there is one at least, and perhaps others,
  // until the collector is full.
  void OfferAll(std::vector<Term> terms, Collector& collector) const;
  void OfferText(absl::string_view text, Collector& collector) const;

  std::unique_ptr<Bytes> bytes_;
  uint32_t documents_ = 0, other_names_count_ = 0, words_ = 0, grams_count_ = 0, slots_count_ = 0;
  const uint32_t* text_offsets_ = nullptr;  // documents + 1
  const char* text_ = nullptr;
  const uint32_t* key_offsets_ = nullptr;  // documents + 1
  const char* keys_ = nullptr;
  const Attributes* attributes_ = nullptr;
  const OtherName* other_names_ = nullptr;  // in order of name
  const uint32_t* slots_ = nullptr;         // a hash table of ordinals + 1, by key
  const uint32_t* word_offsets_ = nullptr;  // words + 1
  const char* word_text_ = nullptr;         // the words of names, in order
  const PostingsRef* word_postings_ = nullptr;
  const uint64_t* word_totals_ = nullptr;  // words + 1: postings of all words before
  const uint32_t* grams_ = nullptr;        // three bytes each, in order
  const PostingsRef* gram_postings_ = nullptr;
  absl::string_view postings_;
};

}  // namespace nscl::registry::search
