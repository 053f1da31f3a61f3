// Where an identity provider's key set is read: a file, or an address of the provider (its
// `jwks_uri`).
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::auth {

struct KeySource {
  // Longest wait for an answer, and for the connection within it.
  static constexpr absl::Duration kTimeout = absl::Seconds(5);
  static constexpr absl::Duration kConnectTimeout = absl::Seconds(3);

  // "/etc/nscl/jwks.json", or "https://identity.example.vn/certs".
  std::string location;
  std::string ca_file;  // PEM roots for https; the system's where empty
  absl::Duration timeout = kTimeout;

  bool is_url() const;
  // INVALID_ARGUMENT for an address that cannot be asked: plain http to another machine, for
  // whoever sits between could hand out keys of their own; a user name in it; another scheme.
  absl::Status Check() const;
  // The text of the key set, at most KeySet::kMaxBytes. NOT_FOUND for a file that cannot be read,
  // UNAVAILABLE where the provider does not answer with 200 in time. Redirections are not followed.
  absl::StatusOr<std::string> Read() const;
};

}  // namespace nscl::auth
