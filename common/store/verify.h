// Checking a whole store.
#pragma once

#include "absl/status/statusor.h"
#include "common/store/rocks.h"
#include "nscl/store/v1/store.pb.h"

namespace nscl::store {

// Every file's checksums; the log dense and its chain unbroken; each event dense, of its record and
// under its hash; history as the log says; state the fold of the log. DATA_LOSS with the place
// where it is not. Reads one consistent view while writes go on; `status` of the answer is left to
// the caller.
absl::StatusOr<nscl::store::v1::VerifyStoreResponse> VerifyDatabase(const Database& database);

}  // namespace nscl::store
