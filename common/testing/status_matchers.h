// Matchers over absl::Status and absl::StatusOr.
//
//   EXPECT_THAT(Add(1, 2), IsOkAndHolds(3));
//   EXPECT_THAT(Approve(...), ReasonIs("CASE_STATE"));
//   ASSERT_OK_AND_ASSIGN(Plan plan, plans.Get(reader, name));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace nscl::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }  // NOLINT
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// Stable reason of a refusal; "OK" where there is none to refuse, the code's name where it has no
// reason. Made for tables: one string column says what is expected.
template <typename StatusOrResult>
std::string Reason(const StatusOrResult& result) {
  const absl::Status& status = StatusOf(result);
  if (status.ok()) return "OK";
  std::string reason = status::ReasonOf(status);
  return reason.empty() ? absl::StatusCodeToString(status.code()) : reason;
}

MATCHER(IsOk, "is OK") {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// The reason of the ErrorInfo.
MATCHER_P(ReasonIs, reason, absl::StrCat("has the reason ", reason)) {
  *result_listener << StatusOf(arg).ToString();
  return !StatusOf(arg).ok() && status::ReasonOf(StatusOf(arg)) == std::string(reason);
}

// The code alone, and code with reason.
MATCHER_P(CodeIs, code, absl::StrCat("has the code ", absl::StatusCodeToString(code))) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}
MATCHER_P2(Refused, code, reason,
           absl::StrCat("is refused with ", absl::StatusCodeToString(code), " ", reason)) {
  *result_listener << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code && status::ReasonOf(StatusOf(arg)) == std::string(reason);
}

// A variable part of the ErrorInfo.
MATCHER_P2(MetadataIs, key, value, absl::StrCat("has metadata ", key, " = ", value)) {
  *result_listener << StatusOf(arg).ToString() << ", metadata "
                   << status::MetadataOf(StatusOf(arg), key);
  return status::MetadataOf(StatusOf(arg), key) == std::string(value);
}

// The paths of the BadRequest.
MATCHER_P(FieldsAre, paths, "names the fields") {
  std::vector<std::string> found;
  google::rpc::BadRequest bad_request = status::BadRequestOf(StatusOf(arg));
  for (const auto& row : bad_request.field_violations()) found.push_back(row.field());
  return ::testing::ExplainMatchResult(paths, found, result_listener);
}

MATCHER_P(IsOkAndHolds, value, "is OK and holds the value") {
  if (!arg.ok()) {
    *result_listener << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(value, *arg, result_listener);
}

}  // namespace nscl::testing

#define NSCL_TESTING_CONCAT_INNER(a, b) a##b
#define NSCL_TESTING_CONCAT(a, b) NSCL_TESTING_CONCAT_INNER(a, b)
#define NSCL_TESTING_ASSIGN(tmp, lhs, expr) \
  auto tmp = (expr);                        \
  ASSERT_TRUE(tmp.ok()) << tmp.status();    \
  lhs = *std::move(tmp)
// In a function that returns void: assigns the value or fails the test.
#define ASSERT_OK_AND_ASSIGN(lhs, ...) \
  NSCL_TESTING_ASSIGN(NSCL_TESTING_CONCAT(nscl_test_value_, __LINE__), lhs, (__VA_ARGS__))
#define EXPECT_OK(...) EXPECT_THAT((__VA_ARGS__), ::nscl::testing::IsOk())
#define ASSERT_OK(...) ASSERT_THAT((__VA_ARGS__), ::nscl::testing::IsOk())
