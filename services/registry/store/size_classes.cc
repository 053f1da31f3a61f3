#include "services/registry/store/size_classes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/table.h"
#include "common/time/legal_date.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {
namespace {

constexpr char kPattern[] = "provinces/{province}/enterprises/{enterprise}/sizeClasses/{year}";

absl::StatusOr<std::string> KeyOf(absl::string_view name) {
  static const auto& spec = *new store::TableSpec{kSizeClassKind, kPattern, "sizeClass", 0};
  return store::internal::KeyOfName(spec, name);
}

absl::StatusOr<std::optional<v1::SizeClass>> Parse(const std::optional<std::string>& row,
                                                   absl::string_view name) {
  if (!row.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(v1::SizeClass size_class, store::internal::ParseRow<v1::SizeClass>(*row, name));
  return size_class;
}

}  // namespace

SizeClasses::SizeClasses() : names_(kPattern) {}

std::string SizeClasses::NameOf(absl::string_view enterprise, absl::string_view year) const {
  return absl::StrCat(enterprise, "/sizeClasses/", year);
}

absl::StatusOr<std::optional<v1::SizeClass>> SizeClasses::Get(const store::Reader& reader,
                                                              absl::string_view name) const {
  ASSIGN_OR_RETURN(std::string key, KeyOf(name));
  ASSIGN_OR_RETURN(std::optional<std::string> row, reader.Get(key));
  return Parse(row, name);
}

absl::StatusOr<std::optional<v1::SizeClass>> SizeClasses::GetAsOf(const store::Store& store,
                                                                  absl::string_view name,
                                                                  int64_t revision) const {
  ASSIGN_OR_RETURN(std::string key, KeyOf(name));
  ASSIGN_OR_RETURN(std::optional<std::string> row, store.GetAsOf(key, revision));
  return Parse(row, name);
}

absl::Status SizeClasses::Put(store::Txn& txn, v1::SizeClass size_class) const {
  ASSIGN_OR_RETURN(std::string key, KeyOf(size_class.name()));
  size_class.set_revision(txn.next_revision());
  *size_class.mutable_compute_time() = time::ToTimestamp(txn.commit_time());
  txn.Put(key, size_class.SerializeAsString());
  return absl::OkStatus();
}

absl::Status SizeClasses::Erase(store::Txn& txn, absl::string_view name) const {
  ASSIGN_OR_RETURN(std::string key, KeyOf(name));
  txn.Erase(key);
  return absl::OkStatus();
}

}  // namespace nscl::registry::rows
