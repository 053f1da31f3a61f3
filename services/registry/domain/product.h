// What a product must be.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/product.pb.h"

namespace nscl::registry::domain {

// Cleans a product that is to be stored and derives what follows from its numbers: INVALID_ARGUMENT
// with every bad field. `before` is null on creation.
absl::Status NormaliseProduct(v1::Product& product, const v1::Product* before,
                              absl::CivilDay today);

}  // namespace nscl::registry::domain
