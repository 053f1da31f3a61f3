// How the tools are told where the system is: the same flags for all of them.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/tls.h"
#include "services/tools/door/grpc_door.h"

namespace CLI {
class App;
}

namespace nscl::tools {

struct Connection {
  std::string target = "127.0.0.1:8090";
  std::string token_file;
  rpc::TlsFiles tls;
  double timeout_seconds = 30;

  // --target, --token-file, --tls-key, --tls-cert, --tls-ca, --timeout; NSCL_TARGET and
  // NSCL_TOKEN_FILE in the environment.
  void AddFlags(CLI::App& app);
  // NOT_FOUND, INVALID_ARGUMENT for files that cannot be read or do not fit; nothing is dialled
  // yet.
  absl::StatusOr<std::unique_ptr<GrpcDoor>> Open() const;
};

// The first line of a file. NOT_FOUND where there is none.
absl::StatusOr<std::string> ReadToken(const std::string& path);

}  // namespace nscl::tools
