// What the figures of a year must be (domain rule REG-06).
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/registry/v1/year_profile.pb.h"

namespace nscl::registry::domain {

inline constexpr int kFirstProfileYear = 2000;
// Limits of fields: tenths of a person, and characters.
inline constexpr int64_t kMaxEmployeesTenths = 10'000'000;
inline constexpr size_t kMaxDeclaredBy = 200;
inline constexpr size_t kMaxDocumentNumber = 100;
inline constexpr size_t kMaxIncompleteReason = 300;

// Normalises the texts and refuses with every bad field at once: INVALID_ARGUMENT `YEAR_RANGE`,
// `EMPLOYEES_RANGE`, `AMOUNT_RANGE`, `MONTHS_RANGE`, `REVENUE_OR_CAPITAL`, `CAPITAL_REQUIRED` (in
// the first, incomplete year), `DATE`, `DATE_FUTURE`, `INVALID_TEXT`, `TEXT_LENGTH`; `BAD_FIELDS`
// for several kinds. Figures that are missing with a reason are not refused. Paths begin with
// "year_profile.".
absl::Status Normalise(v1::YearProfile* profile, const v1::Enterprise& enterprise, int year,
                       absl::CivilDay today);

}  // namespace nscl::registry::domain
