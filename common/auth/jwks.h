// Public keys of token issuers (RFC 7517), each pinned to the one algorithm it may verify.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::auth {

struct EvpKeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, EvpKeyFree>;

enum class Algorithm { kRs256, kEs256, kEdDsa };
absl::string_view AlgorithmName(Algorithm algorithm);  // "RS256", "ES256", "EdDSA"

struct VerifyingKey {
  std::string kid;  // may be empty
  Algorithm algorithm;
  EvpKey key;

  // Whether `signature` (as in a JWS: ES256 as 64 raw bytes) signs `message`.
  bool Verifies(absl::string_view message, absl::string_view signature) const;
};

// An immutable set of keys.
class KeySet {
 public:
  // Limits of a key set, after panva/jose and reliability practice.
  static constexpr size_t kMaxBytes = 64 << 10;
  static constexpr size_t kMaxKeys = 32;

  // Reads a JWKS. Keys for other uses or algorithms are passed over; INVALID_ARGUMENT where the set
  // is malformed, holds a private or symmetric key, a weak key (RSA under 2048 bits), two keys of
  // one kid, or none that can be used.
  static absl::StatusOr<std::shared_ptr<const KeySet>> Parse(absl::string_view jwks);

  // The key of that kid and algorithm; without a kid the only key of that algorithm. Null where
  // there is none or the choice is not clear.
  const VerifyingKey* Find(absl::string_view kid, Algorithm algorithm) const;

  const std::vector<VerifyingKey>& keys() const { return keys_; }

 private:
  std::vector<VerifyingKey> keys_;
};

// The JWK of a key's public half, as JSON text, `kid` and `alg` included. For the local issuer and
// tests.
absl::StatusOr<std::string> PublicJwk(EVP_PKEY* key, Algorithm algorithm, absl::string_view kid);

}  // namespace nscl::auth
