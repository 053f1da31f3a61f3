#include "services/registry/search/postings.h"

#include <roaring/roaring.h>

#include <cstring>
#include <utility>

namespace nscl::registry::search {
namespace {

constexpr size_t kAlignment = 32;  // of a frozen bitmap
// Shorter sets stand as plain numbers: a bitmap of one ordinal takes 32 bytes.
constexpr uint32_t kPlain = 8;

void Align(std::string* bytes, size_t alignment) {
  bytes->resize((bytes->size() + alignment - 1) / alignment * alignment);
}

}  // namespace

Postings::Postings() : set_(roaring_bitmap_create()) {}

Postings::~Postings() {
  if (set_ != nullptr) roaring_bitmap_free(set_);
}

Postings::Postings(Postings&& other) noexcept
    : set_(std::exchange(other.set_, nullptr)), own_(other.own_) {}

Postings& Postings::operator=(Postings&& other) noexcept {
  std::swap(set_, other.set_);
  std::swap(own_, other.own_);
  return *this;
}

roaring_bitmap_t* Postings::Own() {
  if (!own_) *this = Postings(roaring_bitmap_copy(set_));
  return const_cast<roaring_bitmap_t*>(set_);
}

void Postings::Add(uint32_t ordinal) { roaring_bitmap_add(Own(), ordinal); }

PostingsRef Postings::AppendTo(std::string* bytes) const {
  PostingsRef ref{};
  ref.count = static_cast<uint32_t>(count());
  if (ref.count <= kPlain) {
    Align(bytes, sizeof(uint32_t));
    ref.offset = bytes->size();
    ref.bytes = static_cast<uint32_t>(ref.count * sizeof(uint32_t));
    bytes->resize(bytes->size() + ref.bytes);
    roaring_bitmap_to_uint32_array(set_, reinterpret_cast<uint32_t*>(bytes->data() + ref.offset));
    return ref;
  }
  Align(bytes, kAlignment);
  ref.offset = bytes->size();
  ref.bytes = static_cast<uint32_t>(roaring_bitmap_frozen_size_in_bytes(set_));
  bytes->resize(bytes->size() + ref.bytes);
  roaring_bitmap_frozen_serialize(set_, bytes->data() + ref.offset);
  return ref;
}

Postings Postings::View(absl::string_view bytes, const PostingsRef& ref) {
  const char* at = bytes.data() + ref.offset;
  if (ref.count <= kPlain) {
    return Postings(roaring_bitmap_of_ptr(ref.count, reinterpret_cast<const uint32_t*>(at)));
  }
  Postings view(roaring_bitmap_frozen_view(at, ref.bytes));
  view.own_ = false;
  return view;
}

Postings Postings::Union(std::vector<Postings> sets) {
  if (sets.size() == 1) return std::move(sets[0]);
  std::vector<const roaring_bitmap_t*> bitmaps;
  bitmaps.reserve(sets.size());
  for (const Postings& set : sets) bitmaps.push_back(set.set_);
  return Postings(roaring_bitmap_or_many(bitmaps.size(), bitmaps.data()));
}

void Postings::IntersectWith(const Postings& other) {
  *this = Postings(roaring_bitmap_and(set_, other.set_));
}

void Postings::UnionWith(const Postings& other) {
  *this = Postings(roaring_bitmap_or(set_, other.set_));
}

uint64_t Postings::count() const { return roaring_bitmap_get_cardinality(set_); }

bool Postings::Contains(uint32_t ordinal) const { return roaring_bitmap_contains(set_, ordinal); }

void Postings::Visit(uint32_t begin, absl::FunctionRef<bool(uint32_t)> visit) const {
  roaring_uint32_iterator_t at;
  roaring_init_iterator(set_, &at);
  if (begin > 0) roaring_move_uint32_iterator_equalorlarger(&at, begin);
  for (; at.has_value; roaring_advance_uint32_iterator(&at)) {
    if (!visit(at.current_value)) return;
  }
}

}  // namespace nscl::registry::search
