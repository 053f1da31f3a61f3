// Rows of one resource type: names to keys, stamps, indexes and events in one place, so that a
// service's store/ folder only says which keys and which indexes.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/status/status_macros.h"
#include "common/store/store.h"

namespace nscl::store {

// What the store must know of a resource type. The key of a row is `kind`, then the parts of the
// name that are ids, each ended by 0x00, which sorts like the name: all rows of a province stand
// together.
struct TableSpec {
  char kind = 0;             // one byte, unique in the service: these bytes are forever
  std::string pattern;       // "provinces/{province}/supportCases/{support_case}"
  std::string event_prefix;  // "supportCase"; the event type is "supportCase.<verb>"
  int event_field = 0;       // field number of the resource in the service's Event
};

namespace internal {
// Key of a name; INVALID_ARGUMENT `RESOURCE_NAME` where it does not fit the pattern.
absl::StatusOr<std::string> KeyOfName(const TableSpec& spec, absl::string_view name);
// Key prefix of all rows under a parent: "provinces/48", or a wildcard "provinces/-".
absl::StatusOr<std::string> KeyPrefixOfParent(const TableSpec& spec, absl::string_view parent);
absl::Status NotFound(const TableSpec& spec, absl::string_view name);
absl::Status AlreadyExists(const TableSpec& spec, absl::string_view name);
absl::Status EtagMismatch(absl::string_view name, absl::string_view given,
                          absl::string_view current);
std::string EtagOf(int64_t revision);  // "W/"-free, quoted hexadecimal of the revision
void EmitChange(Txn& txn, const TableSpec& spec, absl::string_view verb, absl::string_view name,
                absl::string_view bytes);
}  // namespace internal

// A page of a list.
template <typename M>
struct Page {
  std::vector<M> rows;
  std::string last_key;  // continue after it; empty at the end
};

// Personal fields of `M` (personal.h) are kept beside the row. Get, Load, List, Insert and Update
// answer without them; GivePersonal fills them in, for callers who may see them and for changes.
//
// `M` has the fields name, etag, create_time, update_time (and, where it has one, revision).
template <typename M>
class Table {
 public:
  // `index` keeps the derived rows of a change: `before` is null on creation, `after` on removal.
  using IndexFn = std::function<void(Txn&, const M* before, const M* after)>;

  explicit Table(TableSpec spec, IndexFn index = nullptr)
      : spec_(std::move(spec)), index_(std::move(index)) {}

  const TableSpec& spec() const { return spec_; }

  // The resource, or NOT_FOUND.
  absl::StatusOr<M> Get(const Reader& reader, absl::string_view name) const;
  // The resource to be changed: NOT_FOUND, then ABORTED `ETAG_MISMATCH` where `etag` is given and
  // differs.
  absl::StatusOr<M> Load(const Reader& reader, absl::string_view name,
                         absl::string_view etag) const;
  // The resource as it is stored, for answers that go out unparsed: NOT_FOUND.
  absl::StatusOr<std::string> GetBytes(const Reader& reader, absl::string_view name) const;
  // The resource as it was with a revision, without personal fields; NOT_FOUND where it was not
  // there.
  absl::StatusOr<M> GetAsOf(const Store& store, absl::string_view name, int64_t revision) const;
  absl::StatusOr<bool> Exists(const Reader& reader, absl::string_view name) const;

  // Puts a new resource: stamps etag, times and revision, keeps the indexes, emits
  // "<prefix>.<verb>". ALREADY_EXISTS `<PREFIX>_EXISTS` where the name is taken. Returns it as
  // stored.
  absl::StatusOr<M> Insert(Txn& txn, M resource, absl::string_view verb = "created") const;
  // The same, returning the bytes that it is stored as.
  absl::StatusOr<std::string> InsertBytes(Txn& txn, M resource,
                                          absl::string_view verb = "created") const;
  // Puts a changed resource, likewise. Personal fields are changed only where `before` or `after`
  // has one: so they are filled into `before` to be changed, and other changes leave them as they
  // are.
  absl::StatusOr<M> Update(Txn& txn, const M& before, M after,
                           absl::string_view verb = "updated") const;

  // Fills in the personal fields of a stored resource; nothing where `M` has none.
  absl::Status GivePersonal(const Reader& reader, M& resource) const;

  // A page under a parent in order of name, after `after_key`. `match` filters; at most `limit`
  // rows are returned and at most 10,000 looked at, so that a page may be short without being the
  // last.
  absl::StatusOr<Page<M>> List(const Reader& reader, absl::string_view parent,
                               absl::string_view after_key, size_t limit,
                               const std::function<bool(const M&)>& match = nullptr) const;

 private:
  // Inserts, and leaves in `resource` what is stored.
  absl::StatusOr<std::string> Put(Txn& txn, M& resource, absl::string_view verb) const;

  TableSpec spec_;
  IndexFn index_;
};

}  // namespace nscl::store

#include "common/store/table_inl.h"
