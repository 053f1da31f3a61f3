// From the text of a token to the caller it stands for, with a cache of verified tokens before it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/call.h"
#include "common/auth/policy.h"
#include "common/auth/token.h"
#include "common/time/clock.h"

namespace nscl::auth {

// Thread-safe. Verifying costs 48-71 µs; a cached token costs its SHA-256 and a look-up.
class Authenticator {
 public:
  // How long a verified token is believed without looking again, and how many are.
  static constexpr absl::Duration kCacheLifetime = absl::Seconds(60);
  static constexpr size_t kCacheEntries = 8192;

  Authenticator(std::vector<TrustedIssuer> issuers, std::shared_ptr<const Policy> policy,
                const time::Clock* clock, size_t cache_entries = kCacheEntries);

  // The caller of a token. UNAUTHENTICATED `TOKEN_…`.
  absl::StatusOr<std::shared_ptr<const Caller>> Authenticate(absl::string_view token);
  // The same of the value of an `authorization` header, "Bearer <token>".
  absl::StatusOr<std::shared_ptr<const Caller>> AuthenticateHeader(absl::string_view header);

  // Takes new keys or another policy; forgets every verified token.
  void SetIssuers(std::vector<TrustedIssuer> issuers);
  void SetPolicy(std::shared_ptr<const Policy> policy);
  // New keys of one issuer. NOT_FOUND where it is not trusted.
  absl::Status SetKeys(absl::string_view issuer, std::shared_ptr<const KeySet> keys);

  // The clock that tokens are judged by.
  absl::Time Now() const { return clock_->Now(); }

  std::shared_ptr<const Policy> policy() const;
  size_t cached_tokens() const;

 private:
  using Digest = std::array<uint8_t, 32>;
  struct DigestHash {
    size_t operator()(const Digest& digest) const;
  };
  struct Entry {
    std::shared_ptr<const Caller> caller;
    absl::Time until;
  };
  // Tokens are spread over shards, so that calls do not wait for one another.
  struct Shard {
    mutable std::shared_mutex mutex;
    absl::flat_hash_map<Digest, Entry, DigestHash> entries;
  };
  static constexpr size_t kShards = 8;
  struct Trust {
    std::vector<TrustedIssuer> issuers;
    std::shared_ptr<const Policy> policy;
  };

  void Remember(const Digest& digest, const std::shared_ptr<const Caller>& caller, absl::Time now,
                const std::shared_ptr<const Trust>& under);
  // Changes a copy of what is trusted and takes it; one change at a time.
  void ChangeTrust(const std::function<void(Trust&)>& change);
  std::shared_ptr<const Trust> trust() const;

  const time::Clock* clock_;
  const size_t entries_of_shard_;
  mutable std::mutex trust_mutex_;
  std::shared_ptr<const Trust> trust_;
  std::array<Shard, kShards> shards_;
};

}  // namespace nscl::auth
