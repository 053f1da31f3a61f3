// What a record of support must be.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "common/catalogue/funding_sources.h"
#include "common/catalogue/support_contents.h"
#include "nscl/registry/v1/support_record.pb.h"

namespace nscl::registry::domain {

// Cleans a record that is to be stored: INVALID_ARGUMENT with every bad field. Records of years
// before the programme are taken: its contents need not hold on the day.
absl::Status NormaliseSupportRecord(v1::SupportRecord& record, absl::CivilDay today,
                                    const catalogue::SupportContents& contents,
                                    const catalogue::FundingSources& sources);

}  // namespace nscl::registry::domain
