// Statuses over the wire and back, and what stays behind.
#include "common/rpc/status.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/auth/access.h"
#include "common/auth/errors.h"
#include "common/rpc/door.h"
#include "common/rpc/limits.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"

namespace nscl::rpc {
namespace {

using nscl::testing::IsOk;

absl::Status Full() {
  return status::Error(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_BUDGET")
      .Meta("available_vnd", 5)
      .Meta("asked_vnd", 7)
      .En("5 đồng available, 7 asked")
      .Vi("còn 5 đồng, đề nghị 7 đồng")
      .Precondition("BUDGET", "provinces/48/plans/p", "not enough")
      .Field("amount_vnd", "at most 5")
      .RetryAfter(absl::Seconds(3));
}

TEST(StatusTest, EveryDetailSurvivesTheWire) {
  const absl::Status back = FromGrpcStatus(ToGrpcStatus(Full()));
  EXPECT_EQ(back, Full());
  EXPECT_EQ(status::ReasonOf(back), "INSUFFICIENT_BUDGET");
  EXPECT_EQ(status::MetadataOf(back, "asked_vnd"), "7");
  EXPECT_EQ(status::LocalizedMessageOf(back), "còn 5 đồng, đề nghị 7 đồng");
  EXPECT_EQ(status::BadRequestOf(back).field_violations(0).field(), "amount_vnd");
}

TEST(StatusTest, CodesAreTheSameNumbers) {
  for (int code = 0; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), code == 0 ? "" : "x");
    EXPECT_EQ(static_cast<int>(ToGrpcStatus(status).error_code()), code);
    EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(status)), status);
  }
}

TEST(StatusTest, StatusesOfOthersAreTakenAsTheyAre) {
  EXPECT_THAT(FromGrpcStatus(grpc::Status::OK), IsOk());
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")),
            absl::UnavailableError("gone"));
  EXPECT_EQ(FromGrpcStatus(
                grpc::Status(grpc::StatusCode::INTERNAL, "odd", "not a google.rpc.Status\xff")),
            absl::InternalError("odd"));
}

TEST(StatusTest, EqualStatusesAreEqualBytes) {
  const std::string first = ToGrpcStatus(Full()).error_details();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(ToGrpcStatus(Full()).error_details(), first);
}

TEST(StatusTest, TokenFaultsStayInside) {
  const grpc::Status wire = ToGrpcStatus(auth::errors::TokenInvalid("no key of that kid and alg"));
  EXPECT_EQ(wire.error_details().find("kid"), std::string::npos);
  EXPECT_EQ(wire.error_message().find("kid"), std::string::npos);
}

// 8 KiB of trailers is what other clients take, base64 included.
TEST(StatusTest, ManyViolationsAreCutToFit) {
  google::rpc::BadRequest bad;
  for (int i = 0; i < 500; ++i) {
    auto* row = bad.add_field_violations();
    row->set_field(absl::StrCat("lines[", i, "].amount_vnd"));
    row->set_description("must be at least 1");
  }
  absl::Status status(absl::StatusCode::kInvalidArgument, "500 bad fields");
  status.SetPayload("type.googleapis.com/google.rpc.BadRequest",
                    absl::Cord(bad.SerializeAsString()));
  const grpc::Status wire = ToGrpcStatus(status);
  EXPECT_LE(wire.error_details().size(), limits::kMaxStatusBytes);
  const google::rpc::BadRequest kept = status::BadRequestOf(FromGrpcStatus(wire));
  ASSERT_GT(kept.field_violations_size(), 10);
  const int left = 500 - kept.field_violations_size();
  EXPECT_EQ(kept.field_violations(kept.field_violations_size() - 1).description(),
            absl::StrCat("must be at least 1 (and ", left, " more fields)"));
}

TEST(StatusTest, OutwardAlwaysHasAReason) {
  struct Row {
    absl::Status status;
    std::string reason, message;
  } rows[] = {
      {absl::OkStatus(), "", ""},
      {Full(), "INSUFFICIENT_BUDGET", "5 đồng available, 7 asked"},
      {absl::NotFoundError("no such row"), "NOT_FOUND", "no such row"},
      {absl::InternalError("/data/1.sst"), "INTERNAL", "internal error; the log has it as id-1"},
      {absl::UnknownError("std::bad_alloc"), "UNKNOWN", "internal error; the log has it as id-1"},
      {status::Error(absl::StatusCode::kDataLoss, "STORE_CORRUPT")
           .Meta("place", "/data/registry")
           .En("stored data is damaged at /data/registry: Corruption: 000012.sst"),
       "STORE_CORRUPT", "internal error; the log has it as id-1"},
      {absl::DataLossError("block 7"), "DATA_LOSS", "internal error; the log has it as id-1"},
  };
  for (const Row& row : rows) {
    const absl::Status outward = Outward(row.status, "id-1");
    EXPECT_EQ(outward.code(), row.status.code());
    EXPECT_EQ(status::ReasonOf(outward), row.reason);
    EXPECT_EQ(outward.message(), row.message);
    EXPECT_EQ(status::MetadataOf(outward, "place"), "");
  }
}

// Handle finds its method by the types of request and response: no two methods of a file may share
// both.
TEST(HandleTest, EveryMethodIsFoundByItsTypes) {
  for (const google::protobuf::MethodDescriptor* method : auth::LinkedMethods("nscl.")) {
    const std::string& service = method->service()->name();
    if (service == "EventService" || service == "StoreService")
      continue;  // these name their methods
    EXPECT_EQ(internal::MethodOf(method->input_type(), method->output_type()), method)
        << method->full_name();
  }
}

}  // namespace
}  // namespace nscl::rpc
