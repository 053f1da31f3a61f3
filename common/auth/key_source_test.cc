// Key sets fetched from a real server on this machine, over http and https.
#include "common/auth/key_source.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/auth/issuer.h"
#include "common/auth/key_watcher.h"
#include "common/testing/certificates.h"
#include "common/testing/status_matchers.h"

namespace nscl::auth {
namespace {

using nscl::testing::CodeIs;
using nscl::testing::IsOk;

// Answers every connection with the same bytes and closes it.
class Server {
 public:
  // `tls` may be null.
  explicit Server(SSL_CTX* tls = nullptr) : tls_(tls), fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(fd_, 8), 0);
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    ends_ = true;
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }

  std::string Url(const char* scheme = "http") const {
    return absl::StrCat(scheme, "://localhost:", port_, "/certs");
  }
  void Answer(std::string bytes) {
    std::lock_guard<std::mutex> lock(mutex_);
    answer_ = std::move(bytes);
  }
  void AnswerBody(absl::string_view body, int code = 200, absl::string_view headers = "") {
    Answer(absl::StrCat("HTTP/1.1 ", code, " X\r\nContent-Length: ", body.size(), "\r\n", headers,
                        "Connection: close\r\n\r\n", body));
  }

 private:
  void Serve() {
    while (!ends_) {
      const int client = ::accept(fd_, nullptr, nullptr);
      if (client < 0) continue;
      Talk(client);
      ::close(client);
    }
  }

  void Talk(int client) {
    std::string answer;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      answer = answer_;
    }
    char request[4096];
    if (tls_ == nullptr) {
      (void)!::read(client, request, sizeof(request));
      if (answer.empty()) {  // silence, until the client has gone
        (void)!::read(client, request, sizeof(request));
        return;
      }
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      return;
    }
    std::unique_ptr<SSL, void (*)(SSL*)> ssl(SSL_new(tls_), SSL_free);
    SSL_set_fd(ssl.get(), client);
    if (SSL_accept(ssl.get()) != 1) return;
    SSL_read(ssl.get(), request, sizeof(request));
    SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
    SSL_shutdown(ssl.get());
  }

  SSL_CTX* const tls_;
  const int fd_;
  int port_ = 0;
  std::mutex mutex_;
  std::string answer_;
  std::atomic<bool> ends_{false};
  std::thread thread_;
};

class KeySourceTest : public ::testing::Test {
 protected:
  KeySourceTest() : folder_(absl::StrCat(::testing::TempDir(), "/key-source-", ::getpid())) {
    std::filesystem::create_directories(folder_);
    issuer_ = *LocalIssuer::Open(folder_ + "/one");
    std::signal(SIGPIPE, SIG_IGN);  // as servers do: a client that refuses our certificate hangs up
  }
  ~KeySourceTest() override { std::filesystem::remove_all(folder_); }

  const std::string folder_;
  std::unique_ptr<LocalIssuer> issuer_;
};

TEST_F(KeySourceTest, TakesFilesAndSafeAddressesOnly) {
  const struct {
    const char* location;
    bool taken;
  } rows[] = {
      {"/etc/nscl/jwks.json", true},
      {"jwks.json", true},
      {"https://identity.example.vn/certs", true},
      {"http://127.0.0.1:8181/certs", true},
      {"http://localhost/certs", true},
      {"http://[::1]:8181/certs", true},
      {"http://identity.example.vn/certs", false},
      {"http://127.example.vn/certs", false},
      {"http://localhost.example.vn/certs", false},
      {"https://user:word@identity.example.vn/certs", false},
      {"ftp://identity.example.vn/certs", false},
      {"file:///etc/passwd", false},
      {"https://", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(KeySource{row.location}.Check().ok(), row.taken) << row.location;
  }
}

TEST_F(KeySourceTest, ReadsWhatTheProviderAnswers) {
  Server server;
  KeySource source{server.Url()};
  source.timeout = absl::Seconds(2);
  server.AnswerBody(issuer_->jwks());
  const auto read = source.Read();
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, issuer_->jwks());

  server.AnswerBody("gone", 404);
  EXPECT_THAT(source.Read(), CodeIs(absl::StatusCode::kUnavailable));
  server.AnswerBody("", 302, "Location: http://localhost/elsewhere\r\n");
  EXPECT_THAT(source.Read(), CodeIs(absl::StatusCode::kUnavailable)) << "a redirection";
  server.AnswerBody(std::string(KeySet::kMaxBytes + 1, 'a'));
  EXPECT_THAT(source.Read(), CodeIs(absl::StatusCode::kInvalidArgument)) << "too large";
  server.Answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
  EXPECT_THAT(source.Read(), CodeIs(absl::StatusCode::kUnavailable)) << "cut off";

  source.timeout = absl::Milliseconds(300);
  server.Answer("");
  const absl::Time begin = absl::Now();
  EXPECT_THAT(source.Read(), CodeIs(absl::StatusCode::kUnavailable)) << "silence";
  EXPECT_LT(absl::Now() - begin, absl::Seconds(20));
}

TEST_F(KeySourceTest, ChecksTheProvidersCertificate) {
  const auto ca = nscl::testing::MakeCertificate("CA", nullptr, nullptr);
  const auto other_ca = nscl::testing::MakeCertificate("another CA", nullptr, nullptr);
  const struct {
    const char* what;
    const char* san;
    const nscl::testing::Certificate& trusted;
    bool taken;
  } rows[] = {
      {"ours", "DNS:localhost", ca, true},
      {"another host's", "DNS:elsewhere.example.vn", ca, false},
      {"another authority's", "DNS:localhost", other_ca, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    const auto certificate = nscl::testing::MakeCertificate("provider", row.san, &ca);
    const auto files = nscl::testing::WritePem(folder_ + "/provider", certificate, row.trusted);
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls(SSL_CTX_new(TLS_server_method()),
                                                     SSL_CTX_free);
    SSL_CTX_use_certificate(tls.get(), certificate.cert.get());
    SSL_CTX_use_PrivateKey(tls.get(), certificate.key.get());
    Server server(tls.get());
    server.AnswerBody(issuer_->jwks());
    EXPECT_EQ((KeySource{server.Url("https"), files.ca}.Read().ok()), row.taken);
  }
}

// Rotation, and a provider that is away or answers nonsense: the last good keys stay.
TEST_F(KeySourceTest, TheWatcherKeepsTheLastGoodKeys) {
  auto next = *LocalIssuer::Open(folder_ + "/two");
  auto policy = Policy::Load(NSCL_SOURCE_DIR "/deploy/catalogue");
  ASSERT_THAT(policy, IsOk());
  TrustedIssuer trusted = issuer_->trusted();
  trusted.keys = std::make_shared<KeySet>();  // nothing was heard of the provider yet
  auto authenticator = std::make_shared<Authenticator>(std::vector<TrustedIssuer>{trusted}, *policy,
                                                       &time::SystemClock());
  const auto accepted = [&](const LocalIssuer& issuer) {
    return authenticator->Authenticate(*issuer.Mint({.subject = "u"})).ok();
  };
  EXPECT_FALSE(accepted(*issuer_));
  Server server;
  server.AnswerBody(issuer_->jwks());
  KeyWatcher watcher(authenticator, kLocalIssuer, KeySource{server.Url()}, nullptr);
  const struct {
    const char* what;
    std::string body;
    int code;
    bool looked, old_one, new_one;
  } rows[] = {
      {"the first keys", issuer_->jwks(), 200, true, true, false},
      {"away", "later", 503, false, true, false},
      {"nonsense", "<html>", 200, false, true, false},
      {"no keys", "{\"keys\":[]}", 200, false, true, false},
      {"rotated", next->jwks(), 200, true, false, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    server.AnswerBody(row.body, row.code);
    EXPECT_EQ(watcher.Look().ok(), row.looked);
    EXPECT_EQ(accepted(*issuer_), row.old_one);
    EXPECT_EQ(accepted(*next), row.new_one);
  }
}

TEST_F(KeySourceTest, LooksLessOftenWhileTheProviderIsAway) {
  const KeySource file{"jwks.json"}, url{"https://identity.example.vn/certs"};
  EXPECT_EQ(KeyWatcher::PauseAfter(file, 0), absl::Seconds(30));
  EXPECT_EQ(KeyWatcher::PauseAfter(file, 9), absl::Seconds(30));
  EXPECT_EQ(KeyWatcher::PauseAfter(url, 0), absl::Minutes(5));
  EXPECT_EQ(KeyWatcher::PauseAfter(url, 1), absl::Seconds(5));
  EXPECT_EQ(KeyWatcher::PauseAfter(url, 2), absl::Seconds(10));
  EXPECT_EQ(KeyWatcher::PauseAfter(url, 7), absl::Minutes(5));
  EXPECT_EQ(KeyWatcher::PauseAfter(url, 1000), absl::Minutes(5));
}

}  // namespace
}  // namespace nscl::auth
