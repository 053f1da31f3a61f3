// Rows of one enterprise that stand under several names: merged records keep their names, and
// another province may have registered the same tax code.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/provinces.h"
#include "services/registry/store/enterprises.h"

namespace nscl::registry::rows {

// The enterprise that a name stands for: of a merged record the one that it was merged into.
// INVALID_ARGUMENT `RESOURCE_NAME`, NOT_FOUND.
absl::StatusOr<v1::Enterprise> FindStanding(const Enterprises& enterprises,
                                            const store::Reader& reader, absl::string_view name);

// Every name of the enterprise: its own and those merged into it, in order. Refused as
// FindStanding.
absl::StatusOr<std::vector<std::string>> NamesOf(const Enterprises& enterprises,
                                                 const store::Reader& reader,
                                                 absl::string_view name);

// Besides, those of the enterprises that have one of its tax codes in any province.
absl::StatusOr<std::vector<std::string>> NamesEverywhere(const Enterprises& enterprises,
                                                         const store::Reader& reader,
                                                         absl::string_view name,
                                                         const catalogue::Provinces& provinces);

}  // namespace nscl::registry::rows
