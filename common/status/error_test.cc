#include "common/status/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace nscl::status {
namespace {

TEST(ErrorTest, KeepsEveryPart) {
  absl::Status status = Error(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_BUDGET")
                            .Meta("available_vnd", 5)
                            .Meta("source", "ST_TASK")
                            .En("the account has ", 5, " đồng")
                            .Vi("dự toán còn ", 5, " đồng")
                            .Precondition("BUDGET", "provinces/48", "too little")
                            .RetryAfter(absl::Milliseconds(1500));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(status.message()), "the account has 5 đồng");
  EXPECT_EQ(ReasonOf(status), "INSUFFICIENT_BUDGET");
  EXPECT_EQ(MetadataOf(status, "available_vnd"), "5");
  EXPECT_EQ(MetadataOf(status, "source"), "ST_TASK");
  EXPECT_EQ(MetadataOf(status, "asked"), "");
  EXPECT_EQ(LocalizedMessageOf(status), "dự toán còn 5 đồng");
  google::rpc::RetryInfo retry;
  ASSERT_TRUE(retry.ParseFromString(
      std::string(*status.GetPayload("type.googleapis.com/google.rpc.RetryInfo"))));
  EXPECT_EQ(retry.retry_delay().seconds(), 1);
  EXPECT_EQ(retry.retry_delay().nanos(), 500'000'000);
  google::rpc::PreconditionFailure failure;
  ASSERT_TRUE(failure.ParseFromString(
      std::string(*status.GetPayload("type.googleapis.com/google.rpc.PreconditionFailure"))));
  EXPECT_EQ(failure.violations(0).subject(), "provinces/48");
}

TEST(ErrorTest, PlainStatusHasNoParts) {
  for (const absl::Status& status : {absl::OkStatus(), absl::InternalError("x")}) {
    EXPECT_EQ(ReasonOf(status), "");
    EXPECT_EQ(MetadataOf(status, "k"), "");
    EXPECT_EQ(LocalizedMessageOf(status), "");
    EXPECT_EQ(BadRequestOf(status).field_violations_size(), 0);
  }
}

TEST(ErrorTest, PayloadThatCannotBeReadHasNoParts) {
  absl::Status status = absl::InternalError("x");
  status.SetPayload("type.googleapis.com/google.rpc.ErrorInfo", absl::Cord("\xff\xff\xff"));
  EXPECT_EQ(ReasonOf(status), "");
}

TEST(ViolationsTest, NoneIsOk) {
  Violations v;
  EXPECT_TRUE(v.Check(true, "a", "R", "en", "vi"));
  EXPECT_TRUE(v.empty());
  EXPECT_TRUE(v.ToStatus().ok());
}

TEST(ViolationsTest, OneKindIsTheReason) {
  Violations v;
  EXPECT_FALSE(v.Check(false, "a", "AMOUNT_RANGE", "must be at least 1", "phải từ 1 đồng"));
  v.Add("b", "AMOUNT_RANGE", "must be at most 9", "không quá 9 đồng");
  absl::Status status = v.ToStatus();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReasonOf(status), "AMOUNT_RANGE");
  EXPECT_EQ(MetadataOf(status, "violations"), "2");
  ASSERT_EQ(BadRequestOf(status).field_violations_size(), 2);
  EXPECT_EQ(BadRequestOf(status).field_violations(1).description(),
            "AMOUNT_RANGE: must be at most 9");
  EXPECT_EQ(LocalizedMessageOf(status), "a: phải từ 1 đồng\nb: không quá 9 đồng");
}

TEST(ViolationsTest, SeveralKindsAreBadFields) {
  Violations v;
  v.Add("a", "AMOUNT_RANGE", "x", "x");
  v.Add("b", "TEXT", "y", "y");
  EXPECT_EQ(ReasonOf(v.ToStatus()), "BAD_FIELDS");
}

// gRPC clients refuse trailing metadata above 8 KiB and then show nothing at all.
TEST(ViolationsTest, ManyRowsStaySendable) {
  Violations v;
  for (int i = 0; i < 1000; ++i)
    v.Add(absl::StrCat("rows[", i, "].amount"), "R", "too small", "quá nhỏ");
  absl::Status status = v.ToStatus();
  size_t bytes = status.message().size();
  status.ForEachPayload(
      [&](absl::string_view, const absl::Cord& payload) { bytes += payload.size(); });
  EXPECT_LT(bytes, 7500u);
  EXPECT_GT(BadRequestOf(status).field_violations_size(), 20);
  EXPECT_EQ(MetadataOf(status, "violations"), "1000");
  EXPECT_THAT(std::string(status.message()), testing::EndsWith(" more"));
}

TEST(ViolationsTest, TakesOverWithAPrefix) {
  Violations inner;
  inner.Add("a", "AMOUNT_RANGE", "too: small", "quá:\nnhỏ");
  inner.Add("b", "TEXT", "y", "chữ");
  Violations outer;
  outer.AddAll(absl::OkStatus(), "payment.");
  outer.AddAll(inner.ToStatus(), "payment.");
  outer.AddAll(Error(absl::StatusCode::kInvalidArgument, "DATE").En("bad").Vi("sai"), "day.");
  absl::Status status = outer.ToStatus();
  ASSERT_EQ(BadRequestOf(status).field_violations_size(), 3);
  EXPECT_EQ(BadRequestOf(status).field_violations(0).field(), "payment.a");
  EXPECT_EQ(BadRequestOf(status).field_violations(0).description(), "AMOUNT_RANGE: too: small");
  EXPECT_EQ(BadRequestOf(status).field_violations(2).field(), "day");
  EXPECT_EQ(LocalizedMessageOf(status), "payment.a: quá: nhỏ\npayment.b: chữ\nday: sai");
}

}  // namespace
}  // namespace nscl::status
