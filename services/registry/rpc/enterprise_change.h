// Entering and changing an enterprise or its yearly figures within a command, with everything that
// stands on other rows: the one way for the handlers and for imports.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

// Enters an enterprise that domain::Normalise took. INVALID_ARGUMENT `COMMUNE_UNKNOWN`,
// `COMMUNE_NOT_VALID`, `COMMUNE_PROVINCE` (REG-04; where communes are loaded), `CLUSTER_UNKNOWN`,
// `CLUSTER_PERIOD`, FAILED_PRECONDITION `BRANCH_WITHOUT_HEAD` (REG-02), ALREADY_EXISTS
// `TAX_CODE_EXISTS`, `ENTERPRISE_EXISTS`. What is empty costs no look-up. Returns the bytes of the
// Enterprise as it is stored.
absl::StatusOr<std::string> InsertEnterprise(const Parts& parts, store::Txn& txn,
                                             v1::Enterprise enterprise, absl::CivilDay today);

// Changes it, refused likewise for what is new in it; a new name keeps the old one, and another
// sector or day of establishment makes the size classes anew.
absl::StatusOr<v1::Enterprise> UpdateEnterprise(const Parts& parts, store::Txn& txn,
                                                const v1::Enterprise& before, v1::Enterprise after,
                                                absl::CivilDay today);

// Keeps the figures of a year that domain::Normalise took, and in the same commit the size classes
// that follow from them and the newest one with the enterprise. `before` is null for a new year.
absl::StatusOr<v1::YearProfile> PutYearProfile(const Parts& parts, store::Txn& txn,
                                               const v1::Enterprise& enterprise,
                                               const v1::YearProfile* before,
                                               v1::YearProfile after);

}  // namespace nscl::registry
