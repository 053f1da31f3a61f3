// What a traceability record must be.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/traceability_record.pb.h"

namespace nscl::registry::domain {

// Cleans a record that is to be stored: INVALID_ARGUMENT with every bad field.
absl::Status NormaliseTraceabilityRecord(v1::TraceabilityRecord& record,
                                         const v1::TraceabilityRecord* before,
                                         absl::CivilDay today);

}  // namespace nscl::registry::domain
