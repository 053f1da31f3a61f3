// The gateway end to end: real HTTP and gRPC clients before it, a small real gRPC service behind
// it.
#include "services/gateway/gateway.h"

#include <google/protobuf/util/message_differencer.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "services/gateway/testing/http_client.h"

namespace nscl::gateway {
namespace {

using event::v1::WatchEventsRequest;
using nlohmann::json;
using registry::v1::CreateEnterpriseRequest;
using registry::v1::Enterprise;
using registry::v1::EnterpriseService;
using registry::v1::EventService;
using registry::v1::GetEnterpriseRequest;
using registry::v1::WatchEventsResponse;
using status::Error;
using testing::Fetch;
using testing::HttpReply;
using testing::RawConnection;

constexpr char kToken[] = "Authorization: Bearer abc.def.ghi\r\n";
constexpr char kJson[] = "Content-Type: application/json\r\n";

// What the test's service saw of the last call.
struct Seen {
  std::mutex mutex;
  std::multimap<std::string, std::string> metadata;
  absl::Time deadline;
  std::atomic<int> cancelled{0};
  std::atomic<int> calls{0};

  void Take(grpc::CallbackServerContext* context) {
    std::lock_guard<std::mutex> lock(mutex);
    ++calls;
    metadata.clear();
    for (const auto& [key, value] : context->client_metadata()) {
      metadata.emplace(std::string(key.data(), key.size()),
                       std::string(value.data(), value.size()));
    }
    deadline = absl::FromChrono(context->deadline());
  }
  std::string Metadata(const std::string& key) {
    std::lock_guard<std::mutex> lock(mutex);
    const auto found = metadata.find(key);
    return found == metadata.end() ? "" : found->second;
  }
};

class Enterprises : public EnterpriseService::CallbackService {
 public:
  explicit Enterprises(Seen& seen) : seen_(seen) {}

  // "…/missing" is refused, "…/never" does not answer, "…/bare" fails without details.
  grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
                                          const GetEnterpriseRequest* request,
                                          Enterprise* response) override {
    seen_.Take(context);
    if (absl::EndsWith(request->name(), "/never")) return Never();
    auto* reactor = context->DefaultReactor();
    if (absl::EndsWith(request->name(), "/missing")) {
      context->AddTrailingMetadata("x-note", "trailing");
      reactor->Finish(rpc::ToGrpcStatus(Error(absl::StatusCode::kNotFound, "ENTERPRISE_NOT_FOUND")
                                            .Meta("name", request->name())
                                            .En("there is no ", request->name())
                                            .Vi("không có doanh nghiệp này")
                                            .Build()));
    } else if (absl::EndsWith(request->name(), "/bare")) {
      reactor->Finish(grpc::Status(grpc::StatusCode::INTERNAL, "secret: /data/registry"));
    } else {
      response->set_name(request->name());
      response->set_display_name("Công ty Đà Nẵng");
      response->mutable_create_time()->set_seconds(1706661000);
      reactor->Finish(grpc::Status::OK);
    }
    return reactor;
  }

  grpc::ServerUnaryReactor* CreateEnterprise(grpc::CallbackServerContext* context,
                                             const CreateEnterpriseRequest* request,
                                             Enterprise* response) override {
    seen_.Take(context);
    *response = request->enterprise();
    response->set_name(absl::StrCat(request->parent(), "/enterprises/", request->enterprise_id()));
    response->set_etag(request->request_id());
    context->AddTrailingMetadata("x-idempotent-replay", "true");
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  // Ends only when it is cancelled.
  grpc::ServerUnaryReactor* Never() {
    class Reactor : public grpc::ServerUnaryReactor {
     public:
      explicit Reactor(Seen& seen) : seen_(seen) {}
      void OnCancel() override {
        ++seen_.cancelled;
        Finish(grpc::Status::CANCELLED);
      }
      void OnDone() override { delete this; }

     private:
      Seen& seen_;
    };
    return new Reactor(seen_);
  }

  Seen& seen_;
};

// Sends positions after the one asked for: three, then waits; with epoch 9 it ends in a refusal
// after one.
class Events : public EventService::CallbackService {
 public:
  explicit Events(Seen& seen) : seen_(seen) {}

  grpc::ServerWriteReactor<WatchEventsResponse>* WatchEvents(
      grpc::CallbackServerContext* context, const WatchEventsRequest* request) override {
    seen_.Take(context);
    return new Feed(seen_, *request);
  }

 private:
  class Feed : public grpc::ServerWriteReactor<WatchEventsResponse> {
   public:
    Feed(Seen& seen, const WatchEventsRequest& request)
        : seen_(seen), position_(request.after_position()), epoch_(request.epoch()) {
      Next();
    }
    void OnWriteDone(bool ok) override {
      if (!ok) return;
      ++sent_;
      if (epoch_ == 9) {
        Finish(rpc::ToGrpcStatus(Error(absl::StatusCode::kAborted, "EPOCH_CHANGED")
                                     .En("another epoch")
                                     .Vi("kỷ nguyên khác")
                                     .Build()));
      } else if (sent_ < 3) {
        Next();
      }
    }
    void OnCancel() override {
      ++seen_.cancelled;
      if (epoch_ != 9) Finish(grpc::Status::CANCELLED);
    }
    void OnDone() override { delete this; }

   private:
    void Next() {
      response_.Clear();
      response_.set_next_position(++position_);
      response_.set_epoch(epoch_ == 0 ? 1 : epoch_);
      StartWrite(&response_);
    }

    Seen& seen_;
    int64_t position_;
    const int64_t epoch_;
    int sent_ = 0;
    WatchEventsResponse response_;
  };

  Seen& seen_;
};

class GatewayTest : public ::testing::Test {
 protected:
  void Serve(Options options = {}) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&enterprises_);
    builder.RegisterService(&events_);
    backend_ = builder.BuildAndStart();
    options.http_address = "127.0.0.1:0";
    options.grpc_address = "127.0.0.1:0";
    options.backends["registry"] =
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", port), grpc::InsecureChannelCredentials());
    options.limits.drain_timeout = absl::Seconds(5);
    auto gateway = Gateway::Open(std::move(options));
    ASSERT_TRUE(gateway.ok()) << gateway.status();
    gateway_ = *std::move(gateway);
    gateway_->Start();
  }
  void TearDown() override {
    if (gateway_ != nullptr) gateway_->Stop();
    if (backend_ != nullptr) backend_->Shutdown(std::chrono::system_clock::now());
  }

  HttpReply Get(const std::string& target, const std::string& headers = kToken) {
    return Fetch(gateway_->http_port(), "GET", target, headers);
  }
  std::shared_ptr<grpc::Channel> GrpcChannel() {
    return grpc::CreateChannel(absl::StrCat("127.0.0.1:", gateway_->grpc_port()),
                               grpc::InsecureChannelCredentials());
  }
  // Waits for what another thread will count.
  static void AwaitAtLeast(const std::atomic<int>& count, int wanted) {
    const absl::Time give_up = absl::Now() + absl::Seconds(20);
    while (count < wanted && absl::Now() < give_up) std::this_thread::yield();
    EXPECT_GE(count, wanted) << "it did not come about in 20 seconds";
  }

  Seen seen_;
  Enterprises enterprises_{seen_};
  Events events_{seen_};
  std::unique_ptr<grpc::Server> backend_;
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(GatewayTest, GetsAResourceAsJson) {
  Serve();
  const HttpReply reply = Get("/v1/provinces/48/enterprises/e1");
  ASSERT_EQ(reply.code, 200) << reply.body;
  const json body = json::parse(reply.body);
  EXPECT_EQ(body["name"], "provinces/48/enterprises/e1");
  EXPECT_EQ(body["displayName"], "Công ty Đà Nẵng");
  EXPECT_EQ(body["createTime"], "2024-01-31T00:30:00Z");
  EXPECT_EQ(body["demo"], false);                // defaults are shown
  EXPECT_FALSE(body.contains("establishedOn"));  // what is absent is not
  EXPECT_EQ(seen_.Metadata("authorization"), "Bearer abc.def.ghi");
}

TEST_F(GatewayTest, AMaskedAnswerShowsNoDefaults) {
  Serve();
  const json body = json::parse(Get("/v1/provinces/48/enterprises/e1?readMask=name").body);
  EXPECT_FALSE(body.contains("demo"));
}

TEST_F(GatewayTest, CreatesWithBodyQueryAndIdempotencyKey) {
  Serve();
  const HttpReply reply = Fetch(
      gateway_->http_port(), "POST", "/v1/provinces/48/enterprises?enterprise_id=e7",
      absl::StrCat(kToken, kJson, "Idempotency-Key: 7f1f2e0a-3f0b-4b53-9d7e-2f1c5d3f8a11\r\n"),
      R"({"displayName":"Công ty A","legalKind":"LEGAL_KIND_JSC"})");
  ASSERT_EQ(reply.code, 200) << reply.body;
  const json body = json::parse(reply.body);
  EXPECT_EQ(body["name"], "provinces/48/enterprises/e7");
  EXPECT_EQ(body["legalKind"], "LEGAL_KIND_JSC");
  EXPECT_EQ(body["etag"], "7f1f2e0a-3f0b-4b53-9d7e-2f1c5d3f8a11");
  EXPECT_TRUE(absl::StrContains(reply.head, "X-Idempotent-Replay: true"));
}

TEST_F(GatewayTest, RefusalsOfTheServiceComeInTheAipForm) {
  Serve();
  const HttpReply reply = Get("/v1/provinces/48/enterprises/missing");
  EXPECT_EQ(reply.code, 404);
  const json error = json::parse(reply.body)["error"];
  EXPECT_EQ(error["code"], 404);
  EXPECT_EQ(error["status"], "NOT_FOUND");
  EXPECT_EQ(error["message"], "there is no provinces/48/enterprises/missing");
  EXPECT_EQ(error["details"][0]["@type"], "type.googleapis.com/google.rpc.ErrorInfo");
  EXPECT_EQ(error["details"][0]["reason"], "ENTERPRISE_NOT_FOUND");
  EXPECT_EQ(error["details"][0]["domain"], "nscl.vn");
  EXPECT_EQ(error["details"][0]["metadata"]["name"], "provinces/48/enterprises/missing");
  EXPECT_EQ(error["details"][1]["message"], "không có doanh nghiệp này");
}

// The gateway's own refusals, each before the service sees anything.
TEST_F(GatewayTest, RefusesBeforeTheService) {
  Serve();
  const std::string ok = "/v1/provinces/48/enterprises/e1";
  const struct {
    const char* method;
    std::string target, headers, body;
    int code;
    const char* reason;
  } rows[] = {
      {"GET", "/v1/nothing", kToken, "", 404, "ROUTE_NOT_FOUND"},
      {"GET", "/v1/provinces/48/plans", kToken, "", 404, "ROUTE_NOT_FOUND"},  // no such backend
      {"GET", "/v1/%2e%2e/x", kToken, "", 400, "MALFORMED_PATH"},
      {"GET", "/v1/provinces//enterprises", kToken, "", 400, "MALFORMED_PATH"},
      {"DELETE", ok, kToken, "", 405, "METHOD_NOT_ALLOWED"},
      {"TRACE", ok, kToken, "", 405, "METHOD_NOT_ALLOWED"},
      {"PUT", "/", "", "", 405, "METHOD_NOT_ALLOWED"},
      {"GET", ok, "", "", 401, "TOKEN_MISSING"},
      {"GET", ok, "Authorization: Bearer\r\n", "", 401, "TOKEN_MISSING"},
      {"GET", ok, "Authorization: Basic YTpi\r\n", "", 401, "TOKEN_INVALID"},
      {"GET", ok, "Authorization: Bearer a b\r\n", "", 401, "TOKEN_INVALID"},
      {"GET", ok, "Authorization: Bearer \xc3\xa9\r\n", "", 401, "TOKEN_INVALID"},
      {"GET", ok, absl::StrCat("Authorization: Bearer ", std::string(7000, 'a'), "\r\n"), "", 401,
       "TOKEN_INVALID"},
      {"GET", ok, absl::StrCat(kToken, "X-Server-Timeout: abc\r\n"), "", 400, "INVALID_HEADER"},
      {"GET", ok, absl::StrCat(kToken, "X-Server-Timeout: -1\r\n"), "", 400, "INVALID_HEADER"},
      {"GET", ok, absl::StrCat(kToken, "X-Server-Timeout: 0\r\n"), "", 504, "DEADLINE_EXCEEDED"},
      {"POST", "/v1/provinces/48/enterprises", absl::StrCat(kToken, kJson), "{", 400,
       "MALFORMED_JSON"},
      {"POST", "/v1/provinces/48/enterprises", absl::StrCat(kToken, kJson), std::string(16384, '['),
       400, "WRONG_TYPE"},
      {"POST", "/v1/provinces/48/enterprises", kToken, "{}", 415, "UNSUPPORTED_MEDIA_TYPE"},
      {"POST", "/v1/provinces/48/enterprises",
       absl::StrCat(kToken, kJson, "Content-Encoding: gzip\r\n"), "x", 415,
       "UNSUPPORTED_MEDIA_TYPE"},
      {"GET", "/v1/provinces/48/registry/events:watch",
       absl::StrCat(kToken, "Last-Event-ID: x\r\n"), "", 400, "INVALID_HEADER"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.method, " ", row.target, " ", row.headers.substr(0, 60)));
    const HttpReply reply =
        Fetch(gateway_->http_port(), row.method, row.target, row.headers, row.body);
    EXPECT_EQ(reply.code, row.code);
    const json body = json::parse(reply.body, nullptr, false);
    ASSERT_FALSE(body.is_discarded()) << reply.body;
    EXPECT_EQ(body["error"]["code"], row.code);
    EXPECT_EQ(body["error"]["details"][0]["reason"], row.reason) << reply.body;
    EXPECT_EQ(absl::StrContains(reply.head, "WWW-Authenticate: Bearer"), row.code == 401);
    EXPECT_EQ(absl::StrContains(reply.head, "Allow: "), row.code == 405);
  }
  EXPECT_EQ(seen_.calls, 0);
}

TEST_F(GatewayTest, NothingOfAnUnknownFailureGetsOut) {
  Serve();
  const HttpReply reply = Get("/v1/provinces/48/enterprises/bare");
  EXPECT_EQ(reply.code, 500);
  EXPECT_FALSE(absl::StrContains(reply.body, "secret"));
  EXPECT_EQ(json::parse(reply.body)["error"]["details"][0]["reason"], "BACKEND_ANSWER");
  // A method that the service does not have.
  EXPECT_EQ(Get("/v1/provinces/48/enterprises").code, 501);
}

TEST_F(GatewayTest, AServiceThatIsAwayIs503) {
  Serve();
  backend_->Shutdown(std::chrono::system_clock::now());
  const HttpReply reply = Get("/v1/provinces/48/enterprises/e1");
  EXPECT_EQ(reply.code, 503);
  EXPECT_TRUE(absl::StrContains(reply.head, "Retry-After: 1"));
  EXPECT_EQ(json::parse(reply.body)["error"]["details"][0]["reason"], "BACKEND_UNAVAILABLE");
  EXPECT_FALSE(absl::StrContains(reply.body, "127.0.0.1"));
}

TEST_F(GatewayTest, TheClientsTimeIsTheCallsTime) {
  Serve();
  const absl::Time before = absl::Now();
  const HttpReply reply =
      Get("/v1/provinces/48/enterprises/never", absl::StrCat(kToken, "X-Server-Timeout: 0.3\r\n"));
  EXPECT_EQ(reply.code, 504) << reply.body;
  EXPECT_LE(seen_.deadline, before + absl::Seconds(5));
  AwaitAtLeast(seen_.cancelled, 1);
}

TEST_F(GatewayTest, AClientThatGoesCancelsItsCall) {
  Serve();
  {
    RawConnection connection(gateway_->http_port());
    connection.Send(absl::StrCat("GET /v1/provinces/48/enterprises/never HTTP/1.1\r\nHost: a\r\n",
                                 kToken, "\r\n"));
    AwaitAtLeast(seen_.calls, 1);
  }
  AwaitAtLeast(seen_.cancelled, 1);
}

TEST_F(GatewayTest, OverloadIsRefusedAtOnce) {
  Options options;
  options.limits.calls_in_flight = 1;
  Serve(std::move(options));
  {
    RawConnection busy(gateway_->http_port());
    busy.Send(absl::StrCat("GET /v1/provinces/48/enterprises/never HTTP/1.1\r\nHost: a\r\n", kToken,
                           "\r\n"));
    AwaitAtLeast(seen_.calls, 1);
    const HttpReply reply = Get("/v1/provinces/48/enterprises/e1");
    EXPECT_EQ(reply.code, 429);
    EXPECT_EQ(json::parse(reply.body)["error"]["details"][0]["reason"], "OVERLOADED");
    EXPECT_TRUE(absl::StrContains(reply.head, "Retry-After: "));
    // gRPC counts with it.
    auto stub = EnterpriseService::NewStub(GrpcChannel());
    grpc::ClientContext context;
    GetEnterpriseRequest request;
    Enterprise response;
    EXPECT_EQ(stub->GetEnterprise(&context, request, &response).error_code(),
              grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  AwaitAtLeast(seen_.cancelled, 1);
  int code = 429;
  while (code == 429) code = Get("/v1/provinces/48/enterprises/e1").code;
  EXPECT_EQ(code, 200);
}

TEST_F(GatewayTest, OneClientMayNotTakeAll) {
  Options options;
  options.limits.calls_per_second = 0.001;
  options.limits.burst = 2;
  Serve(std::move(options));
  const std::string target = "/v1/provinces/48/enterprises/e1";
  EXPECT_EQ(Get(target).code, 200);
  EXPECT_EQ(Get(target).code, 200);
  EXPECT_EQ(Get(target).code, 429);
  EXPECT_EQ(Get(target, "Authorization: Bearer another\r\n").code, 200);
}

TEST_F(GatewayTest, StreamsAsLines) {
  Serve();
  RawConnection connection(gateway_->http_port());
  connection.Send(absl::StrCat(
      "GET /v1/provinces/48/registry/events:watch?afterPosition=5 HTTP/1.1\r\nHost: a\r\n", kToken,
      "\r\n"));
  EXPECT_TRUE(connection.ReadUntil(R"({"events":[],"nextPosition":"8","epoch":"1"})"));
  EXPECT_TRUE(absl::StrContains(connection.got(), "Content-Type: application/x-ndjson"));
  gateway_->Stop();  // a stream without end does not hold it up
  EXPECT_TRUE(absl::EndsWith(connection.ReadToEnd(), "0\r\n\r\n"));
}

TEST_F(GatewayTest, StreamsAsServerSentEventsAndResumes) {
  Serve();
  RawConnection connection(gateway_->http_port());
  connection.Send(absl::StrCat("GET /v1/provinces/48/registry/events:watch HTTP/1.1\r\nHost: a\r\n",
                               kToken, "Accept: text/event-stream\r\nLast-Event-ID: 4-70\r\n\r\n"));
  EXPECT_TRUE(connection.ReadUntil("id: 4-73\ndata: {\"events\":[],\"nextPosition\":\"73\","));
  EXPECT_TRUE(absl::StrContains(connection.got(), "id: 4-71\n"));
}

TEST_F(GatewayTest, AStreamsRefusalIsItsLastLine) {
  Serve();
  const HttpReply reply = Get("/v1/provinces/48/registry/events:watch?epoch=9");
  EXPECT_EQ(reply.code, 200);
  RawConnection connection(gateway_->http_port());
  connection.Send(
      absl::StrCat("GET /v1/provinces/48/registry/events:watch?epoch=9 HTTP/1.1\r\nHost: a\r\n",
                   kToken, "\r\n"));
  const std::string all = connection.ReadToEnd();
  EXPECT_TRUE(absl::StrContains(all, R"("nextPosition":"1")"));
  EXPECT_TRUE(absl::StrContains(all, R"({"error":{"code":409,)"));
  EXPECT_TRUE(absl::StrContains(all, "EPOCH_CHANGED"));
}

TEST_F(GatewayTest, AClientThatLeavesItsStreamEndsIt) {
  Serve();
  {
    RawConnection connection(gateway_->http_port());
    connection.Send(absl::StrCat(
        "GET /v1/provinces/48/registry/events:watch HTTP/1.1\r\nHost: a\r\n", kToken, "\r\n"));
    EXPECT_TRUE(connection.ReadUntil(R"("nextPosition":"3")"));
  }
  AwaitAtLeast(seen_.cancelled, 1);
}

TEST_F(GatewayTest, PassesUnaryGrpcThrough) {
  Serve();
  auto stub = EnterpriseService::NewStub(GrpcChannel());
  GetEnterpriseRequest request;
  request.set_name("provinces/48/enterprises/e1");
  Enterprise response;
  {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer t");
    context.AddMetadata("x-trace-bin", std::string("\0\1\2", 3));
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    const grpc::Status status = stub->GetEnterprise(&context, request, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.display_name(), "Công ty Đà Nẵng");
    EXPECT_EQ(seen_.Metadata("authorization"), "Bearer t");
    EXPECT_EQ(seen_.Metadata("x-trace-bin"), std::string("\0\1\2", 3));
    EXPECT_LT(seen_.deadline, absl::Now() + absl::Seconds(21));
  }
  {
    grpc::ClientContext context;
    request.set_name("provinces/48/enterprises/missing");
    const absl::Status status =
        rpc::FromGrpcStatus(stub->GetEnterprise(&context, request, &response));
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_EQ(status::ReasonOf(status), "ENTERPRISE_NOT_FOUND");
    EXPECT_EQ(context.GetServerTrailingMetadata().count("x-note"), 1u);
  }
  {
    grpc::ClientContext context;
    request.set_name("provinces/48/enterprises/never");
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
    EXPECT_EQ(stub->GetEnterprise(&context, request, &response).error_code(),
              grpc::StatusCode::DEADLINE_EXCEEDED);
    AwaitAtLeast(seen_.cancelled, 1);
  }
  {
    grpc::ClientContext context;
    registry::v1::ListEnterprisesRequest list;
    registry::v1::ListEnterprisesResponse enterprises;
    EXPECT_EQ(stub->ListEnterprises(&context, list, &enterprises).error_code(),
              grpc::StatusCode::UNIMPLEMENTED);
  }
}

TEST_F(GatewayTest, PassesStreamsThrough) {
  Serve();
  auto stub = EventService::NewStub(GrpcChannel());
  grpc::ClientContext context;
  WatchEventsRequest request;
  request.set_after_position(10);
  auto stream = stub->WatchEvents(&context, request);
  WatchEventsResponse response;
  for (int64_t position : {11, 12, 13}) {
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.next_position(), position);
  }
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  AwaitAtLeast(seen_.cancelled, 1);
}

TEST_F(GatewayTest, ServesThePageAndTheDescription) {
  Serve();
  const HttpReply page = Get("/", "");
  EXPECT_EQ(page.code, 200);
  EXPECT_TRUE(absl::StrContains(page.head, "text/html"));
  EXPECT_TRUE(absl::StrContains(page.body, "/openapi.json"));
  const HttpReply description = Get("/openapi.json", "");
  EXPECT_EQ(description.code, 200);
  const json document = json::parse(description.body);
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_TRUE(document["paths"].contains("/v1/provinces/{province}/enterprises/{enterprise}"));
  EXPECT_FALSE(document["paths"].contains("/v1/provinces/{province}/plans"));
}

TEST_F(GatewayTest, EveryCallIsLogged) {
  std::mutex mutex;
  std::vector<std::string> lines;
  Options options;
  options.on_access = [&](const AccessRecord& r) {
    std::lock_guard<std::mutex> lock(mutex);
    lines.push_back(absl::StrCat(r.peer, " ", r.http_method, " ", r.grpc_method, " ", r.http_code,
                                 " ", r.reason));
  };
  Serve(std::move(options));
  Get("/v1/provinces/48/enterprises/e1");
  Get("/v1/provinces/48/enterprises/missing");
  Get("/v1/nothing");
  gateway_->Stop();
  const std::string method = "/nscl.registry.v1.EnterpriseService/GetEnterprise";
  EXPECT_EQ(lines, (std::vector<std::string>{
                       absl::StrCat("127.0.0.1 GET ", method, " 200 "),
                       absl::StrCat("127.0.0.1 GET ", method, " 404 ENTERPRISE_NOT_FOUND"),
                       "127.0.0.1 GET  404 ROUTE_NOT_FOUND"}));
}

// As `buf curl --reflect` and grpcurl begin: the services behind are listed and can be resolved.
TEST_F(GatewayTest, ReflectsTheServicesBehind) {
  Serve();
  auto stub = grpc::reflection::v1::ServerReflection::NewStub(GrpcChannel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const auto stream = stub->ServerReflectionInfo(&context);
  grpc::reflection::v1::ServerReflectionRequest request;
  grpc::reflection::v1::ServerReflectionResponse response;
  request.set_list_services("");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  std::set<std::string> listed;
  for (const auto& service : response.list_services_response().service()) {
    listed.insert(service.name());
  }
  EXPECT_EQ(listed.count("nscl.registry.v1.EnterpriseService"), 1);
  EXPECT_EQ(listed.count("grpc.health.v1.Health"), 1);
  for (const std::string& service : listed) {
    request.set_file_containing_symbol(service);
    ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
    EXPECT_GT(response.file_descriptor_response().file_descriptor_proto_size(), 0) << service;
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(GatewayTest, TellsItsHealthOverGrpc) {
  Serve();
  const struct {
    const char* service;
    grpc::StatusCode code;
  } rows[] = {
      {"", grpc::StatusCode::OK},
      {"nscl.registry.v1.EnterpriseService", grpc::StatusCode::OK},
      {"nscl.casework.v1.SupportCaseService", grpc::StatusCode::NOT_FOUND},  // not served here
  };
  auto stub = grpc::health::v1::Health::NewStub(GrpcChannel());
  for (const auto& row : rows) {
    SCOPED_TRACE(row.service);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(row.service);
    grpc::health::v1::HealthCheckResponse response;
    EXPECT_EQ(stub->Check(&context, request, &response).error_code(), row.code);
    if (row.code == grpc::StatusCode::OK) {
      EXPECT_EQ(response.status(), grpc::health::v1::HealthCheckResponse::SERVING);
    }
  }
}

TEST_F(GatewayTest, GrpcWithoutCertificatesStaysOnTheMachine) {
  Options options;
  options.http_address = "127.0.0.1:0";
  options.grpc_address = "0.0.0.0:0";
  EXPECT_EQ(Gateway::Open(std::move(options)).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace nscl::gateway
