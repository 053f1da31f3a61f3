// Mutual TLS: who has no certificate of our CA does not get past the handshake.
#include "common/rpc/tls.h"

#include <google/protobuf/empty.pb.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/testing/certificates.h"
#include "common/testing/status_matchers.h"

namespace nscl::rpc {
namespace {

using nscl::testing::Certificate;
using nscl::testing::CodeIs;
using nscl::testing::IsOk;
using nscl::testing::MakeCertificate;

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() : folder_(absl::StrCat(::testing::TempDir(), "/tls-", ::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  TlsFiles Write(const std::string& name, const Certificate& certificate, const Certificate& ca) {
    const auto files = nscl::testing::WritePem(absl::StrCat(folder_, "/", name), certificate, ca);
    return {files.key, files.cert, files.ca};
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
  const Certificate ca = MakeCertificate("nscl test CA", nullptr, nullptr);
  const Certificate other_ca = MakeCertificate("another CA", nullptr, nullptr);
  const Certificate service =
      MakeCertificate("registry", "DNS:localhost,IP:127.0.0.1,URI:spiffe://nscl/48/registry", &ca);
  const TlsFiles server_files = Write("server", service, ca);
  Server::Options options;
  options.service = "registry";
  options.address = "0.0.0.0:0";  // every interface, so TLS is required
  options.tls = server_files;
  options.drain_accept = absl::ZeroDuration();
  auto server = Server::Start(std::move(options));
  ASSERT_THAT(server, IsOk());
  const std::string target = absl::StrCat("localhost:", (*server)->port());

  const TlsFiles good =
      Write("good", MakeCertificate("casework", "URI:spiffe://nscl/48/casework", &ca), ca);
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
  EXPECT_FALSE(
      Connects(target, *ClientTls(Write("stranger", MakeCertificate("x", nullptr, &other_ca), ca))))
      << "a certificate of another CA";
  EXPECT_FALSE(
      Connects(target, *ClientTls(Write("expired", MakeCertificate("x", nullptr, &ca, -1), ca))))
      << "an expired certificate";
  EXPECT_FALSE(
      Connects(target, *ClientTls(Write("misled", MakeCertificate("x", nullptr, &ca), other_ca))))
      << "a client that trusts another CA";
}

TEST_F(TlsTest, AClientChecksTheServersName) {
  const Certificate ca = MakeCertificate("nscl test CA", nullptr, nullptr);
  const TlsFiles files = Write("server", MakeCertificate("registry", "DNS:registry", &ca), ca);
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
  const Certificate ca = MakeCertificate("nscl test CA", nullptr, nullptr);
  TlsFiles files = Write("server", MakeCertificate("registry", nullptr, &ca), ca);
  EXPECT_THAT(ServerTls(files), IsOk());
  ::chmod(files.key.c_str(), 0644);
  EXPECT_THAT(ServerTls(files), CodeIs(absl::StatusCode::kFailedPrecondition));
  files.key = "/no/such.key";
  EXPECT_THAT(ServerTls(files), CodeIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ClientTls({}), CodeIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace nscl::rpc
