// Rows of the yearly figures of enterprises.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/resource/name.h"
#include "common/store/table.h"
#include "nscl/registry/v1/year_profile.pb.h"

namespace nscl::registry::rows {

class YearProfiles {
 public:
  YearProfiles();

  const resource::NamePattern& names() const { return names_; }
  std::string NameOf(absl::string_view enterprise, absl::string_view year) const;

  // INVALID_ARGUMENT `RESOURCE_NAME`, NOT_FOUND `YEAR_PROFILE_NOT_FOUND`.
  absl::StatusOr<v1::YearProfile> Get(const store::Reader& reader, absl::string_view name) const;
  // Likewise, and ABORTED `ETAG_MISMATCH` where `etag` is given and differs.
  absl::StatusOr<v1::YearProfile> Load(const store::Reader& reader, absl::string_view name,
                                       absl::string_view etag) const;
  // The figures as they were known with a revision; NOT_FOUND `YEAR_PROFILE_NOT_FOUND`.
  absl::StatusOr<v1::YearProfile> GetAsOf(const store::Store& store, absl::string_view name,
                                          int64_t revision) const;
  absl::StatusOr<bool> Exists(const store::Reader& reader, absl::string_view name) const;

  absl::StatusOr<v1::YearProfile> Insert(store::Txn& txn, v1::YearProfile profile) const;
  absl::StatusOr<v1::YearProfile> Update(store::Txn& txn, const v1::YearProfile& before,
                                         v1::YearProfile after) const;

  // The years of an enterprise, oldest first.
  absl::StatusOr<store::Page<v1::YearProfile>> List(const store::Reader& reader,
                                                    absl::string_view enterprise,
                                                    absl::string_view after_key,
                                                    size_t limit) const;

 private:
  resource::NamePattern names_;
  store::Table<v1::YearProfile> table_;
};

}  // namespace nscl::registry::rows
