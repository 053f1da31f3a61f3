#include "common/rpc/testing/test_door.h"

#include <stdlib.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"

namespace nscl::rpc {
namespace {

// Tests have nobody to hand an error to.
template <typename T>
T Must(absl::StatusOr<T> result) {
  if (result.ok()) return *std::move(result);
  std::fprintf(stderr, "TestDoor: %s\n", result.status().ToString().c_str());
  std::abort();
}

// Short, because a unix socket's path has at most 107 bytes.
std::string MakeFolder() {
  std::string folder = "/tmp/nscl-test-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) Must<int>(absl::InternalError("no temporary folder"));
  return folder;
}

}  // namespace

TestDoor::TestDoor(const std::string& service, Door::Options options,
                   const std::string& catalogue_dir)
    : folder_(MakeFolder()),
      issuer_(Must(auth::LocalIssuer::Open(absl::StrCat(folder_, "/issuer")))),
      authenticator_(std::make_shared<auth::Authenticator>(
          std::vector<auth::TrustedIssuer>{issuer_->trusted()},
          Must(auth::Policy::Load(catalogue_dir.empty() ? NSCL_SOURCE_DIR "/deploy/catalogue"
                                                        : catalogue_dir)),
          nullptr)),
      service_(service) {
  options.service = service;
  options.authenticator = authenticator_;
  door_ = std::make_unique<Door>(std::move(options));
}

TestDoor::~TestDoor() {
  Stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TestDoor::Token(std::vector<std::string> roles, std::vector<std::string> provinces,
                            const std::string& subject, const std::string& organisation) {
  return Must(issuer_->Mint({.subject = subject,
                             .organisation = organisation,
                             .roles = std::move(roles),
                             .provinces = std::move(provinces)}));
}

std::string TestDoor::ServiceToken(const std::string& service) {
  return Must(issuer_->MintForService(service));
}

Peer TestDoor::Serve(std::vector<grpc::Service*> services, const std::string& token) {
  Server::Options options;
  options.service = service_;
  options.address = absl::StrCat("unix:", folder_, "/", service_, ".sock");
  options.services = std::move(services);
  options.door = door_.get();
  options.drain_accept = absl::ZeroDuration();
  options.drain_finish = absl::Seconds(5);
  server_ = Must(Server::Start(std::move(options)));
  server_->SetServing(true);
  channel_ = Must(MakeChannel({.target = server_->target()}));
  return As(token);
}

Peer TestDoor::As(const std::string& token) {
  return Peer{channel_, auth::TokenSource::Fixed(token)};
}

void TestDoor::Stop() {
  channel_.reset();
  server_.reset();
}

}  // namespace nscl::rpc
