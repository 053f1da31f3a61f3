// The circuit by itself, on a clock that the test sets, and around the calls of a channel.
#include "common/rpc/circuit.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"

namespace nscl::rpc {
namespace {

using nscl::testing::IsOk;
using nscl::testing::ReasonIs;
using registry::v1::Enterprise;
using registry::v1::EnterpriseService;
using registry::v1::GetEnterpriseRequest;

class CircuitTest : public ::testing::Test {
 protected:
  CircuitTest() {
    options_.max_in_flight = 3;
    options_.failures_to_open = 2;
    options_.open_for = absl::Seconds(5);
    options_.clock = &clock_;
  }
  // One call after another, each with its outcome.
  void Calls(Circuit& circuit, std::initializer_list<absl::StatusCode> outcomes) {
    for (absl::StatusCode outcome : outcomes) {
      ASSERT_THAT(circuit.Enter(), IsOk());
      circuit.Leave(outcome);
    }
  }

  time::ManualClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  Circuit::Options options_;
};

constexpr auto kOk = absl::StatusCode::kOk;
constexpr auto kGone = absl::StatusCode::kUnavailable;
constexpr auto kSlow = absl::StatusCode::kDeadlineExceeded;

TEST_F(CircuitTest, OnlySoManyAtOnce) {
  Circuit circuit(options_);
  for (int i = 0; i < 3; ++i) ASSERT_THAT(circuit.Enter(), IsOk());
  EXPECT_THAT(circuit.Enter(), ReasonIs("PEER_UNAVAILABLE"));
  EXPECT_EQ(circuit.in_flight(), 3);
  circuit.Leave(kOk);
  EXPECT_THAT(circuit.Enter(), IsOk());
}

TEST_F(CircuitTest, FailuresInARowOpenItForAWhile) {
  Circuit circuit(options_);
  Calls(circuit, {kGone, kSlow});
  EXPECT_THAT(circuit.Enter(), ReasonIs("PEER_UNAVAILABLE"));
  clock_.Advance(absl::Milliseconds(4999));
  EXPECT_THAT(circuit.Enter(), ReasonIs("PEER_UNAVAILABLE"));
  clock_.Advance(absl::Milliseconds(1));
  ASSERT_THAT(circuit.Enter(), IsOk()) << "one call tries";
  EXPECT_THAT(circuit.Enter(), ReasonIs("PEER_UNAVAILABLE")) << "the others wait for it";
  circuit.Leave(kOk);
  EXPECT_THAT(circuit.Enter(), IsOk());
  EXPECT_THAT(circuit.Enter(), IsOk());
}

TEST_F(CircuitTest, AFailedTryRestsAgain) {
  Circuit circuit(options_);
  Calls(circuit, {kGone, kGone});
  clock_.Advance(absl::Seconds(5));
  Calls(circuit, {kGone});
  EXPECT_THAT(circuit.Enter(), ReasonIs("PEER_UNAVAILABLE"));
  clock_.Advance(absl::Seconds(5));
  Calls(circuit, {kOk, kGone});
  EXPECT_THAT(circuit.Enter(), IsOk()) << "the count began anew";
}

TEST_F(CircuitTest, AnAnswerOfAnyKindEndsTheRow) {
  Circuit circuit(options_);
  for (absl::StatusCode answer :
       {kOk, absl::StatusCode::kNotFound, absl::StatusCode::kResourceExhausted,
        absl::StatusCode::kInternal}) {
    Calls(circuit, {kGone, answer, kGone, answer});
  }
  Calls(circuit, {kGone, absl::StatusCode::kCancelled, kGone});
  EXPECT_THAT(circuit.Enter(), ReasonIs("PEER_UNAVAILABLE")) << "what we cancelled shows nothing";
}

TEST_F(CircuitTest, AClockThatIsSetBackDoesNotProlongTheRest) {
  Circuit circuit(options_);
  Calls(circuit, {kGone, kGone});
  clock_.Advance(-absl::Hours(1));
  EXPECT_THAT(circuit.Enter(), IsOk());
}

TEST_F(CircuitTest, GuardsTheCallsOfAChannel) {
  const auto circuit = std::make_shared<Circuit>(options_);
  // Nobody listens there.
  auto channel = MakeChannel({.target = "unix:/tmp/nscl-no-such-peer.sock", .circuit = circuit});
  ASSERT_TRUE(channel.ok()) << channel.status();
  const Peer peer{*channel, nullptr};
  auto stub = EnterpriseService::NewStub(peer.channel);
  const auto call = [&] {
    return Call(peer, *stub, &EnterpriseService::Stub::GetEnterprise, GetEnterpriseRequest(),
                {.timeout = absl::Milliseconds(200)})
        .status();
  };
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(status::ReasonOf(call()), "PEER_UNAVAILABLE");
    EXPECT_EQ(circuit->in_flight(), 0);
  }
  EXPECT_THAT(call(), ReasonIs("PEER_UNAVAILABLE")) << "refused here, with its details";
  EXPECT_EQ(circuit->in_flight(), 0);
  clock_.Advance(absl::Seconds(5));
  EXPECT_NE(status::ReasonOf(call()), "PEER_UNAVAILABLE") << "tried again";
}

// A peer that lives, and says so with the details of its refusal.
class FullService final : public EnterpriseService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
                                          const GetEnterpriseRequest*, Enterprise*) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpcStatus(
        status::Error(absl::StatusCode::kUnavailable, "NOT_NOW").En("later").Vi("để sau").Build()));
    return reactor;
  }
};

TEST_F(CircuitTest, WhatALivingPeerRefusesOpensNothing) {
  const std::string address = absl::StrCat("unix:", ::testing::TempDir(), "/full.sock");
  FullService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  ASSERT_NE(server, nullptr);
  const auto circuit = std::make_shared<Circuit>(options_);
  auto channel = MakeChannel({.target = address, .circuit = circuit});
  ASSERT_TRUE(channel.ok()) << channel.status();
  const Peer peer{*channel, nullptr};
  auto stub = EnterpriseService::NewStub(peer.channel);
  for (int i = 0; i < 4; ++i) {
    EXPECT_THAT(Call(peer, *stub, &EnterpriseService::Stub::GetEnterprise, GetEnterpriseRequest(),
                     {.timeout = absl::Seconds(20)})
                    .status(),
                ReasonIs("NOT_NOW"));
  }
  server->Shutdown();
}

}  // namespace
}  // namespace nscl::rpc
