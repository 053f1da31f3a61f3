// What a notice of conformity must be (Thông tư 28/2012/TT-BKHCN, 02/2017/TT-BKHCN).
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/conformity_notice.pb.h"
#include "services/registry/domain/registry_rules.h"

namespace nscl::registry::domain {

// Cleans a notice that is to be stored: INVALID_ARGUMENT with every bad field. The terms are those
// of the day that the dossier was received on; where no rule holds, none is checked. One that
// stands on the enterprise's own assessment gets its last day from the rule.
absl::Status NormaliseConformityNotice(v1::ConformityNotice& notice, const RegistryRules& rules,
                                       absl::CivilDay today);

}  // namespace nscl::registry::domain
