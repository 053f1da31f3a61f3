// Other resources of the same enterprise that a resource names.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/registry/rpc/parts.h"

namespace nscl::registry {

// INVALID_ARGUMENT `PRODUCT_UNKNOWN` where a product that is named anew is not there.
absl::Status CheckProduct(const Parts& parts, const store::Reader& reader, absl::string_view path,
                          absl::string_view product, absl::string_view before);

}  // namespace nscl::registry
