// What an enterprise must be to be registered (domain rules REG-01 to REG-05).
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "services/registry/domain/sectors.h"

namespace nscl::registry::domain {

// Limits of fields, in characters.
inline constexpr size_t kMaxDisplayName = 500;
inline constexpr size_t kMaxAddress = 500;
inline constexpr size_t kMaxShortName = 200;
inline constexpr int kMaxOtherLines = 100;

// Normalises what a client wrote (NFC, the tax code's stored form, ACTIVE where no status is
// given), derives the sector from the section as the classification stands on `today`, and refuses
// with every bad field at once: INVALID_ARGUMENT `TAX_CODE` (its text names the fault),
// `INVALID_TEXT`, `TEXT_LENGTH`, `ENUM_VALUE`, `COMMUNE_CODE`, `VSIC_CODE`, `VSIC_TWICE`,
// `VSIC_SECTION`, `DATE`, `DATE_FUTURE`, those of contact_points.h and enterprise_details.h;
// `BAD_FIELDS` for several kinds. Paths begin with "enterprise.". What stands on other rows (head,
// communes, code lists, clusters) is checked by whoever has them.
absl::Status Normalise(v1::Enterprise* enterprise, const Sectors& sectors, absl::CivilDay today);

}  // namespace nscl::registry::domain
