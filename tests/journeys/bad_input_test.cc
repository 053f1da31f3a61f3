// Bad input over both doors: each a clear error that names the place, and nothing stored. The
// expected codes are those of the list of hostile inputs that the design is checked against; where
// the design says otherwise, the row says so.
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/budgeting/v1/plan_service.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/registry/v1/enterprise_service.pb.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "tests/journeys/http_exchange.h"
#include "tests/journeys/system.h"

namespace nscl::journeys {
namespace {

namespace bd = budgeting::v1;
namespace rg = registry::v1;

constexpr char kEnterprises[] = "/v1/provinces/48/enterprises";
constexpr char kRequestId[] = "Idempotency-Key: 11111111-2222-4333-8444-555555555555";

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

constexpr char kGood[] =
    R"({"displayName":"Công ty Minh Họa","taxCode":"0499900107","legalKind":"LEGAL_KIND_LLC2","vsicSection":"C"})";

class BadInputTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    system_ = StartInOneProcess().release();
    officer_ = system_->OfficerToken();
    rg::CreateEnterpriseRequest there;
    there.set_parent("provinces/58");
    there.set_enterprise_id("there");
    there.set_request_id("11111111-2222-4333-8444-555555555550");
    (void)google::protobuf::util::JsonStringToMessage(kGood, there.mutable_enterprise());
    auto created = system_->GrpcDoor(officer_)->Call<rg::Enterprise>(
        "nscl.registry.v1.EnterpriseService.CreateEnterprise", there);
    ASSERT_TRUE(created.ok()) << created.status();
  }
  static void TearDownTestSuite() {
    delete system_;
    system_ = nullptr;
  }

  void SetUp() override { heads_ = Heads(); }
  // Whatever was sent, no feed moved.
  void TearDown() override { EXPECT_EQ(Heads(), heads_) << "something was stored"; }

  template <typename Response>
  static int64_t Head(tools::Door& door, absl::string_view service) {
    event::v1::ListEventsRequest request;
    request.set_parent("provinces/-");
    auto answer =
        door.Call<Response>(absl::StrCat("nscl.", service, ".v1.EventService.ListEvents"), request);
    return answer.ok() ? answer->head_position() : -1;
  }

  static std::vector<int64_t> Heads() {
    auto door = system_->GrpcDoor(system_->ReconcilerToken());
    return {Head<rg::ListEventsResponse>(*door, "registry"),
            Head<bd::ListEventsResponse>(*door, "budgeting"),
            Head<casework::v1::ListEventsResponse>(*door, "casework")};
  }

  static HttpAnswer Post(const std::string& path, const std::string& body,
                         std::vector<std::string> headers = {}) {
    headers.push_back(absl::StrCat("Authorization: Bearer ", officer_));
    headers.push_back("Content-Type: application/json");
    return Exchange("POST", system_->http_url() + path, body, headers);
  }

  // Raw bytes to a method over gRPC.
  static grpc::Status CallBytes(const std::string& method, const std::string& bytes,
                                const std::string& token) {
    grpc::GenericStub stub(
        grpc::CreateChannel(system_->grpc_address(), grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    grpc::Slice slice(bytes);
    grpc::ByteBuffer request(&slice, 1), response;
    std::promise<grpc::Status> answered;
    stub.UnaryCall(&context, method, grpc::StubOptions(), &request, &response,
                   [&](grpc::Status status) { answered.set_value(std::move(status)); });
    return answered.get_future().get();
  }

  static System* system_;
  static std::string officer_;
  std::vector<int64_t> heads_;
};

System* BadInputTest::system_ = nullptr;
std::string BadInputTest::officer_;

TEST_F(BadInputTest, JsonBodies) {
  struct {
    const char* what;
    std::string body;
    long code;
    const char* reason;
  } rows[] = {
      {"cut off", R"({"displayName":)", 400, "MALFORMED_JSON"},
      {"trailing comma", R"({"displayName":"a",})", 400, "MALFORMED_JSON"},
      {"single quotes", "{'displayName':'a'}", 400, "MALFORMED_JSON"},
      {"two documents", "{}{}", 400, "MALFORMED_JSON"},
      {"a comment", "{/*x*/}", 400, "MALFORMED_JSON"},
      {"unknown field", R"({"displayNam":"a"})", 400, "UNKNOWN_FIELD"},
      {"duplicate key", R"({"displayName":"a","displayName":"b"})", 400, "DUPLICATE_FIELD"},
      {"the same field in both spellings", R"({"displayName":"a","display_name":"b"})", 400,
       "DUPLICATE_FIELD"},
      {"wrong type", R"({"displayName":7})", 400, "WRONG_TYPE"},
      {"unknown enum name", R"({"legalKind":"LEGAL_KIND_NOPE"})", 400, "INVALID_ENUM"},
      // The reader knows that an object is due and looks no deeper.
      {"16 KB of brackets", std::string(16 * 1024, '['), 400, "WRONG_TYPE"},
      {"lone surrogate", R"({"displayName":"\ud800"})", 400, "INVALID_TEXT"},
      {"bad UTF-8", "{\"displayName\":\"\xc3\x28\"}", 400, "INVALID_TEXT"},
      {"2 MiB", absl::StrCat(R"({"displayName":")", std::string(2 << 20, 'a'), R"("})"), 413,
       "PAYLOAD_TOO_LARGE"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    HttpAnswer answer = Post(kEnterprises, row.body, {kRequestId});
    EXPECT_EQ(answer.code, row.code) << answer.body;
    EXPECT_EQ(answer.reason, row.reason) << answer.body;
  }
}

TEST_F(BadInputTest, AllBadFieldsAtOnce) {
  HttpAnswer answer = Post(
      kEnterprises,
      R"({"displayName":"","taxCode":"0499900108","legalKind":"LEGAL_KIND_LLC2","vsicSection":"?"})",
      {kRequestId});
  EXPECT_EQ(answer.code, 400);
  for (const char* field :
       {"enterprise.display_name", "enterprise.tax_code", "enterprise.vsic_section"}) {
    EXPECT_THAT(answer.body, testing::HasSubstr(field));
  }
}

TEST_F(BadInputTest, RoutesAndMethods) {
  struct {
    const char* verb;
    std::string path;
    long code;
  } rows[] = {
      {"GET", "/v1/nothing/here", 404},
      {"GET", "/v2/provinces/48/enterprises", 404},
      {"DELETE", kEnterprises, 405},
      {"TRACE", kEnterprises, 405},
      {"GET", absl::StrCat("/v1/", std::string(10 * 1024, 'a')), 414},
      {"GET", "/v1/provinces/48/enterprises/%zz", 400},
      {"GET", "/v1/provinces/48/enterprises?pageSize=-1", 400},
      {"GET", "/v1/provinces/48/enterprises?pageToken=bm9wZQ", 400},
      {"GET", "/v1/provinces/48/enterprises?filter=nope%20%3D%201", 400},
      {"GET", "/v1/provinces/48/enterprises?readMask=nope", 400},
      {"GET", "/v1/provinces/48/enterprises?nope=1", 400},
      {"GET", "/v1/provinces/48/enterprises/absent", 404},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.verb, " ", row.path.substr(0, 80)));
    HttpAnswer answer = Exchange(row.verb, system_->http_url() + row.path, "",
                                 {absl::StrCat("Authorization: Bearer ", officer_)});
    EXPECT_EQ(answer.code, row.code) << answer.body;
    EXPECT_FALSE(answer.status.empty()) << "an error body in the AIP-193 form: " << answer.body;
  }
}

TEST_F(BadInputTest, GrpcBytes) {
  struct {
    const char* what;
    const char* method;
    std::string bytes;
    grpc::StatusCode code;
  } rows[] = {
      {"no such service", "/nscl.nothing.v1.X/Y", "", grpc::UNIMPLEMENTED},
      {"no such method", "/nscl.registry.v1.EnterpriseService/Nope", "", grpc::UNIMPLEMENTED},
      // The library answers before our code; with callbacks its word for bytes it cannot read is
      // this.
      {"not protobuf", "/nscl.registry.v1.EnterpriseService/GetEnterprise", "\xff\xff\xff",
       grpc::UNIMPLEMENTED},
      {"not protobuf, a method that gRPC parses",
       "/nscl.registry.v1.EnterpriseService/UpdateEnterprise", "\xff\xff\xff", grpc::UNIMPLEMENTED},
      {"an empty request", "/nscl.registry.v1.EnterpriseService/GetEnterprise", "",
       grpc::INVALID_ARGUMENT},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(CallBytes(row.method, row.bytes, officer_).error_code(), row.code);
  }
}

TEST_F(BadInputTest, NamesMasksAndRequestIdsOverBothDoors) {
  auto create = [](const char* id, const char* request_id) {
    rg::CreateEnterpriseRequest r;
    r.set_parent("provinces/48");
    r.set_enterprise_id(id);
    r.set_request_id(request_id);
    (void)google::protobuf::util::JsonStringToMessage(kGood, r.mutable_enterprise());
    return r;
  };
  rg::UpdateEnterpriseRequest bad_mask;
  bad_mask.mutable_enterprise()->set_name("provinces/48/enterprises/x");
  bad_mask.mutable_update_mask()->add_paths("nope");
  bad_mask.set_request_id("11111111-2222-4333-8444-555555555556");
  rg::UpdateEnterpriseRequest output_only = bad_mask;
  output_only.mutable_update_mask()->set_paths(0, "create_time");
  struct {
    const char* what;
    const char* method;
    std::unique_ptr<google::protobuf::Message> request;
  } rows[] = {
      {"no request id", "CreateEnterprise",
       std::make_unique<rg::CreateEnterpriseRequest>(create("a", ""))},
      {"a request id that is no UUID", "CreateEnterprise",
       std::make_unique<rg::CreateEnterpriseRequest>(create("a", "12345"))},
      {"an id with a slash", "CreateEnterprise",
       std::make_unique<rg::CreateEnterpriseRequest>(
           create("a/b", "11111111-2222-4333-8444-555555555557"))},
      {"an unknown path in the mask", "UpdateEnterprise",
       std::make_unique<rg::UpdateEnterpriseRequest>(bad_mask)},
      {"an output-only path in the mask", "UpdateEnterprise",
       std::make_unique<rg::UpdateEnterpriseRequest>(output_only)},
  };
  for (const auto& row : rows) {
    for (auto& door : {system_->HttpDoor(officer_), system_->GrpcDoor(officer_)}) {
      SCOPED_TRACE(row.what);
      rg::Enterprise answer;
      absl::Status status = door->Call(
          absl::StrCat("nscl.registry.v1.EnterpriseService.", row.method), *row.request, &answer);
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
      EXPECT_NE(status::ReasonOf(status), "") << status;
    }
  }
}

// Not bad, only large: one limit holds from the gateway to the service.
TEST_F(BadInputTest, ALargePlanIsImportedOverGrpc) {
  bd::ImportPlanRequest request;
  request.set_parent("provinces/48");
  request.set_plan_id("large");
  request.set_request_id("11111111-2222-4333-8444-555555555559");
  request.set_validate_only(true);  // the heads of the feeds stay
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(
          ReadFile(NSCL_SOURCE_DIR "/deploy/plans/danang-2022-2025.json"), request.mutable_plan())
          .ok());
  std::string aim;
  while (aim.size() < 29'000) aim.append("ế");  // within the 10,000 characters of a text
  while (request.ByteSizeLong() < 3 << 19) request.mutable_plan()->add_general_aims(aim);
  auto plan = system_->GrpcDoor(officer_)->Call<bd::Plan>(
      "nscl.budgeting.v1.PlanService.ImportPlan", request);
  EXPECT_TRUE(plan.ok()) << plan.status();

  while (request.ByteSizeLong() <= 2 << 20) request.mutable_plan()->add_general_aims(aim);
  plan = system_->GrpcDoor(officer_)->Call<bd::Plan>("nscl.budgeting.v1.PlanService.ImportPlan",
                                                     request);
  EXPECT_EQ(plan.status().code(), absl::StatusCode::kResourceExhausted) << plan.status();
}

// Tokens
// -------------------------------------------------------------------------------------------------

TEST_F(BadInputTest, TokensOverBothDoors) {
  std::vector<std::string> parts = {officer_.substr(0, officer_.find('.')),
                                    officer_.substr(officer_.find('.') + 1)};
  std::string payload = parts[1].substr(0, parts[1].find('.')),
              signature = parts[1].substr(parts[1].find('.') + 1);
  auto stranger_folder = testing::TempDir() + "/stranger-issuer";
  auto stranger = auth::LocalIssuer::Open(stranger_folder);
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  auth::TokenRequest wish{"mallory", "", {"dost_leader"}, {"48"}, absl::Minutes(5)};
  struct {
    const char* what;
    std::string token;
  } rows[] = {
      {"none", ""},
      {"not a token", "abc"},
      {"signed by another key", *(*stranger)->Mint(wish)},
      {"alg none", absl::StrCat("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0", ".", payload, ".")},
      {"signature of another payload",
       absl::StrCat(parts[0], ".", payload.substr(0, payload.size() - 4), "AAAA.", signature)},
      {"an extra part", absl::StrCat(officer_, ".x")},
  };
  rg::GetEnterpriseRequest get;
  get.set_name("provinces/48/enterprises/x");
  for (const auto& row : rows) {
    for (auto& door : {system_->HttpDoor(row.token), system_->GrpcDoor(row.token)}) {
      SCOPED_TRACE(row.what);
      auto answer =
          door->Call<rg::Enterprise>("nscl.registry.v1.EnterpriseService.GetEnterprise", get);
      EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnauthenticated) << answer.status();
    }
  }
}

// A token of Đà Nẵng learns nothing of Ninh Thuận: the same bytes whether or not the thing exists.
TEST_F(BadInputTest, AnotherProvinceIsDeniedInTheSameBytes) {
  std::string token = system_->Token({"dost_leader", "dost_officer", "enterprise_clerk"}, {"48"});
  auto ask = [&](const std::string& path) {
    return Exchange("GET", system_->http_url() + path, "",
                    {absl::StrCat("Authorization: Bearer ", token)});
  };
  HttpAnswer absent = ask("/v1/provinces/58/enterprises/absent");
  HttpAnswer there = ask("/v1/provinces/58/enterprises/there");
  EXPECT_EQ(absent.code, 403);
  EXPECT_EQ(absent.status, "PERMISSION_DENIED");
  EXPECT_EQ(absent.body, there.body);
  EXPECT_EQ(ask("/v1/provinces/58/supportCases/absent").code, 403);
  EXPECT_EQ(ask("/v1/provinces/58/plans").code, 403);
}

// Plans
// --------------------------------------------------------------------------------------------------

TEST_F(BadInputTest, PlanFiles) {
  const std::string good = ReadFile(NSCL_SOURCE_DIR "/deploy/plans/ninhthuan-2024.json");
  auto body = [&](std::vector<std::pair<absl::string_view, absl::string_view>> changes) {
    return absl::StrCat(
        R"({"planId":"bad","requestId":"11111111-2222-4333-8444-555555555558","plan":)",
        absl::StrReplaceAll(good, changes), "}");
  };
  struct {
    const char* what;
    std::string body;
    const char* reason;
    const char* place;
  } rows[] = {
      {"wrong schema", body({{"\"annex\"", "\"annexe\""}}), "UNKNOWN_FIELD", "annexe"},
      {"a number that is none", body({{"\"40.000.000\"", "\"40.000.00x\""}}), nullptr,
       "40.000.00x"},
      {"a blank where a number is needed", body({{"\"40.000.000\"", "\"\""}}), "PRINTED_BLANK",
       "plan.annex.rows[1]"},
      {"a sum that overflows", body({{"\"40.000.000\"", "\"9.000.000.000.000.000.000\""}}),
       "AMOUNT_RANGE", "plan.annex.rows[1]"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    HttpAnswer answer = Post("/v1/provinces/58/plans:import", row.body);
    EXPECT_EQ(answer.code, 400) << answer.body;
    if (row.reason != nullptr) {
      EXPECT_EQ(answer.reason, row.reason);
    }
    EXPECT_THAT(answer.body, testing::HasSubstr(row.place));
  }
}

}  // namespace
}  // namespace nscl::journeys
