// A door for tests: a local issuer in a temporary folder, the shipped roles and provinces, and a
// real server around the services under test.
//
//   rpc::TestDoor test("registry");
//   EnterpriseHandlers handlers(test.door(), *store);
//   rpc::Peer officer = test.Serve({&handlers}, test.Token({"dost_officer"}, {"48"}));
//   auto stub = EnterpriseService::NewStub(officer.channel);
//   auto enterprise = rpc::Call(officer, *stub, &EnterpriseService::Stub::GetEnterprise, request);
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/authenticator.h"
#include "common/auth/issuer.h"
#include "common/rpc/channel.h"
#include "common/rpc/door.h"
#include "common/rpc/server.h"

namespace nscl::rpc {

class TestDoor {
 public:
  // `catalogue_dir` empty: deploy/catalogue of the source tree.
  explicit TestDoor(const std::string& service, Door::Options options = {},
                    const std::string& catalogue_dir = "");
  ~TestDoor();

  Door& door() { return *door_; }
  auth::LocalIssuer& issuer() { return *issuer_; }
  std::shared_ptr<auth::Authenticator> authenticator() { return authenticator_; }
  const std::string& folder() const { return folder_; }

  // A user's token. Provinces {"*"}: all.
  std::string Token(std::vector<std::string> roles, std::vector<std::string> provinces,
                    const std::string& subject = "tester", const std::string& organisation = "");
  std::string ServiceToken(const std::string& service);

  // Serves on a unix socket in the folder, once, and gives a channel to it.
  Peer Serve(std::vector<grpc::Service*> services, const std::string& token);
  // The same server as somebody else.
  Peer As(const std::string& token);
  Server& server() { return *server_; }
  // Ends the server at once: before the services and stores under test are destroyed.
  void Stop();

 private:
  std::string folder_;
  std::unique_ptr<auth::LocalIssuer> issuer_;
  std::shared_ptr<auth::Authenticator> authenticator_;
  std::string service_;
  std::unique_ptr<Door> door_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace nscl::rpc
