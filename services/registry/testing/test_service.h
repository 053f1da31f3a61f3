// A registry server over a real store, with the shipped roles and catalogue, for tests of handlers.
//
//   TestService test;
//   auto created = test.Call(&v1::ProductService::Stub::CreateProduct,
//                            Parse<v1::CreateProductRequest>("parent: 'provinces/48/…' …"));
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/channel.h"
#include "common/rpc/testing/test_door.h"
#include "common/time/clock.h"
#include "services/registry/service.h"

namespace nscl::registry {

template <typename M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// "5800000023" and so on: the n-th valid tax code.
std::string TaxCode(int n);

class TestService {
 public:
  TestService();
  ~TestService();

  // Stops the server and the service and opens both again over the same store. `between` is called
  // while they are closed, and may change the options of the new one.
  void Restart(const std::function<void(Options*)>& between = nullptr);

  Service& service() { return *service_; }
  time::ManualClock& clock() { return clock_; }  // 22/11/2026 in Viet Nam at the start
  const std::string& folder() const { return test_.folder(); }

  // Calls as the clerk of enterprises of 48 and 56, hence of 58. A change without `request_id` gets
  // one of its own.
  template <typename Owner, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Owner::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                                const Request& request) {
    return CallAs(clerk_, method, request);
  }
  template <typename Owner, typename Request, typename Response>
  absl::StatusOr<Response> CallAs(const rpc::Peer& as,
                                  grpc::Status (Owner::*method)(grpc::ClientContext*,
                                                                const Request&, Response*),
                                  Request request) {
    if constexpr (requires { request.set_request_id(std::string()); }) {
      if (request.request_id().empty()) request.set_request_id(RequestId());
    }
    Owner stub(as.channel);
    return rpc::Call(as, stub, method, request);
  }
  // Somebody else. Provinces {"*"}: all.
  rpc::Peer As(std::vector<std::string> roles, std::vector<std::string> provinces) {
    return test_.As(test_.Token(std::move(roles), std::move(provinces)));
  }
  rpc::Peer AsService(const std::string& service) { return test_.As(test_.ServiceToken(service)); }

  // A company of 48 or of another province, named after its id.
  std::string Enterprise(const std::string& id, const std::string& tax_code,
                         const std::string& province = "48");

  std::string RequestId();  // a new one every time

 private:
  void Open(bool init, const std::function<void(Options*)>& change = nullptr);

  time::ManualClock clock_{absl::FromUnixSeconds(1'795'320'000)};
  rpc::TestDoor test_{"registry"};
  std::unique_ptr<Service> service_;
  rpc::Peer clerk_;
  int requests_ = 0;
};

}  // namespace nscl::registry
