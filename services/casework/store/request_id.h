// Request ids of intents.
#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "nscl/casework/v1/intent.pb.h"

namespace nscl::casework::rows {

// UUIDv5 (RFC 9562 section 5.5) of owner, step and the revision of the command that raised the
// intent: a crash sends the same id again, and asking anew after a refusal is another id. In lower
// case.
std::string RequestIdOf(absl::string_view owner, v1::Intent::Step step, int64_t revision);

}  // namespace nscl::casework::rows
