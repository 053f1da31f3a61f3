// Ids that the server makes.
#pragma once

#include <string>

#include "absl/time/time.h"

namespace nscl::resource {

// 26 characters of lower-case Crockford base32: 48 bits of milliseconds, then 80 random bits (the
// layout of a ULID). Ids made later sort later, to the millisecond; two equal ones need 2^40 in one
// millisecond.
std::string NewId(absl::Time now);

}  // namespace nscl::resource
