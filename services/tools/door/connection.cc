#include "services/tools/door/connection.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status/status_macros.h"
#include "services/tools/words/words.h"

namespace nscl::tools {

void Connection::AddFlags(CLI::App& app) {
  app.add_option("--target", target,
                 Words("gRPC address of the gateway, or of one service",
                       "Địa chỉ gRPC của gateway hoặc của một dịch vụ"))
      ->envname("NSCL_TARGET")
      ->capture_default_str();
  app.add_option("--token-file", token_file,
                 Words("File that holds a bearer token", "Tệp chứa mã truy cập"))
      ->envname("NSCL_TOKEN_FILE");
  auto* key = app.add_option("--tls-key", tls.key,
                             Words("PEM key; needed unless the target is local",
                                   "Khóa PEM; cần khi địa chỉ không phải trên máy này"));
  auto* cert =
      app.add_option("--tls-cert", tls.cert, Words("PEM certificate chain", "Chuỗi chứng thư PEM"));
  auto* ca = app.add_option("--tls-ca", tls.ca,
                            Words("PEM roots that the server is checked against",
                                  "Chứng thư gốc PEM để kiểm tra máy chủ"));
  key->needs(cert)->needs(ca);
  cert->needs(key);
  ca->needs(key);
  app.add_option("--timeout", timeout_seconds,
                 Words("Seconds that a call may take", "Số giây tối đa của một lần gọi"))
      ->check(CLI::Range(0.001, 3600.0))
      ->capture_default_str();
}

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!std::getline(file, token) || absl::StripAsciiWhitespace(token).empty()) {
    return absl::NotFoundError(absl::StrCat("cannot read a token from ", path));
  }
  return std::string(absl::StripAsciiWhitespace(token));
}

absl::StatusOr<std::unique_ptr<GrpcDoor>> Connection::Open() const {
  std::string token;
  if (!token_file.empty()) {
    ASSIGN_OR_RETURN(token, ReadToken(token_file));
  }
  // gRPC's own lines about a failed handshake would stand before what we say of it.
  ::setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  rpc::ChannelOptions options;
  options.target = target;
  if (!tls.key.empty()) options.tls = tls;
  return GrpcDoor::Open(options, token, absl::Seconds(timeout_seconds));
}

}  // namespace nscl::tools
