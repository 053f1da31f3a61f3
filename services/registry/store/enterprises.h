// Rows of enterprises, with the index that keeps a tax code unique in its province.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/resource/name.h"
#include "common/store/table.h"
#include "nscl/registry/v1/enterprise.pb.h"

namespace nscl::registry::rows {

class Enterprises {
 public:
  Enterprises();

  const resource::NamePattern& names() const { return names_; }

  // INVALID_ARGUMENT `RESOURCE_NAME`, NOT_FOUND.
  absl::StatusOr<v1::Enterprise> Get(const store::Reader& reader, absl::string_view name) const;
  // The same as it is stored: the bytes of an Enterprise.
  absl::StatusOr<std::string> GetBytes(const store::Reader& reader, absl::string_view name) const;
  // Likewise, and ABORTED `ETAG_MISMATCH` where `etag` is given and differs.
  absl::StatusOr<v1::Enterprise> Load(const store::Reader& reader, absl::string_view name,
                                      absl::string_view etag) const;

  // ALREADY_EXISTS `TAX_CODE_EXISTS`, `ENTERPRISE_EXISTS`. Returns the bytes of the Enterprise as
  // it is stored.
  absl::StatusOr<std::string> Insert(store::Txn& txn, v1::Enterprise enterprise) const;
  // ALREADY_EXISTS `TAX_CODE_EXISTS`.
  absl::StatusOr<v1::Enterprise> Update(store::Txn& txn, const v1::Enterprise& before,
                                        v1::Enterprise after) const;

  // The name of the enterprise with a tax code in a province.
  absl::StatusOr<std::optional<std::string>> FindByTaxCode(const store::Reader& reader,
                                                           absl::string_view province,
                                                           absl::string_view tax_code) const;

  // The name of the enterprise with the ten digits of a branch: first in the branch's province,
  // then in the others in the order given. One look-up each, in the index of tax codes.
  absl::StatusOr<std::optional<std::string>> FindHead(
      const store::Reader& reader, absl::string_view province, absl::string_view branch_tax_code,
      const std::vector<std::string>& provinces) const;

  // The enterprise as it was known with a revision; NOT_FOUND where it was not.
  absl::StatusOr<v1::Enterprise> GetAsOf(const store::Store& store, absl::string_view name,
                                         int64_t revision) const;

  // For lists; writing goes through the methods above.
  const store::Table<v1::Enterprise>& table() const { return table_; }

 private:
  absl::Status CheckTaxCodeFree(const store::Reader& reader,
                                const v1::Enterprise& enterprise) const;

  resource::NamePattern names_;
  store::Table<v1::Enterprise> table_;
};

}  // namespace nscl::registry::rows
