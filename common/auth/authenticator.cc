#include "common/auth/authenticator.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "common/auth/errors.h"
#include "common/status/status_macros.h"

namespace nscl::auth {
namespace {

// SHA-256 with what it needs at hand: fetching the algorithm and making a context cost more than
// hashing a token.
bool HashToken(absl::string_view token, uint8_t* digest) {
  static const EVP_MD* const kMd = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  return context != nullptr && EVP_DigestInit_ex2(context.get(), kMd, nullptr) == 1 &&
         EVP_DigestUpdate(context.get(), token.data(), token.size()) == 1 &&
         EVP_DigestFinal_ex(context.get(), digest, nullptr) == 1;
}

}  // namespace

// The digest is as random as hashes get.
size_t Authenticator::DigestHash::operator()(const Digest& digest) const {
  size_t hash;
  std::memcpy(&hash, digest.data() + 8, sizeof(hash));
  return hash;
}

Authenticator::Authenticator(std::vector<TrustedIssuer> issuers,
                             std::shared_ptr<const Policy> policy, const time::Clock* clock,
                             size_t cache_entries)
    : clock_(clock == nullptr ? &time::SystemClock() : clock),
      entries_of_shard_(std::max<size_t>(1, cache_entries / kShards)),
      trust_(std::make_shared<Trust>(Trust{std::move(issuers), std::move(policy)})) {}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::AuthenticateHeader(
    absl::string_view header) {
  // The scheme's name is case-insensitive (RFC 9110); one space, then the token and nothing else.
  if (!absl::StartsWithIgnoreCase(header, "bearer ") || header.size() == 7) {
    return errors::TokenMissing();
  }
  return Authenticate(header.substr(7));
}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::Authenticate(absl::string_view token) {
  if (token.empty()) return errors::TokenMissing();
  if (token.size() > kMaxTokenBytes) return errors::TokenInvalid("over 6 KiB");
  const absl::Time now = clock_->Now();
  Digest digest;
  if (!HashToken(token, digest.data())) return absl::InternalError("SHA-256 failed");
  Shard& shard = shards_[digest[0] % kShards];
  {
    std::shared_lock lock(shard.mutex);
    auto it = shard.entries.find(digest);
    if (it != shard.entries.end() && now < it->second.until) return it->second.caller;
  }
  const std::shared_ptr<const Trust> under = trust();
  ASSIGN_OR_RETURN(Claims claims, VerifyToken(token, under->issuers, now));
  auto caller = std::make_shared<const Caller>(under->policy->CallerOf(claims, now));
  Remember(digest, caller, now, under);
  return caller;
}

void Authenticator::Remember(const Digest& digest, const std::shared_ptr<const Caller>& caller,
                             absl::Time now, const std::shared_ptr<const Trust>& under) {
  // Never past `exp`; a token living on its leeway is looked at each time.
  const absl::Time until = std::min(now + kCacheLifetime, caller->expires);
  if (until <= now) return;
  Shard& shard = shards_[digest[0] % kShards];
  std::unique_lock lock(shard.mutex);
  // Keys that changed while this token was being verified: what was verified under the old ones is
  // not kept.
  if (trust() != under) return;
  if (shard.entries.size() >= entries_of_shard_) {
    absl::erase_if(shard.entries, [now](const auto& entry) { return entry.second.until <= now; });
    // Still full: start afresh. Verifying again is cheap next to keeping an order of use.
    if (shard.entries.size() >= entries_of_shard_) shard.entries.clear();
  }
  shard.entries[digest] = Entry{caller, until};
}

void Authenticator::ChangeTrust(const std::function<void(Trust&)>& change) {
  {
    std::lock_guard lock(trust_mutex_);
    auto changed = std::make_shared<Trust>(*trust_);
    change(*changed);
    trust_ = std::move(changed);
  }
  for (Shard& shard : shards_) {
    std::unique_lock lock(shard.mutex);
    shard.entries.clear();
  }
}

void Authenticator::SetIssuers(std::vector<TrustedIssuer> issuers) {
  ChangeTrust([&](Trust& trust) { trust.issuers = std::move(issuers); });
}

void Authenticator::SetPolicy(std::shared_ptr<const Policy> policy) {
  ChangeTrust([&](Trust& trust) { trust.policy = std::move(policy); });
}

absl::Status Authenticator::SetKeys(absl::string_view issuer, std::shared_ptr<const KeySet> keys) {
  bool found = false;
  ChangeTrust([&](Trust& trust) {
    for (TrustedIssuer& trusted : trust.issuers) {
      if (trusted.issuer != issuer) continue;
      trusted.keys = keys;
      found = true;
    }
  });
  if (found) return absl::OkStatus();
  return absl::NotFoundError("the issuer is not trusted");
}

std::shared_ptr<const Authenticator::Trust> Authenticator::trust() const {
  std::lock_guard lock(trust_mutex_);
  return trust_;
}

std::shared_ptr<const Policy> Authenticator::policy() const { return trust()->policy; }

size_t Authenticator::cached_tokens() const {
  size_t sum = 0;
  for (const Shard& shard : shards_) {
    std::shared_lock lock(shard.mutex);
    sum += shard.entries.size();
  }
  return sum;
}

}  // namespace nscl::auth
