// A part of somebody's text for a message.
#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace nscl::status {

// The first bytes of a UTF-8 text, at most `max_bytes` and whole characters only: half of one makes
// a message that protobuf will not read again.
std::string Excerpt(absl::string_view text, size_t max_bytes);

}  // namespace nscl::status
