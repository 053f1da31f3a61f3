// Mutual TLS: who has no certificate of our CA does not get past the handshake.
#include "common/rpc/tls.h"

#include <google/protobuf/empty.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/testing/status_matchers.h"

namespace nscl::rpc {
namespace {

using nscl::testing::CodeIs;
using nscl::testing::IsOk;

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Cert = std::unique_ptr<X509, void (*)(X509*)>;

struct Identity {
  Key key{nullptr, EVP_PKEY_free};
  Cert cert{nullptr, X509_free};
};

void Extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

// A certificate signed by `ca`, or by itself. `days` may be negative: expired.
Identity Make(const char* name, const char* san, const Identity* ca, int days = 30) {
  Identity made;
  made.key = Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  made.cert = Cert(X509_new(), X509_free);
  X509* cert = made.cert.get();
  static long serial = 1;  // NOLINT: OpenSSL's type
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
  X509_gmtime_adj(X509_getm_notBefore(cert), days < 0 ? -100L * 86400 : -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * days);
  X509_set_pubkey(cert, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* issuer = ca == nullptr ? cert : ca->cert.get();
  X509_set_issuer_name(cert, X509_get_subject_name(issuer));
  Extend(cert, issuer, NID_basic_constraints, ca == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (san != nullptr) Extend(cert, issuer, NID_subject_alt_name, san);
  X509_sign(cert, ca == nullptr ? made.key.get() : ca->key.get(), EVP_sha256());
  return made;
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() : folder_(absl::StrCat(::testing::TempDir(), "/tls-", ::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  TlsFiles Write(const std::string& name, const Identity& identity, const Identity& ca) {
    TlsFiles files{absl::StrCat(folder_, "/", name, ".key"),
                   absl::StrCat(folder_, "/", name, ".crt"),
                   absl::StrCat(folder_, "/", name, ".ca")};
    std::FILE* key = std::fopen(files.key.c_str(), "w");
    PEM_write_PrivateKey(key, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(key);
    ::chmod(files.key.c_str(), 0600);
    std::FILE* cert = std::fopen(files.cert.c_str(), "w");
    PEM_write_X509(cert, identity.cert.get());
    std::fclose(cert);
    std::FILE* root = std::fopen(files.ca.c_str(), "w");
    PEM_write_X509(root, ca.cert.get());
    std::fclose(root);
    return files;
  }

  // Whether a channel with these credentials gets a connection that serves.
  bool Connects(const std::string& target, std::shared_ptr<grpc::ChannelCredentials> credentials) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(target, credentials, arguments);
    channel->GetState(true);
    const auto deadline = std::chrono::system_clock::now() + std::chrono::seconds(10);
    for (grpc_connectivity_state state = channel->GetState(true);
         std::chrono::system_clock::now() < deadline; state = channel->GetState(true)) {
      if (state == GRPC_CHANNEL_TRANSIENT_FAILURE) return false;
      // TLS 1.3: a client is done before the server has looked at its certificate, so READY must
      // last until a call came back. An unknown method does.
      if (state == GRPC_CHANNEL_READY) break;
      channel->WaitForStateChange(state, deadline);
    }
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    grpc::internal::RpcMethod method("/nscl.none/None", grpc::internal::RpcMethod::NORMAL_RPC,
                                     channel);
    google::protobuf::Empty request, response;
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<google::protobuf::Empty, google::protobuf::Empty>(
            channel.get(), method, &context, request, &response);
    return status.error_code() == grpc::StatusCode::UNIMPLEMENTED;
  }

  std::string folder_;
};

TEST_F(TlsTest, OnlyPeersOfOurCaConnect) {
  const Identity ca = Make("nscl test CA", nullptr, nullptr);
  const Identity other_ca = Make("another CA", nullptr, nullptr);
  const Identity service =
      Make("registry", "DNS:localhost,IP:127.0.0.1,URI:spiffe://nscl/48/registry", &ca);
  const TlsFiles server_files = Write("server", service, ca);
  Server::Options options;
  options.service = "registry";
  options.address = "0.0.0.0:0";  // every interface, so TLS is required
  options.tls = server_files;
  options.drain_accept = absl::ZeroDuration();
  auto server = Server::Start(std::move(options));
  ASSERT_THAT(server, IsOk());
  const std::string target = absl::StrCat("localhost:", (*server)->port());

  const TlsFiles good = Write("good", Make("casework", "URI:spiffe://nscl/48/casework", &ca), ca);
  EXPECT_TRUE(Connects(target, *ClientTls(good)));
  // The channel that services use, and the probe that dials its own port.
  auto channel = MakeChannel({.target = target, .tls = good});
  ASSERT_THAT(channel, IsOk());
  EXPECT_TRUE((*channel)->WaitForConnected(absl::ToChronoTime(absl::Now() + absl::Seconds(10))));
  EXPECT_THAT((*server)->Live(), IsOk());

  EXPECT_FALSE(Connects(target, grpc::InsecureChannelCredentials())) << "plain text";
  EXPECT_FALSE(Connects(target, grpc::SslCredentials([&] {
                          grpc::SslCredentialsOptions ssl;
                          std::ifstream root(server_files.ca);
                          ssl.pem_root_certs.assign(std::istreambuf_iterator<char>(root), {});
                          return ssl;
                        }())))
      << "no certificate";
  EXPECT_FALSE(Connects(target, *ClientTls(Write("stranger", Make("x", nullptr, &other_ca), ca))))
      << "a certificate of another CA";
  EXPECT_FALSE(Connects(target, *ClientTls(Write("expired", Make("x", nullptr, &ca, -1), ca))))
      << "an expired certificate";
  EXPECT_FALSE(Connects(target, *ClientTls(Write("misled", Make("x", nullptr, &ca), other_ca))))
      << "a client that trusts another CA";
}

TEST_F(TlsTest, AClientChecksTheServersName) {
  const Identity ca = Make("nscl test CA", nullptr, nullptr);
  const TlsFiles files = Write("server", Make("registry", "DNS:registry", &ca), ca);
  Server::Options options;
  options.service = "registry";
  options.address = "127.0.0.1:0";
  options.tls = files;
  options.drain_accept = absl::ZeroDuration();
  auto server = Server::Start(std::move(options));
  ASSERT_THAT(server, IsOk());
  const std::string target = absl::StrCat("localhost:", (*server)->port());
  EXPECT_FALSE(Connects(target, *ClientTls(files)));
  EXPECT_TRUE(Connects(target, *ClientTls(files, /*check_host=*/false)));
  EXPECT_THAT((*server)->Live(), IsOk());
}

TEST_F(TlsTest, FilesMustBeThereAndPrivate) {
  const Identity ca = Make("nscl test CA", nullptr, nullptr);
  TlsFiles files = Write("server", Make("registry", nullptr, &ca), ca);
  EXPECT_THAT(ServerTls(files), IsOk());
  ::chmod(files.key.c_str(), 0644);
  EXPECT_THAT(ServerTls(files), CodeIs(absl::StatusCode::kFailedPrecondition));
  files.key = "/no/such.key";
  EXPECT_THAT(ServerTls(files), CodeIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ClientTls({}), CodeIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace nscl::rpc
