// Verification of bearer tokens: JWT access tokens (RFC 7519, 9068) signed RS256, ES256 or EdDSA.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/jwks.h"

namespace nscl::auth {

// Limits of the token profile.
inline constexpr size_t kMaxTokenBytes = 6 << 10;  // gRPC metadata holds 8 KiB
inline constexpr absl::Duration kTokenLeeway = absl::Seconds(30);
inline constexpr absl::Duration kDefaultMaxTokenLifetime = absl::Minutes(15);

// An issuer whose tokens are taken.
struct TrustedIssuer {
  std::string issuer;                  // exact `iss`
  std::vector<std::string> audiences;  // `aud` must hold one of them
  std::shared_ptr<const KeySet> keys;
  absl::Duration max_lifetime = kDefaultMaxTokenLifetime;  // exp - iat
  // Whether its tokens may name services ("service:<name>" as subject and role): our own issuer
  // only.
  bool may_name_services = false;
};

// What a verified token says.
struct Claims {
  std::string issuer;
  std::string subject;
  std::string organisation;            // "org", may be empty
  std::vector<std::string> roles;      // "roles"
  std::vector<std::string> provinces;  // "provinces", two-digit codes
  bool all_provinces = false;          // "provinces": ["*"]
  bool service = false;                // the subject is "service:<name>"
  absl::Time issued, expires;
};

// Verifies a token and reads its claims:
//   three strict base64url parts, at most 6 KiB; header and payload strict JSON objects, depth 4;
//   `alg` RS256, ES256 or EdDSA and that of the key; no crit, jku, x5u, jwk, x5c, b64, zip, enc,
//   cty; `typ` at+jwt; signature; exact `iss`; one of our audiences; `exp` and `iat` integers, with
//   `nbf` where present, within 30 s of leeway; lifetime within the issuer's limit; `sub` not
//   empty.
// UNAUTHENTICATED `TOKEN_INVALID`, `TOKEN_EXPIRED` or `TOKEN_AUDIENCE`.
absl::StatusOr<Claims> VerifyToken(absl::string_view token,
                                   const std::vector<TrustedIssuer>& issuers, absl::Time now);

}  // namespace nscl::auth
