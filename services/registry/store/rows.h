// Rows of one resource type of registry. What can be read off the proto is read off it: the pattern
// of names, the prefix of its events, its place in the Event message.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "common/store/list_over.h"
#include "common/store/table.h"
#include "google/api/resource.pb.h"
#include "nscl/registry/v1/event_service.pb.h"

namespace nscl::registry::rows {
namespace internal {

// Key kind, pattern, event prefix and event field of a resource type.
store::TableSpec SpecOf(char kind, const google::protobuf::Descriptor* type);

}  // namespace internal

// `M` is a resource: a message with google.api.resource that stands in registry's Event.
template <typename M>
class Rows {
 public:
  using IndexFn = typename store::Table<M>::IndexFn;

  explicit Rows(char kind, IndexFn index = nullptr)
      : table_(internal::SpecOf(kind, M::descriptor()), std::move(index)),
        names_(table_.spec().pattern) {}

  const resource::NamePattern& names() const { return names_; }
  // "supportRecord": names the resource in events.
  const std::string& singular() const { return table_.spec().event_prefix; }

  // INVALID_ARGUMENT `RESOURCE_NAME`, NOT_FOUND; ABORTED `ETAG_MISMATCH` where `etag` is given and
  // differs.
  absl::StatusOr<M> Load(const store::Reader& reader, absl::string_view name,
                         absl::string_view etag = "") const {
    RETURN_IF_ERROR(names_.Parse(name).status());
    return table_.Load(reader, name, etag);
  }
  absl::StatusOr<bool> Exists(const store::Reader& reader, absl::string_view name) const {
    return table_.Exists(reader, name);
  }
  absl::StatusOr<M> Insert(store::Txn& txn, M resource, absl::string_view verb = "created") const {
    return table_.Insert(txn, std::move(resource), verb);
  }
  absl::StatusOr<M> Update(store::Txn& txn, const M& before, M after,
                           absl::string_view verb = "updated") const {
    return table_.Update(txn, before, std::move(after), verb);
  }

  // Personal fields (common/store/personal.h): no method answers them but this one, and a change of
  // them needs them filled into `before`.
  bool HasPersonal() const { return store::internal::HasPersonal<M>(); }
  absl::Status GivePersonal(const store::Reader& reader, M& resource) const {
    return table_.GivePersonal(reader, resource);
  }

  // A page under a parent, in order of name. `provinces` (sorted) limits a parent whose province is
  // the wildcard.
  absl::StatusOr<store::Page<M>> List(const store::Reader& reader, absl::string_view parent,
                                      const std::optional<std::vector<std::string>>& provinces,
                                      absl::string_view after_key, size_t limit,
                                      const std::function<bool(const M&)>& match = nullptr) const {
    if (!provinces.has_value()) return table_.List(reader, parent, after_key, limit, match);
    return store::ListOver<M>(table_, reader, *provinces, parent, after_key, limit, match);
  }

 private:
  store::Table<M> table_;
  resource::NamePattern names_;
};

}  // namespace nscl::registry::rows
