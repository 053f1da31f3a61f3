#include "common/rpc/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/rpc/limits.h"
#include "common/status/status_macros.h"

namespace nscl::rpc {
namespace {

namespace tls = grpc::experimental;

absl::Status CheckFiles(const TlsFiles& files) {
  for (const std::string* path : {&files.key, &files.cert, &files.ca}) {
    struct stat info;
    if (path->empty() || ::stat(path->c_str(), &info) != 0) {
      return absl::NotFoundError(absl::StrCat("TLS needs key, certificate and CA; \"", *path,
                                              "\": ", std::generic_category().message(errno)));
    }
    // A group may read it, as Kubernetes mounts secrets with fsGroup; the world may not.
    if (path == &files.key && (info.st_mode & 07) != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(*path, " can be read by everybody; chmod 600 it"));
    }
  }
  return absl::OkStatus();
}

std::shared_ptr<tls::FileWatcherCertificateProvider> Provider(const TlsFiles& files) {
  return std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key, files.cert, files.ca,
      static_cast<unsigned>(absl::ToInt64Seconds(limits::kCertificateReload)));
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ServerTls(const TlsFiles& files) {
  RETURN_IF_ERROR(CheckFiles(files));
  tls::TlsServerCredentialsOptions options(Provider(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  return tls::TlsServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> ClientTls(const TlsFiles& files,
                                                                    bool check_host) {
  RETURN_IF_ERROR(CheckFiles(files));
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Provider(files));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  if (check_host) {
    options.set_certificate_verifier(std::make_shared<tls::HostNameCertificateVerifier>());
  } else {
    options.set_check_call_host(false);
    options.set_certificate_verifier(std::make_shared<tls::NoOpCertificateVerifier>());
  }
  return tls::TlsCredentials(options);
}

}  // namespace nscl::rpc
