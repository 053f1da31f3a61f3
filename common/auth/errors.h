// Refusals of authentication and authorisation.
//
// A refused token says only its class: what exactly was wrong goes to the log (the status payload
// kTokenFaultUrl, which never leaves the process), not to whoever is trying tokens.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::auth::errors {

// Payload with the exact fault of a refused token; common/rpc logs it and strips it.
inline constexpr char kTokenFaultUrl[] = "nscl.internal/token_fault";

// UNAUTHENTICATED `TOKEN_MISSING`: no `authorization: Bearer …`, an empty one, or two of them.
absl::Status TokenMissing();
// UNAUTHENTICATED `TOKEN_INVALID`: malformed, not signed by a known key, or breaking a rule of the
// profile.
absl::Status TokenInvalid(absl::string_view fault);
// UNAUTHENTICATED `TOKEN_EXPIRED`: well signed, but outside its validity.
absl::Status TokenExpired(absl::string_view fault);
// UNAUTHENTICATED `TOKEN_AUDIENCE`: well signed, but of another issuer, for another audience or
// purpose.
absl::Status TokenAudience(absl::string_view fault);
// PERMISSION_DENIED `ROLE_DENIED`: no role of the caller grants the permission.
absl::Status RoleDenied(absl::string_view permission);
// PERMISSION_DENIED `SCOPE_DENIED`: a province outside the caller's scope, or a method that needs
// all.
absl::Status ScopeDenied();
// INVALID_ARGUMENT `RESOURCE_NAME`: the field that names the province does not.
absl::Status NameWithoutProvince(absl::string_view field, bool wildcard_allowed);
// INTERNAL `NO_ACCESS_RULE`: a method without `nscl.annotation.v1.access`; nobody may call it.
absl::Status NoAccessRule(absl::string_view method);

// The fault of a refused token, or "".
std::string TokenFaultOf(const absl::Status& status);

}  // namespace nscl::auth::errors
