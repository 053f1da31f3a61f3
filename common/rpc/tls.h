// The certificates of mutual TLS, read from files and looked at again every 10 minutes, so that
// they are renewed without a restart.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace nscl::rpc {

struct TlsFiles {
  std::string key;   // PEM private key, readable by its owner only
  std::string cert;  // PEM chain of this process; a server's and a client's at once
  std::string ca;    // PEM roots that peers are checked against
};

// Server side: a client without a certificate of our CA does not get past the handshake.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsFiles& files);
// Client side. `check_host`: the server's name must be in its certificate (off only to dial
// oneself).
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientTls(const TlsFiles& files,
                                                                    bool check_host = true);

}  // namespace nscl::rpc
