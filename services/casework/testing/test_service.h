// A casework server over a real store, with scripted peers, for tests of handlers and of the money
// path.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "common/rpc/testing/test_door.h"
#include "common/store/testing/fixture.h"
#include "nscl/casework/v1/activity_service.grpc.pb.h"
#include "nscl/casework/v1/event_service.grpc.pb.h"
#include "nscl/casework/v1/support_case_service.grpc.pb.h"
#include "services/casework/service.h"
#include "services/casework/testing/scripted_peers.h"

namespace nscl::casework {

class TestService {
 public:
  using Cases = v1::SupportCaseService::Stub;
  using Activities = v1::ActivityService::Stub;

  TestService();
  ~TestService();

  ScriptedPeers& peers() { return peers_; }
  Service& service() { return *service_; }
  const std::string& folder() const { return folder_.path(); }
  store::Store& store() { return service_->store(); }

  // Stops the server and the service and opens both again over the same store. `between` runs while
  // there is none.
  void Restart(const std::function<void()>& between = [] {});
  // The code lists from the next opening on.
  void set_catalogue_dir(std::string dir) { catalogue_dir_ = std::move(dir); }

  // Calls as an officer of everything in provinces 48 and 58, and as somebody of 48 only.
  template <typename Owner, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Owner::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                const Request& request) {
    return CallAs(officer_, method, request);
  }
  template <typename Owner, typename Request, typename Response>
  absl::StatusOr<Response> CallAs(const rpc::Peer& as,
                                  grpc::Status (Owner::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                  const Request& request) {
    Owner stub(as.channel);
    return rpc::Call(as, stub, method, request, {.timeout = absl::Seconds(20)});
  }
  rpc::Peer only48() { return door_->As(door_->Token(Roles(), {"48"})); }

  v1::SupportCase GetCase(const std::string& name);
  v1::Activity GetActivity(const std::string& name);
  // The resource once `is` holds of it: waits for commits, at most 20 s.
  v1::SupportCase WaitForCase(const std::string& name,
                              const std::function<bool(const v1::SupportCase&)>& is);
  v1::SupportCase WaitForState(const std::string& name, v1::SupportCase::State state);
  v1::Activity WaitForActivity(const std::string& name,
                               const std::function<bool(const v1::Activity&)>& is);
  v1::Activity WaitForState(const std::string& name, v1::Activity::State state);

  // A case of an enterprise of its own, carried to a state by its arrows; state part 100 asked and
  // approved, contract of 60.
  v1::SupportCase CaseAt(v1::SupportCase::State state, const std::string& id);
  // Sends the arrow that leaves the case's state on the good path.
  absl::StatusOr<v1::SupportCase> NextStep(const v1::SupportCase& current);
  v1::Activity ActivityAt(v1::Activity::State state, const std::string& id);

  static std::string RequestId();  // a new one every time
  static std::vector<std::string> Roles();

 private:
  void Open();
  void Close();

  store::TestFolder folder_;
  std::string catalogue_dir_;  // empty: the shipped one
  ScriptedPeers peers_;
  std::unique_ptr<rpc::TestDoor> door_;
  std::unique_ptr<Service> service_;
  rpc::Peer officer_;
};

google::type::Date On(int year, int month, int day);

}  // namespace nscl::casework
