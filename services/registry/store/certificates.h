// The index of certificates by last day, for the sweep that calls them expiring and expired.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/store/store.h"
#include "nscl/registry/v1/certificate.pb.h"

namespace nscl::registry::rows {

// Keeps the index of a change: only certificates that an event is still to come for stand in it.
void IndexExpiry(store::Txn& txn, const v1::Certificate* before, const v1::Certificate* after);

// Names of certificates whose state is not that of the day, at most `limit`: those that are over,
// then those that end within `expiring_days`.
absl::StatusOr<std::vector<std::string>> DueCertificates(const store::Reader& reader,
                                                         absl::CivilDay today, int expiring_days,
                                                         size_t limit);

}  // namespace nscl::registry::rows
