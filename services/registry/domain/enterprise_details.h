// What an enterprise has several of: business locations, marks, memberships.
#pragma once

#include "absl/time/civil_time.h"
#include "common/status/error.h"
#include "nscl/registry/v1/enterprise.pb.h"

namespace nscl::registry::domain {

// Limits of numbers and, in characters, of texts.
inline constexpr int kMaxBusinessLocations = 1'000;
inline constexpr int kMaxMemberships = 100;
inline constexpr size_t kMaxLocationAddress = 500;
inline constexpr size_t kMaxMembershipRole = 200;

// Clean what is given, or add a violation for each bad field: `LOCATION_NUMBER`, `MARK_KIND`,
// `CLUSTER_NAME` (one that stands twice, too), `COMMUNE_CODE`, `TOO_MANY` and those of texts, dates
// and papers. How a mark stands follows from its paper (REG-08).
void NormaliseBusinessLocations(status::Violations& violations, v1::Enterprise& enterprise);
void NormaliseMarks(status::Violations& violations, v1::Enterprise& enterprise,
                    absl::CivilDay today);
void NormaliseMemberships(status::Violations& violations, v1::Enterprise& enterprise);

// A commune's code has five digits.
void CheckCommuneForm(status::Violations& violations, absl::string_view path,
                      absl::string_view code);

}  // namespace nscl::registry::domain
