// Sets of ordinals: Roaring bitmaps that are looked at where they stand in a segment, or made.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

typedef struct roaring_bitmap_s roaring_bitmap_t;  // NOLINT: as the library declares it

namespace nscl::registry::search {

// Where the ordinals of one word or gram stand among a segment's bytes.
struct PostingsRef {
  uint64_t offset;
  uint32_t bytes;
  uint32_t count;
};

class Postings {
 public:
  Postings();
  ~Postings();
  Postings(Postings&&) noexcept;
  Postings& operator=(Postings&&) noexcept;

  // Ordinals must be added in order.
  void Add(uint32_t ordinal);
  // Appends the set to `bytes` so that View can read it there: aligned as Roaring wants it.
  PostingsRef AppendTo(std::string* bytes) const;

  // A look at what AppendTo wrote; `bytes` outlives it, and begins at an address that is a multiple
  // of 32.
  static Postings View(absl::string_view bytes, const PostingsRef& ref);
  static Postings Union(std::vector<Postings> sets);
  void IntersectWith(const Postings& other);
  void UnionWith(const Postings& other);

  uint64_t count() const;
  bool Contains(uint32_t ordinal) const;
  // Visits in order from `begin` on, until `visit` returns false.
  void Visit(uint32_t begin, absl::FunctionRef<bool(uint32_t)> visit) const;

 private:
  explicit Postings(const roaring_bitmap_t* set) : set_(set) {}
  // The set to be changed; a view is copied first.
  roaring_bitmap_t* Own();

  const roaring_bitmap_t* set_;
  bool own_ = true;
};

}  // namespace nscl::registry::search
