// What a resource points to, asked of the rows in which it must stand.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/status/error.h"
#include "services/registry/domain/competence.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

// The codes of a list that hold on a day.
absl::StatusOr<std::vector<v1::Code>> CodesOn(const Parts& parts, const store::Reader& reader,
                                              absl::string_view list, absl::CivilDay day);

// Each adds its violation and returns OK; another status is that of a store that cannot be read.

// `CODE_UNKNOWN` unless the value is empty or a code of the list on the day. A list without codes
// takes everything: nobody has imported it yet.
absl::Status CheckCode(status::Violations& violations, const Parts& parts,
                       const store::Reader& reader, absl::string_view path, absl::string_view list,
                       absl::string_view value, absl::CivilDay day);

// INVALID_ARGUMENT `CODE_UNKNOWN` with every solution of the competences that is not one today.
// Those that stood there `before` (null on creation) stay.
absl::Status CheckSolutions(const Parts& parts, const store::Reader& reader, absl::string_view path,
                            const domain::Competences& competences,
                            const domain::Competences* before);

// `ENTERPRISE_UNKNOWN` unless an enterprise of the same province, or of one that was merged with
// it, has the name.
absl::Status CheckEnterprise(status::Violations& violations, const Parts& parts,
                             const store::Reader& reader, absl::string_view path,
                             absl::string_view name, absl::string_view province);

// `ORGANISATION_UNKNOWN` unless an organisation likewise has the name and exists on the day.
absl::Status CheckOrganisation(status::Violations& violations, const Parts& parts,
                               const store::Reader& reader, absl::string_view path,
                               absl::string_view name, absl::string_view province,
                               absl::CivilDay day);

}  // namespace nscl::registry
