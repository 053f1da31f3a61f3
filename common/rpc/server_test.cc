// The door and the server from outside: a real server, a real client, every refusal in its order.
#include "common/rpc/server.h"

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/client_unary_call.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/errors.h"
#include "common/rpc/channel.h"
#include "common/rpc/errors.h"
#include "common/rpc/handle.h"
#include "common/rpc/stream.h"
#include "common/rpc/testing/test_door.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "grpc/health/v1/health.pb.h"
#include "nscl/casework/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/admin_unit_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"

namespace nscl::rpc {
namespace {

using nscl::testing::CodeIs;
using nscl::testing::IsOk;
using nscl::testing::Reason;
using nscl::testing::ReasonIs;
using nscl::testing::Refused;
using registry::v1::CreateEnterpriseRequest;
using registry::v1::Enterprise;
using registry::v1::EnterpriseService;
using registry::v1::GetEnterpriseRequest;
using registry::v1::ListEnterprisesRequest;
using registry::v1::ListEnterprisesResponse;

// Answers by the id in the name, so that each test says what the handler is to do.
class Enterprises final : public EnterpriseService::CallbackService {
 public:
  explicit Enterprises(Door& door) : door_(door) {}

  grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
                                          const GetEnterpriseRequest* request,
                                          Enterprise* response) override {
    return Handle(door_, context, request, response,
                  [this](const auth::Call& call, const GetEnterpriseRequest& request,
                         Done<Enterprise> done) { Answer(call, request, std::move(done)); });
  }

  grpc::ServerUnaryReactor* ListEnterprises(grpc::CallbackServerContext* context,
                                            const ListEnterprisesRequest* request,
                                            ListEnterprisesResponse* response) override {
    return Handle(door_, context, request, response,
                  [](const auth::Call& call,
                     const ListEnterprisesRequest&) -> absl::StatusOr<ListEnterprisesResponse> {
                    ListEnterprisesResponse list;
                    list.set_next_page_token(absl::StrCat("province ", call.province));
                    return list;
                  });
  }

  // Lets the calls that "wait" asked to wait go on.
  void Release() {
    std::lock_guard lock(mutex_);
    for (auto& done : waiting_) done(Enterprise());
    waiting_.clear();
  }
  size_t waiting() {
    std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  void DropWaiting() {
    std::lock_guard lock(mutex_);
    waiting_.clear();
  }
  auth::Call last_call;
  std::atomic<int> calls{0};

 private:
  void Answer(const auth::Call& call, const GetEnterpriseRequest& request, Done<Enterprise> done) {
    ++calls;
    last_call = call;
    Enterprise enterprise;
    enterprise.set_name(request.name());
    if (absl::EndsWith(request.name(), "/none")) {
      return done(status::Error(absl::StatusCode::kNotFound, "ENTERPRISE_NOT_FOUND")
                      .Meta("name", request.name())
                      .En("there is no enterprise ", request.name())
                      .Vi("không tìm thấy doanh nghiệp")
                      .Build());
    }
    if (absl::EndsWith(request.name(), "/broken")) {
      return done(absl::InternalError("/var/lib/nscl/000012.sst: bad block"));
    }
    if (absl::EndsWith(request.name(), "/wait")) {
      std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(done));
      return;
    }
    if (absl::EndsWith(request.name(), "/cancelled")) {
      // What the store does before it runs a command.
      std::thread([&call, done] {
        while (!call.cancelled()) std::this_thread::yield();
        done(absl::CancelledError("cancelled before the commit queue"));
      }).detach();
      return;
    }
    if (absl::EndsWith(request.name(), "/twice")) {
      done(enterprise);
      enterprise.set_name("the second answer");
      return done(enterprise);
    }
    done(std::move(enterprise));
  }

  Door& door_;
  std::mutex mutex_;
  std::vector<Done<Enterprise>> waiting_;
};

void Until(const std::function<bool()>& condition) {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  while (!condition() && absl::Now() < end) std::this_thread::yield();
  ASSERT_TRUE(condition());
}

class ServerTest : public ::testing::Test {
 protected:
  void Start(Door::Options options = {}) {
    test_ = std::make_unique<TestDoor>("registry", std::move(options));
    enterprises_ = std::make_unique<Enterprises>(test_->door());
    officer_ = test_->Serve({enterprises_.get()}, test_->Token({"dost_officer"}, {"48"}));
    stub_ = EnterpriseService::NewStub(officer_.channel);
  }
  ~ServerTest() override {
    if (enterprises_ != nullptr) enterprises_->Release();
    if (test_ != nullptr) test_->Stop();
  }

  absl::StatusOr<Enterprise> Get(const Peer& peer, const std::string& name,
                                 const CallOptions& options = {}) {
    GetEnterpriseRequest request;
    request.set_name(name);
    return Call(peer, *stub_, &EnterpriseService::Stub::GetEnterprise, request, options);
  }
  absl::StatusOr<ListEnterprisesResponse> List(const Peer& peer, const std::string& parent) {
    ListEnterprisesRequest request;
    request.set_parent(parent);
    return Call(peer, *stub_, &EnterpriseService::Stub::ListEnterprises, request);
  }

  std::unique_ptr<TestDoor> test_;
  std::unique_ptr<Enterprises> enterprises_;
  Peer officer_;
  std::unique_ptr<EnterpriseService::Stub> stub_;
};

TEST_F(ServerTest, RefusesInOrder) {
  Start();
  const Peer nobody{officer_.channel, nullptr};
  const Peer stranger = test_->As("a.b.c");
  const Peer operator_ = test_->As(test_->Token({"operator"}, {"*"}));
  const Peer roleless = test_->As(test_->Token({"no_such_role"}, {"48"}));
  const Peer national = test_->As(test_->Token({"national_reader"}, {"*"}));
  const Peer khanh_hoa = test_->As(test_->Token({"province_reader"}, {"56"}));
  const Peer ninh_thuan = test_->As(test_->Token({"province_reader"}, {"58"}));
  const Peer nowhere = test_->As(test_->Token({"province_reader"}, {}));
  struct Row {
    const char* what;
    const Peer* peer;
    std::string name, reason;
  } rows[] = {
      {"no token", &nobody, "provinces/58/enterprises/e", "TOKEN_MISSING"},
      {"a bad token", &stranger, "provinces/58/enterprises/e", "TOKEN_INVALID"},
      {"permission comes before scope", &operator_, "provinces/58/enterprises/e", "ROLE_DENIED"},
      {"permission comes before the name", &operator_, "nonsense", "ROLE_DENIED"},
      {"an unknown role grants nothing", &roleless, "provinces/48/enterprises/e", "ROLE_DENIED"},
      {"another province", &officer_, "provinces/58/enterprises/e", "SCOPE_DENIED"},
      {"another province, nothing there", &officer_, "provinces/58/enterprises/none",
       "SCOPE_DENIED"},
      {"no province at all", &nowhere, "provinces/48/enterprises/e", "SCOPE_DENIED"},
      {"no name", &officer_, "", "RESOURCE_NAME"},
      {"a name of something else", &officer_, "enterprises/e", "RESOURCE_NAME"},
      {"three digits", &officer_, "provinces/048/enterprises/e", "RESOURCE_NAME"},
      {"not digits", &officer_, "provinces/4x/enterprises/e", "RESOURCE_NAME"},
      {"across, but not a list", &national, "provinces/-/enterprises/e", "RESOURCE_NAME"},
      {"nothing there", &officer_, "provinces/48/enterprises/none", "ENTERPRISE_NOT_FOUND"},
      {"in scope", &officer_, "provinces/48/enterprises/e", "OK"},
      {"all provinces", &national, "provinces/58/enterprises/e", "OK"},
      {"the successor covers the predecessor", &khanh_hoa, "provinces/58/enterprises/e", "OK"},
      {"not the other way round", &ninh_thuan, "provinces/56/enterprises/e", "SCOPE_DENIED"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(Reason(Get(*row.peer, row.name)), row.reason);
  }
}

TEST_F(ServerTest, ListsMayReadAcross) {
  Start();
  const Peer nowhere = test_->As(test_->Token({"province_reader"}, {}));
  EXPECT_EQ(List(officer_, "provinces/-")->next_page_token(), "province -");
  EXPECT_EQ(List(officer_, "provinces/48")->next_page_token(), "province 48");
  EXPECT_THAT(List(officer_, "provinces/58"), ReasonIs("SCOPE_DENIED"));
  EXPECT_THAT(List(officer_, "provinces/-/enterprises/x"), ReasonIs("RESOURCE_NAME"));
  EXPECT_THAT(List(nowhere, "provinces/-"), ReasonIs("SCOPE_DENIED"));
}

// What a refusal says must not tell whether the thing is there: compared as bytes on the wire.
TEST_F(ServerTest, AnotherProvinceIsDeniedInTheSameBytes) {
  Start();
  const auto bytes = [&](const std::string& name) {
    grpc::ClientContext context;
    EXPECT_TRUE(Prepare(officer_, {}, &context).ok());
    GetEnterpriseRequest request;
    request.set_name(name);
    Enterprise response;
    const grpc::Status status = stub_->GetEnterprise(&context, request, &response);
    return absl::StrCat(static_cast<int>(status.error_code()), status.error_message(),
                        status.error_details());
  };
  const std::string there = bytes("provinces/58/enterprises/e");
  EXPECT_FALSE(there.empty());
  EXPECT_EQ(there, bytes("provinces/58/enterprises/none"));
  EXPECT_EQ(there, bytes("provinces/01/enterprises/quite-another"));
  EXPECT_EQ(enterprises_->calls, 0);  // no handler was asked
}

TEST_F(ServerTest, TwoTokensAreNone) {
  Start();
  grpc::ClientContext context;
  SetBearer(&context, *officer_.token->Token());
  SetBearer(&context, *officer_.token->Token());
  GetEnterpriseRequest request;
  request.set_name("provinces/48/enterprises/e");
  Enterprise response;
  EXPECT_THAT(FromGrpcStatus(stub_->GetEnterprise(&context, request, &response)),
              Refused(absl::StatusCode::kUnauthenticated, "TOKEN_MISSING"));
}

// gRPC rounds timeouts up on the wire, by less than a hundredth.
constexpr absl::Duration kRounding = absl::Seconds(1);

TEST_F(ServerTest, TheHandlerSeesTheCall) {
  Start();
  ASSERT_THAT(Get(officer_, "provinces/48/enterprises/e"), IsOk());
  const auth::Call& call = enterprises_->last_call;
  EXPECT_EQ(call.method, "/nscl.registry.v1.EnterpriseService/GetEnterprise");
  EXPECT_EQ(call.province, "48");
  EXPECT_EQ(call.caller.actor, "user:https://issuer.nscl.local|tester");
  EXPECT_TRUE(call.caller.May("registry.enterprises.get"));
  EXPECT_FALSE(call.caller.May("casework.supportCases.approve"));
  EXPECT_LE(call.deadline, absl::Now() + limits::kDefaultDeadline + kRounding);
  ASSERT_THAT(Get(officer_, "provinces/48/enterprises/e", {.timeout = absl::Hours(1)}), IsOk());
  EXPECT_LE(enterprises_->last_call.deadline, absl::Now() + limits::kMaxDeadline + kRounding);
}

TEST_F(ServerTest, DetailsComeThrough) {
  Start();
  const absl::Status status = Get(officer_, "provinces/48/enterprises/none").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(), "there is no enterprise provinces/48/enterprises/none");
  EXPECT_EQ(status::MetadataOf(status, "name"), "provinces/48/enterprises/none");
  EXPECT_EQ(status::LocalizedMessageOf(status), "không tìm thấy doanh nghiệp");
}

TEST_F(ServerTest, InternalTextsStayInside) {
  Start();
  const absl::Status status = Get(officer_, "provinces/48/enterprises/broken").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_FALSE(absl::StrContains(status.ToString(), "sst")) << status;
  EXPECT_FALSE(status::MetadataOf(status, "incident").empty());
}

TEST_F(ServerTest, ADroppedAnswerIsAnError) {
  Start();
  std::thread caller([&] {
    EXPECT_THAT(Get(officer_, "provinces/48/enterprises/wait"),
                CodeIs(absl::StatusCode::kInternal));
  });
  Until([&] { return enterprises_->waiting() == 1; });
  enterprises_->DropWaiting();
  caller.join();
  EXPECT_EQ(test_->door().in_flight(), 0);
}

TEST_F(ServerTest, TheFirstAnswerCounts) {
  Start();
  EXPECT_EQ(Get(officer_, "provinces/48/enterprises/twice")->name(),
            "provinces/48/enterprises/twice");
}

TEST_F(ServerTest, ShedsWhatIsTooMuch) {
  Door::Options options;
  options.max_in_flight = 2;
  Start(std::move(options));
  std::vector<std::thread> callers;
  for (int i = 0; i < 2; ++i) {
    callers.emplace_back(
        [&] { EXPECT_THAT(Get(officer_, "provinces/48/enterprises/wait"), IsOk()); });
  }
  Until([&] { return enterprises_->waiting() == 2; });
  EXPECT_EQ(test_->door().in_flight(), 2);
  const absl::Status status = Get(officer_, "provinces/48/enterprises/e").status();
  EXPECT_THAT(status, Refused(absl::StatusCode::kResourceExhausted, "OVERLOADED"));
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(std::string(
      status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").value_or(absl::Cord()))));
  EXPECT_GE(retry.retry_delay().seconds(), 1);
  EXPECT_LE(retry.retry_delay().seconds(), 5);
  // Who may not enter is told that, not that the house is full.
  EXPECT_THAT(Get(officer_, "provinces/58/enterprises/e"), ReasonIs("SCOPE_DENIED"));
  enterprises_->Release();
  for (std::thread& caller : callers) caller.join();
  Until([&] { return test_->door().in_flight() == 0; });
  EXPECT_THAT(Get(officer_, "provinces/48/enterprises/e"), IsOk());
}

TEST_F(ServerTest, CancellationReachesTheHandler) {
  Start();
  grpc::ClientContext context;
  ASSERT_THAT(Prepare(officer_, {}, &context), IsOk());
  GetEnterpriseRequest request;
  request.set_name("provinces/48/enterprises/cancelled");
  Enterprise response;
  std::thread canceller([&] {
    Until([&] { return enterprises_->calls == 1; });
    context.TryCancel();
  });
  EXPECT_EQ(stub_->GetEnterprise(&context, request, &response).error_code(),
            grpc::StatusCode::CANCELLED);
  canceller.join();
  Until([&] { return test_->door().in_flight() == 0; });  // the handler has noticed
}

TEST_F(ServerTest, TheDeadlineReachesTheHandler) {
  Start();
  EXPECT_THAT(
      Get(officer_, "provinces/48/enterprises/cancelled", {.timeout = absl::Milliseconds(50)}),
      CodeIs(absl::StatusCode::kDeadlineExceeded));
  Until([&] { return test_->door().in_flight() == 0; });
}

// ------------------------------------------------------------------------------------------ the
// server

TEST_F(ServerTest, HealthSaysWhetherItServes) {
  Start();
  const auto check = [&](const std::string& service) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    grpc::health::v1::HealthCheckResponse response;
    grpc::ClientContext context;
    grpc::internal::RpcMethod method("/grpc.health.v1.Health/Check",
                                     grpc::internal::RpcMethod::NORMAL_RPC, officer_.channel);
    const grpc::Status status =
        grpc::internal::BlockingUnaryCall<grpc::health::v1::HealthCheckRequest,
                                          grpc::health::v1::HealthCheckResponse>(
            officer_.channel.get(), method, &context, request, &response);
    if (!status.ok()) return absl::StrCat("error ", static_cast<int>(status.error_code()));
    return grpc::health::v1::HealthCheckResponse::ServingStatus_Name(response.status());
  };
  EXPECT_EQ(check(""), "SERVING");
  EXPECT_EQ(check("nscl.registry.v1.EnterpriseService"), "SERVING");
  EXPECT_EQ(check("nscl.casework.v1.SupportCaseService"), "error 5");  // another service's
  test_->server().SetServing(false);
  EXPECT_EQ(check(""), "NOT_SERVING");
  EXPECT_EQ(check("nscl.registry.v1.EnterpriseService"), "NOT_SERVING");
  EXPECT_THAT(test_->server().Ready(), CodeIs(absl::StatusCode::kUnavailable));
  test_->server().SetServing(true);
  EXPECT_THAT(test_->server().Ready(), IsOk());
  EXPECT_THAT(test_->server().Live(), IsOk());
}

// One question to the reflection service, as buf and grpcurl ask it; its messages are only linked,
// not ours to include.
std::string AskReflection(const std::shared_ptr<grpc::Channel>& channel, const std::string& version,
                          const std::string& field, const std::string& value) {
  using google::protobuf::DescriptorPool;
  using google::protobuf::Message;
  using google::protobuf::MessageFactory;
  const std::string package = absl::StrCat("grpc.reflection.", version);
  const auto make = [&](const char* name) {
    return std::unique_ptr<Message>(
        MessageFactory::generated_factory()
            ->GetPrototype(DescriptorPool::generated_pool()->FindMessageTypeByName(
                absl::StrCat(package, ".", name)))
            ->New());
  };
  std::unique_ptr<Message> request = make("ServerReflectionRequest");
  request->GetReflection()->SetString(request.get(),
                                      request->GetDescriptor()->FindFieldByName(field), value);
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  auto stream = stub.PrepareCall(
      &context, absl::StrCat("/", package, ".ServerReflection/ServerReflectionInfo"), &queue);
  const auto step = [&] {
    void* tag;
    bool ok = false;
    EXPECT_TRUE(queue.Next(&tag, &ok));
    return ok;
  };
  stream->StartCall(nullptr);
  EXPECT_TRUE(step());
  grpc::Slice bytes(request->SerializeAsString());
  stream->Write(grpc::ByteBuffer(&bytes, 1), nullptr);
  EXPECT_TRUE(step());
  grpc::ByteBuffer answer;
  stream->Read(&answer, nullptr);
  EXPECT_TRUE(step());
  grpc::Slice whole;
  EXPECT_TRUE(answer.DumpToSingleSlice(&whole).ok());
  std::unique_ptr<Message> response = make("ServerReflectionResponse");
  EXPECT_TRUE(response->ParseFromArray(whole.begin(), static_cast<int>(whole.size())));
  context.TryCancel();
  grpc::Status status;
  stream->Finish(&status, nullptr);
  step();
  return response->ShortDebugString();
}

// Clients walk every service that reflection lists and stop at one that they cannot resolve: health
// too.
TEST_F(ServerTest, ReflectionResolvesEveryServiceThatItLists) {
  Start();
  for (const char* version : {"v1", "v1alpha"}) {
    SCOPED_TRACE(version);
    const auto ask = [&](const std::string& field, const std::string& value) {
      return AskReflection(officer_.channel, version, field, value);
    };
    const std::string listed = ask("list_services", "");
    for (const char* service :
         {"nscl.registry.v1.EnterpriseService", "grpc.health.v1.Health",
          "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"}) {
      EXPECT_TRUE(absl::StrContains(listed, absl::StrCat("\"", service, "\""))) << listed;
      const std::string file = ask("file_containing_symbol", service);
      EXPECT_TRUE(absl::StrContains(file, "file_descriptor_proto")) << service << " " << file;
      EXPECT_FALSE(absl::StrContains(file, " error_response {")) << service << " " << file;
    }
    EXPECT_TRUE(absl::StrContains(ask("file_by_filename", "nscl/registry/v1/enterprise.proto"),
                                  "file_descriptor_proto"));
    EXPECT_TRUE(absl::StrContains(ask("file_containing_symbol", "nscl.none.v1.None"),
                                  "error_response { error_code: 5"));
    EXPECT_TRUE(absl::StrContains(
        ask("all_extension_numbers_of_type", "google.protobuf.MethodOptions"), "72295728"));
  }
}

TEST_F(ServerTest, CompressionIsRefused) {
  Start();
  grpc::ClientContext context;
  ASSERT_THAT(Prepare(officer_, {}, &context), IsOk());
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  GetEnterpriseRequest request;
  request.set_name(absl::StrCat("provinces/48/enterprises/", std::string(100'000, 'a')));
  Enterprise response;
  EXPECT_EQ(stub_->GetEnterprise(&context, request, &response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(enterprises_->calls, 0);
}

TEST_F(ServerTest, TooLargeARequestIsRefused) {
  Start();
  GetEnterpriseRequest request;
  request.set_name(
      absl::StrCat("provinces/48/enterprises/", std::string(limits::kMaxBulkReceiveBytes, 'a')));
  grpc::ClientContext context;
  ASSERT_THAT(Prepare(officer_, {}, &context), IsOk());
  Enterprise response;
  EXPECT_EQ(stub_->GetEnterprise(&context, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServerTest, DrainFinishesWhatRuns) {
  Start();
  std::thread caller([&] { EXPECT_THAT(Get(officer_, "provinces/48/enterprises/wait"), IsOk()); });
  Until([&] { return enterprises_->waiting() == 1; });
  std::thread drain([&] { test_->server().Drain(); });
  Until([&] { return !test_->server().Ready().ok(); });
  enterprises_->Release();
  drain.join();
  caller.join();
  EXPECT_THAT(test_->server().Live(), CodeIs(absl::StatusCode::kUnavailable));
}

TEST(ServerStartTest, PlainTextStaysOnTheMachine) {
  for (const char* address : {"0.0.0.0:0", "10.0.0.1:7000", "[::]:0", "registry:7000"}) {
    Server::Options options;
    options.service = "registry";
    options.address = address;
    EXPECT_THAT(Server::Start(std::move(options)), CodeIs(absl::StatusCode::kInvalidArgument))
        << address;
    EXPECT_THAT(MakeChannel({.target = address}), CodeIs(absl::StatusCode::kInvalidArgument))
        << address;
  }
  for (const char* address : {"127.0.0.1:0", "localhost:0", "[::1]:0", "unix:/tmp/x.sock"}) {
    EXPECT_TRUE(IsLocal(address)) << address;
  }
}

TEST(ServerStartTest, ATakenPortIsAnError) {
  Server::Options first;
  first.service = "registry";
  first.address = "127.0.0.1:0";
  first.drain_accept = absl::ZeroDuration();
  auto server = Server::Start(first);
  ASSERT_THAT(server, IsOk());
  Server::Options second = first;
  second.address = absl::StrCat("127.0.0.1:", (*server)->port());
  EXPECT_THAT(Server::Start(second), CodeIs(absl::StatusCode::kUnavailable));
}

// ------------------------------------------------------------------------------------------
// streams

using casework::v1::EventService;
using casework::v1::WatchEventsResponse;
using nscl::event::v1::WatchEventsRequest;

// Numbers its messages; waits after `burst` of them until it is cancelled.
class Numbers final : public Source<WatchEventsResponse> {
 public:
  Numbers(int burst, std::atomic<int>* made, std::atomic<bool>* cancelled)
      : burst_(burst), made_(made), cancelled_(cancelled) {}
  void Next(Ready ready) override {
    if (*made_ == burst_ && burst_ < 0) return ready(std::optional<WatchEventsResponse>());
    if (*made_ >= burst_) {
      pending_ = std::move(ready);
      return;
    }
    WatchEventsResponse response;
    response.set_next_position(++*made_);
    response.add_events()->mutable_metadata()->set_type(std::string(100'000, 'x'));
    ready(std::optional<WatchEventsResponse>(std::move(response)));
  }
  void Cancel() override {
    *cancelled_ = true;
    pending_ = nullptr;
  }

 private:
  const int burst_;
  std::atomic<int>* made_;
  std::atomic<bool>* cancelled_;
  Ready pending_;
};

class Events final : public EventService::CallbackService {
 public:
  explicit Events(Door& door) : door_(door) {}
  grpc::ServerWriteReactor<WatchEventsResponse>* WatchEvents(
      grpc::CallbackServerContext* context, const WatchEventsRequest* request) override {
    static const auto* method =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
            "nscl.casework.v1.EventService.WatchEvents");
    return HandleStream<WatchEventsResponse>(
        door_, method, context, request,
        [this](const auth::Call&, const WatchEventsRequest& request)
            -> absl::StatusOr<std::shared_ptr<Source<WatchEventsResponse>>> {
          if (request.after_position() < 0) return absl::OutOfRangeError("behind the start");
          return std::shared_ptr<Source<WatchEventsResponse>>(std::make_shared<Numbers>(
              static_cast<int>(request.after_position()), &made, &cancelled));
        });
  }
  std::atomic<int> made{0};
  std::atomic<bool> cancelled{false};

 private:
  Door& door_;
};

class StreamTest : public ::testing::Test {
 protected:
  void Start(Door::Options options = {}) {
    test_ = std::make_unique<TestDoor>("casework", std::move(options));
    events_ = std::make_unique<Events>(test_->door());
    peer_ = test_->Serve({events_.get()}, test_->Token({"national_reader"}, {"*"}));
    stub_ = EventService::NewStub(peer_.channel);
  }
  ~StreamTest() override {
    if (test_ != nullptr) test_->Stop();
  }
  std::unique_ptr<grpc::ClientReader<WatchEventsResponse>> Watch(grpc::ClientContext* context,
                                                                 int64_t messages) {
    EXPECT_TRUE(Prepare(peer_, {.timeout = absl::Seconds(30)}, context).ok());
    WatchEventsRequest request;
    request.set_parent("provinces/-");
    request.set_after_position(messages);
    return stub_->WatchEvents(context, request);
  }

  std::unique_ptr<TestDoor> test_;
  std::unique_ptr<Events> events_;
  Peer peer_;
  std::unique_ptr<EventService::Stub> stub_;
};

TEST_F(StreamTest, SendsInOrderAndEndsWithItsCaller) {
  Start();
  grpc::ClientContext context;
  auto stream = Watch(&context, 50);
  WatchEventsResponse response;
  for (int i = 1; i <= 50; ++i) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.next_position(), i);
  }
  EXPECT_EQ(test_->door().streams(), 1);
  context.TryCancel();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  Until([&] { return test_->door().streams() == 0; });
  EXPECT_TRUE(events_->cancelled);
}

// 100 KB a message: a reader that does not read holds the source back, at a few flow-control
// windows.
TEST_F(StreamTest, ASlowReaderHoldsTheSourceBack) {
  Start();
  grpc::ClientContext context;
  auto stream = Watch(&context, 1'000'000);
  WatchEventsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  int before = -1;
  // Until it stands still: nothing made in a whole tenth of a second.
  while (before != events_->made) {
    before = events_->made;
    // tidy: sleeping: nothing tells that nothing more is made.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_LT(events_->made, 2'000);
  context.TryCancel();
  stream->Finish();
}

TEST_F(StreamTest, RefusalsComeBeforeTheFirstMessage) {
  Start();
  grpc::ClientContext context;
  auto stream = Watch(&context, -1);
  WatchEventsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
  peer_ = test_->As(test_->Token({"dost_officer"}, {"48"}));
  grpc::ClientContext denied;
  auto second = Watch(&denied, 1);
  EXPECT_FALSE(second->Read(&response));
  EXPECT_THAT(FromGrpcStatus(second->Finish()), ReasonIs("ROLE_DENIED"));
  EXPECT_EQ(test_->door().streams(), 0);
}

TEST_F(StreamTest, EndsAfterItsLifetime) {
  Door::Options options;
  options.stream_lifetime = absl::Milliseconds(50);
  Start(std::move(options));
  grpc::ClientContext context;
  auto stream = Watch(&context, 1);
  WatchEventsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_THAT(FromGrpcStatus(stream->Finish()),
              Refused(absl::StatusCode::kUnavailable, "STREAM_ENDED"));
}

TEST_F(StreamTest, EndsWhenTheDoorDrains) {
  Start();
  grpc::ClientContext context;
  auto stream = Watch(&context, 1);
  WatchEventsResponse response;
  ASSERT_TRUE(stream->Read(&response));
  test_->door().Drain();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_THAT(FromGrpcStatus(stream->Finish()),
              Refused(absl::StatusCode::kUnavailable, "DRAINING"));
}

TEST_F(StreamTest, TooManyStreamsAreShed) {
  Door::Options options;
  options.max_streams = 1;
  Start(std::move(options));
  grpc::ClientContext first_context, second_context;
  auto first = Watch(&first_context, 1);
  WatchEventsResponse response;
  ASSERT_TRUE(first->Read(&response));
  auto second = Watch(&second_context, 1);
  EXPECT_FALSE(second->Read(&response));
  EXPECT_THAT(FromGrpcStatus(second->Finish()), ReasonIs("OVERLOADED"));
  first_context.TryCancel();
  first->Finish();
}

}  // namespace
}  // namespace nscl::rpc
