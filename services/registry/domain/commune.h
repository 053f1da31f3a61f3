// Whether a commune is one of a province on a day (REG-04).
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/status/error.h"
#include "nscl/registry/v1/admin_unit.pb.h"

namespace nscl::registry::domain {

// What a unit's code meant on a day; null where it meant nothing.
const v1::AdminUnitForm* FormOn(const v1::AdminUnit& unit, absl::CivilDay day);

// Violations `COMMUNE_UNKNOWN` where there is no such unit, `COMMUNE_NOT_VALID` where it meant
// nothing on the day; returns the form.
const v1::AdminUnitForm* CheckCommuneOn(status::Violations& violations, absl::string_view path,
                                        absl::string_view code, const v1::AdminUnit* unit,
                                        absl::CivilDay day);
// Violation `COMMUNE_PROVINCE` where the commune is one of another province.
void CheckCommuneProvince(status::Violations& violations, absl::string_view path,
                          absl::string_view code, absl::string_view wanted,
                          absl::string_view province);

}  // namespace nscl::registry::domain
