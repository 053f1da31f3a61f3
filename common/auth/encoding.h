// The encodings of tokens: strict base64url and strict JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::auth {

// RFC 7515 base64url: no padding, no other characters, no stray bits in the last one (so that each
// byte string has exactly one encoding). INVALID_ARGUMENT otherwise.
absl::StatusOr<std::string> Base64UrlDecode(absl::string_view text);
std::string Base64UrlEncode(absl::string_view bytes);

// Parses a JSON object and refuses what parsers differ on: duplicate keys, nesting deeper than
// `max_depth`, invalid UTF-8, numbers beyond a double, anything after the object. INVALID_ARGUMENT
// with the fault.
absl::StatusOr<nlohmann::json> ParseStrictJson(absl::string_view text, int max_depth);

}  // namespace nscl::auth
