// The templates of table.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "common/store/personal.h"

namespace nscl::store {
namespace internal {

// Rows that one List looks at before it gives a short page.
inline constexpr size_t kMaxRowsLookedAt = 10'000;

absl::Status UnreadableRow(absl::string_view name);

template <typename M>
bool HasPersonal() {
  static const bool has = store::HasPersonal(M::descriptor());
  return has;
}

template <typename M>
absl::StatusOr<M> ParseRow(absl::string_view value, absl::string_view place) {
  M resource;
  if (!resource.ParseFromArray(value.data(), static_cast<int>(value.size())))
    return UnreadableRow(place);
  return resource;
}

// Stamps what the store decides; a resource without such a field goes without.
template <typename M>
void Stamp(const Txn& txn, M& resource, bool created) {
  const int64_t us = absl::ToUnixMicros(txn.commit_time());
  const auto set = [us](auto& timestamp) {
    timestamp.set_seconds(us / 1'000'000);
    timestamp.set_nanos(static_cast<int32_t>(us % 1'000'000 * 1000));
  };
  if constexpr (requires { resource.mutable_create_time(); }) {
    if (created) set(*resource.mutable_create_time());
  }
  if constexpr (requires { resource.mutable_update_time(); }) set(*resource.mutable_update_time());
  if constexpr (requires { resource.set_revision(int64_t{}); })
    resource.set_revision(txn.next_revision());
  if constexpr (requires { resource.set_etag(std::string()); }) {
    resource.set_etag(EtagOf(txn.next_revision()));
  }
}

}  // namespace internal

template <typename M>
absl::StatusOr<std::string> Table<M>::GetBytes(const Reader& reader, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::string key, internal::KeyOfName(spec_, name));
  ASSIGN_OR_RETURN(std::optional<std::string> value, reader.Get(key));
  if (!value.has_value()) return internal::NotFound(spec_, name);
  return *std::move(value);
}

template <typename M>
absl::StatusOr<M> Table<M>::Get(const Reader& reader, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::string value, GetBytes(reader, name));
  return internal::ParseRow<M>(value, name);
}

template <typename M>
absl::StatusOr<M> Table<M>::Load(const Reader& reader, absl::string_view name,
                                 absl::string_view etag) const {
  ASSIGN_OR_RETURN(M resource, Get(reader, name));
  if constexpr (requires { resource.etag(); }) {
    if (!etag.empty() && etag != resource.etag()) {
      return internal::EtagMismatch(name, etag, resource.etag());
    }
  }
  return resource;
}

template <typename M>
absl::StatusOr<M> Table<M>::GetAsOf(const Store& store, absl::string_view name,
                                    int64_t revision) const {
  ASSIGN_OR_RETURN(std::string key, internal::KeyOfName(spec_, name));
  ASSIGN_OR_RETURN(std::optional<std::string> value, store.GetAsOf(key, revision));
  if (!value.has_value()) return internal::NotFound(spec_, name);
  return internal::ParseRow<M>(*value, name);
}

template <typename M>
absl::StatusOr<bool> Table<M>::Exists(const Reader& reader, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::string key, internal::KeyOfName(spec_, name));
  ASSIGN_OR_RETURN(std::optional<std::string> value, reader.Get(key));
  return value.has_value();
}

template <typename M>
absl::StatusOr<M> Table<M>::Insert(Txn& txn, M resource, absl::string_view verb) const {
  RETURN_IF_ERROR(Put(txn, resource, verb).status());
  return resource;
}

template <typename M>
absl::StatusOr<std::string> Table<M>::InsertBytes(Txn& txn, M resource,
                                                  absl::string_view verb) const {
  return Put(txn, resource, verb);
}

template <typename M>
absl::StatusOr<std::string> Table<M>::Put(Txn& txn, M& resource, absl::string_view verb) const {
  ASSIGN_OR_RETURN(std::string key, internal::KeyOfName(spec_, resource.name()));
  ASSIGN_OR_RETURN(std::optional<std::string> taken, txn.Get(key));
  if (taken.has_value()) return internal::AlreadyExists(spec_, resource.name());
  internal::Stamp(txn, resource, /*created=*/true);
  if (internal::HasPersonal<M>()) {
    const std::string personal = TakePersonal(resource);
    if (!personal.empty()) txn.PutPersonal(key, personal);
  }
  std::string bytes = resource.SerializeAsString();
  txn.Put(key, bytes);
  if (index_) index_(txn, nullptr, &resource);
  internal::EmitChange(txn, spec_, verb, resource.name(), bytes);
  return bytes;
}

template <typename M>
absl::StatusOr<M> Table<M>::Update(Txn& txn, const M& before, M after,
                                   absl::string_view verb) const {
  ASSIGN_OR_RETURN(std::string key, internal::KeyOfName(spec_, before.name()));
  after.set_name(before.name());
  internal::Stamp(txn, after, /*created=*/false);
  if constexpr (requires { after.mutable_create_time(); }) {
    *after.mutable_create_time() = before.create_time();
  }
  if (internal::HasPersonal<M>()) {
    const std::string personal = TakePersonal(after);
    M known = before;
    if (!personal.empty()) {
      txn.PutPersonal(key, personal);
    } else if (!TakePersonal(known).empty()) {
      txn.ErasePersonal(key);
    }
  }
  const std::string bytes = after.SerializeAsString();
  txn.Put(key, bytes);
  if (index_) index_(txn, &before, &after);
  internal::EmitChange(txn, spec_, verb, after.name(), bytes);
  return after;
}

template <typename M>
absl::Status Table<M>::GivePersonal(const Reader& reader, M& resource) const {
  if (!internal::HasPersonal<M>()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string key, internal::KeyOfName(spec_, resource.name()));
  ASSIGN_OR_RETURN(std::optional<std::string> personal, reader.GetPersonal(key));
  if (!personal.has_value()) return absl::OkStatus();
  return store::GivePersonal(*personal, resource);
}

template <typename M>
absl::StatusOr<Page<M>> Table<M>::List(const Reader& reader, absl::string_view parent,
                                       absl::string_view after_key, size_t limit,
                                       const std::function<bool(const M&)>& match) const {
  ASSIGN_OR_RETURN(std::string prefix, internal::KeyPrefixOfParent(spec_, parent));
  Page<M> page;
  absl::Status unreadable;
  size_t looked_at = 0;
  bool more = false;
  const KeyRange range =
      after_key.empty() ? KeyRange::Prefix(prefix) : KeyRange::After(prefix, after_key);
  absl::Status scanned = reader.Scan(range, [&](absl::string_view key, absl::string_view value) {
    // Only a row beyond the page says that the page is not the last.
    if (page.rows.size() >= limit || looked_at >= internal::kMaxRowsLookedAt) {
      more = true;
      return false;
    }
    ++looked_at;
    page.last_key.assign(key.data(), key.size());
    absl::StatusOr<M> resource = internal::ParseRow<M>(value, parent);
    if (!resource.ok()) {
      unreadable = resource.status();
      return false;
    }
    if (!match || match(*resource)) page.rows.push_back(*std::move(resource));
    return true;
  });
  if (!scanned.ok()) return scanned;
  if (!unreadable.ok()) return unreadable;
  if (!more) page.last_key.clear();
  return page;
}

}  // namespace nscl::store
