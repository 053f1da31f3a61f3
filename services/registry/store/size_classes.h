// Rows of the size classes of enterprises: what was computed of a year's figures, with inputs and
// rule, kept in the commit of the figures. State rows without an event of their own.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/resource/name.h"
#include "common/store/store.h"
#include "nscl/registry/v1/enterprise.pb.h"

namespace nscl::registry::rows {

class SizeClasses {
 public:
  SizeClasses();

  const resource::NamePattern& names() const { return names_; }
  std::string NameOf(absl::string_view enterprise, absl::string_view year) const;

  // INVALID_ARGUMENT `RESOURCE_NAME`; nullopt where none is kept.
  absl::StatusOr<std::optional<v1::SizeClass>> Get(const store::Reader& reader,
                                                   absl::string_view name) const;
  absl::StatusOr<std::optional<v1::SizeClass>> GetAsOf(const store::Store& store,
                                                       absl::string_view name,
                                                       int64_t revision) const;

  // Keeps one, with the revision and time of the command.
  absl::Status Put(store::Txn& txn, v1::SizeClass size_class) const;
  absl::Status Erase(store::Txn& txn, absl::string_view name) const;

 private:
  resource::NamePattern names_;
};

}  // namespace nscl::registry::rows
