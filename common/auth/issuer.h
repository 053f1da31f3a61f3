// The local issuer: makes the tokens of an installation that has no identity provider (the
// quickstart, a small province), and the tokens with which services call one another.
//
// Its folder holds `issuer.key` (PEM, mode 0600) and `issuer.jwks.json` (the public key set, which
// the services of other machines are given).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/token.h"
#include "common/time/clock.h"

namespace nscl::auth {

inline constexpr char kLocalIssuer[] = "https://issuer.nscl.local";
inline constexpr char kLocalAudience[] = "nscl";
// A working day, so that an officer signs in once.
inline constexpr absl::Duration kLocalMaxTokenLifetime = absl::Hours(12);

struct TokenRequest {
  std::string subject;
  std::string organisation;
  std::vector<std::string> roles;
  std::vector<std::string> provinces;  // two-digit codes; {"*"} for all
  absl::Duration lifetime = absl::Minutes(15);
};

class LocalIssuer {
 public:
  // Opens the issuer of a folder, making key pair and key set where there are none.
  // FAILED_PRECONDITION where others may read the key.
  static absl::StatusOr<std::unique_ptr<LocalIssuer>> Open(const std::string& folder,
                                                           const time::Clock* clock = nullptr);

  // A signed token. INVALID_ARGUMENT for an empty subject, a service's name or role, a bad
  // province, or a lifetime over the limit.
  absl::StatusOr<std::string> Mint(const TokenRequest& request) const;
  // The token of a service: subject and only role "service:<name>", 15 minutes.
  absl::StatusOr<std::string> MintForService(const std::string& service) const;

  const std::string& jwks() const { return jwks_; }
  // How services trust it.
  TrustedIssuer trusted() const { return trusted_; }

 private:
  LocalIssuer() = default;
  absl::StatusOr<std::string> Sign(const TokenRequest& request) const;

  const time::Clock* clock_ = nullptr;
  std::string kid_;
  EvpKey key_;
  std::string jwks_;
  TrustedIssuer trusted_;
};

// How the local issuer of another process is trusted, from its key set.
absl::StatusOr<TrustedIssuer> TrustLocalIssuer(absl::string_view jwks);

// The bearer token that a process calls others with, renewed before it ends. Thread-safe.
class TokenSource {
 public:
  // Minted by a local issuer.
  static std::shared_ptr<TokenSource> FromIssuer(std::shared_ptr<const LocalIssuer> issuer,
                                                 std::string service,
                                                 const time::Clock* clock = nullptr);
  // Read off a mounted file that something else renews; read again every 30 s.
  static std::shared_ptr<TokenSource> FromFile(std::string path,
                                               const time::Clock* clock = nullptr);
  // Always the same (tests, one-shot tools).
  static std::shared_ptr<TokenSource> Fixed(std::string token);

  // UNAVAILABLE where there is none to be had.
  absl::StatusOr<std::string> Token();

 private:
  using Fetch = std::function<absl::StatusOr<std::string>()>;
  TokenSource(Fetch fetch, absl::Duration renew_after, const time::Clock* clock);

  const Fetch fetch_;
  const absl::Duration renew_after_;
  const time::Clock* clock_;
  std::mutex mutex_;
  std::string token_;
  absl::Time renew_at_ = absl::InfinitePast();
};

}  // namespace nscl::auth
