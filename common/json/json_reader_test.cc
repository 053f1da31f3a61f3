// What the reader refuses, and where it says the fault is: one row each.
#include "common/json/json_reader.h"

#include <google/protobuf/field_mask.pb.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/budgeting/v1/plan_service.pb.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "nscl/registry/v1/enterprise_service.pb.h"
#include "nscl/registry/v1/year_profile.pb.h"

namespace nscl::json {
namespace {

using budgeting::v1::Event;
using budgeting::v1::Plan;
using registry::v1::CreateEnterpriseRequest;
using registry::v1::Enterprise;

std::string Repeat(absl::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) absl::StrAppend(&out, text);
  return out;
}

struct Refusal {
  std::string text;
  std::string reason;
  std::string field;  // of BadRequest; "" where none
};

template <typename Message>
void ExpectRefused(const std::vector<Refusal>& rows) {
  for (const Refusal& row : rows) {
    SCOPED_TRACE(row.text.substr(0, 120));
    Message message;
    const absl::Status status = ReadJson(row.text, message);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(status::ReasonOf(status), row.reason) << status;
    const auto bad = status::BadRequestOf(status);
    EXPECT_EQ(bad.field_violations_size() == 0 ? "" : bad.field_violations(0).field(), row.field)
        << status;
    EXPECT_EQ(status::LocalizedMessageOf(status).empty(), status.ok());
  }
}

TEST(JsonReaderTest, RefusesWhatIsNotStrictJson) {
  ExpectRefused<CreateEnterpriseRequest>({
      {"", "MALFORMED_JSON", ""},
      {"  ", "MALFORMED_JSON", ""},
      {"{", "MALFORMED_JSON", ""},
      {"}", "MALFORMED_JSON", ""},
      {R"({"parent":"a",})", "MALFORMED_JSON", ""},
      {R"({"enterprise":{"displayName":"a",}})", "MALFORMED_JSON", "enterprise"},
      {R"({'parent':'a'})", "MALFORMED_JSON", ""},
      {R"({"parent":'a'})", "MALFORMED_JSON", "parent"},
      {R"({parent:"a"})", "MALFORMED_JSON", ""},
      {R"({"parent":"a" "requestId":"b"})", "MALFORMED_JSON", ""},
      {R"({"parent" "a"})", "MALFORMED_JSON", ""},
      {R"({"parent":})", "MALFORMED_JSON", "parent"},
      {R"({"parent":"a"}//)", "MALFORMED_JSON", ""},
      {R"({/*c*/"parent":"a"})", "MALFORMED_JSON", ""},
      {"\xEF\xBB\xBF{}", "MALFORMED_JSON", ""},
      {"{}{}", "MALFORMED_JSON", ""},
      {"{} []", "MALFORMED_JSON", ""},
      {"{\"parent\":\"a\nb\"}", "MALFORMED_JSON", "parent"},
      {std::string("{\"parent\":\"a\0b\"}", 16), "MALFORMED_JSON", "parent"},
      {std::string("{}\0", 3), "MALFORMED_JSON", ""},
      {R"({"parent":"a)", "MALFORMED_JSON", "parent"},
      {R"({"parent":"a\)", "MALFORMED_JSON", "parent"},
      {R"({"parent":"\x41"})", "MALFORMED_JSON", "parent"},
      {R"({"parent":"\u12"})", "MALFORMED_JSON", "parent"},
      {R"({"validateOnly":tru})", "MALFORMED_JSON", "validate_only"},
      {R"({"validateOnly":trueish})", "MALFORMED_JSON", "validate_only"},
      {R"({"validateOnly":True})", "MALFORMED_JSON", "validate_only"},
      {R"({"parent":NaN})", "MALFORMED_JSON", "parent"},
      {R"({"parent":undefined})", "MALFORMED_JSON", "parent"},
  });
}

TEST(JsonReaderTest, RefusesFieldsThatDoNotFit) {
  ExpectRefused<CreateEnterpriseRequest>({
      {"[]", "WRONG_TYPE", ""},
      {"null", "WRONG_TYPE", ""},
      {"\"text\"", "WRONG_TYPE", ""},
      {R"({"color":"red"})", "UNKNOWN_FIELD", "color"},
      {R"({"enterprise":{"color":"red"}})", "UNKNOWN_FIELD", "enterprise.color"},
      {R"({"enterprise":{"DisplayName":"x"}})", "UNKNOWN_FIELD", "enterprise.DisplayName"},
      // What is repeated of it ends with a whole character.
      {absl::StrCat("{\"", Repeat("ệ", 120), "\":1}"), "UNKNOWN_FIELD", Repeat("ệ", 66)},
      {R"({"parent":"a","parent":"a"})", "DUPLICATE_FIELD", "parent"},
      {R"({"parent":null,"parent":"a"})", "DUPLICATE_FIELD", "parent"},
      {R"({"requestId":"a","request_id":"b"})", "DUPLICATE_FIELD", "request_id"},
      {R"({"enterprise":{"taxCode":"1","tax_code":"1"}})", "DUPLICATE_FIELD",
       "enterprise.tax_code"},
      {R"({"parent":5})", "WRONG_TYPE", "parent"},
      {R"({"parent":["a"]})", "WRONG_TYPE", "parent"},
      {R"({"enterprise":"a"})", "WRONG_TYPE", "enterprise"},
      {R"({"enterprise":[]})", "WRONG_TYPE", "enterprise"},
      {R"({"validateOnly":"true"})", "WRONG_TYPE", "validate_only"},
      {R"({"validateOnly":1})", "WRONG_TYPE", "validate_only"},
      {R"({"enterprise":{"legalKind":"nope"}})", "INVALID_ENUM", "enterprise.legal_kind"},
      {R"({"enterprise":{"legalKind":99}})", "INVALID_ENUM", "enterprise.legal_kind"},
      {R"({"enterprise":{"legalKind":"legal_kind_llc1"}})", "INVALID_ENUM",
       "enterprise.legal_kind"},
      {R"({"enterprise":{"legalKind":1.0}})", "INVALID_ENUM", "enterprise.legal_kind"},
      {R"({"enterprise":{"legalKind":true}})", "WRONG_TYPE", "enterprise.legal_kind"},
      {R"({"enterprise":{"establishedOn":"2024-01-31"}})", "WRONG_TYPE",
       "enterprise.established_on"},
      {R"({"enterprise":{"createTime":5}})", "WRONG_TYPE", "enterprise.create_time"},
      {R"({"enterprise":{"createTime":"2025-02-30T00:00:00Z"}})", "INVALID_FORMAT",
       "enterprise.create_time"},
      {R"({"enterprise":{"createTime":"2025-02-03T00:00:00"}})", "INVALID_FORMAT",
       "enterprise.create_time"},
      {R"({"enterprise":{"createTime":"10000-02-03T00:00:00Z"}})", "INVALID_FORMAT",
       "enterprise.create_time"},
      {R"({"enterprise":{"createTime":"2025-02-03T24:00:00Z"}})", "INVALID_FORMAT",
       "enterprise.create_time"},
  });
  ExpectRefused<Plan>({
      {R"({"tasks":{}})", "WRONG_TYPE", "tasks"},
      {R"({"tasks":[{}, 5]})", "WRONG_TYPE", "tasks[1]"},
      {R"({"tasks":[null]})", "WRONG_TYPE", "tasks[0]"},
      {R"({"tasks":[{},{"x":1}]})", "UNKNOWN_FIELD", "tasks[1].x"},
      {R"({"generalAims":["a",]})", "MALFORMED_JSON", "general_aims"},
      {R"({"generalAims":["a",5]})", "WRONG_TYPE", "general_aims[1]"},
  });
  ExpectRefused<Event>({{R"({"plan":{},"payment":{}})", "ONEOF_CONFLICT", "payment"}});
}

TEST(JsonReaderTest, RefusesNumbersThatAreNotTheFields) {
  std::vector<Refusal> rows;
  for (const char* value : {"1.5",
                            "1.0",
                            "1e3",
                            "1e19",
                            "\"9223372036854775808\"",
                            "\" 5\"",
                            "\"5 \"",
                            "\"0x10\"",
                            "\"+5\"",
                            "\"05\"",
                            "\"-0\"",
                            "\"\"",
                            "true",
                            "[]",
                            "{}",
                            "9007199254740992",
                            "-9007199254740992",
                            "\"1_000\"",
                            "\"1,000\"",
                            "\"NaN\""}) {
    rows.push_back({absl::StrCat(R"({"computedTotalVnd":)", value, "}"), "INVALID_NUMBER",
                    "computed_total_vnd"});
  }
  for (const char* value : {"2147483648", "-2147483649", "\"1.0\"", "1e2"}) {
    rows.push_back({absl::StrCat(R"({"firstYear":)", value, "}"), "INVALID_NUMBER", "first_year"});
  }
  for (const char* value : {"01", "-", ".5", "1.", "1e", "+1", "0x10", "1a"}) {
    rows.push_back({absl::StrCat(R"({"firstYear":)", value, "}"), "MALFORMED_JSON", "first_year"});
  }
  ExpectRefused<Plan>(rows);
}

TEST(JsonReaderTest, RefusesTextThatIsNotText) {
  ExpectRefused<CreateEnterpriseRequest>({
      {R"({"parent":"\ud800"})", "INVALID_TEXT", "parent"},
      {R"({"parent":"\ud800x"})", "INVALID_TEXT", "parent"},
      {R"({"parent":"\ud800\u0041"})", "INVALID_TEXT", "parent"},
      {R"({"parent":"\udc00"})", "INVALID_TEXT", "parent"},
      {R"({"parent":"\u0000"})", "INVALID_TEXT", "parent"},
      {"{\"parent\":\"\xff\"}", "INVALID_TEXT", "parent"},
      {"{\"parent\":\"\xc0\xaf\"}", "INVALID_TEXT", "parent"},          // overlong
      {"{\"parent\":\"\xe0\x80\xaf\"}", "INVALID_TEXT", "parent"},      // overlong
      {"{\"parent\":\"\xed\xa0\x80\"}", "INVALID_TEXT", "parent"},      // surrogate
      {"{\"parent\":\"\xf4\x90\x80\x80\"}", "INVALID_TEXT", "parent"},  // above U+10FFFF
      {"{\"parent\":\"\xe1\xba\"}", "INVALID_TEXT", "parent"},          // cut short
  });
}

// The reader knows the type at hand, so 16 KB of brackets end at the first one that does not fit
// rather than at the depth limit. Quadratic readers do not come to an end here (the test has a time
// limit).
TEST(JsonReaderTest, RefusesWhatIsTooLargeInLinearTime) {
  ExpectRefused<Plan>({
      {Repeat("[", 16 * 1024), "WRONG_TYPE", ""},
      {absl::StrCat(R"({"tasks":)", Repeat("[", 16 * 1024)), "WRONG_TYPE", "tasks[0]"},
      {absl::StrCat(R"({"title":")", std::string(64 * 1024 + 1, 'a'), "\"}"), "LIMIT_EXCEEDED",
       "title"},
      {absl::StrCat(R"({"firstYear":)", std::string(1'000'000, '1'), "}"), "LIMIT_EXCEEDED",
       "first_year"},
      {absl::StrCat(R"({"generalAims":[)", Repeat("\"\",", 60'000), "\"\"]}"), "LIMIT_EXCEEDED",
       "general_aims[49997]"},
      {absl::StrCat("{", Repeat("\"x\":1,", 50'000), "\"x\":1}"), "UNKNOWN_FIELD", "x"},
  });
}

TEST(JsonReaderTest, RefusesDepthBeyondTheLimit) {
  const std::string text = R"({"plan":{"document":{"issueDate":{"year":2024}}}})";
  for (int depth = 1; depth <= 6; ++depth) {
    SCOPED_TRACE(depth);
    Limits limits;
    limits.depth = depth;
    Event event;
    const absl::Status status = ReadJson(text, limits, "", event);
    EXPECT_EQ(status::ReasonOf(status), depth < 4 ? "DEPTH_EXCEEDED" : "") << status;
  }
}

TEST(JsonReaderTest, PrefixStandsBeforePaths) {
  Enterprise enterprise;
  const absl::Status status = ReadJson(R"({"x":1})", Limits(), "enterprise", enterprise);
  EXPECT_EQ(status::BadRequestOf(status).field_violations(0).field(), "enterprise.x");
}

TEST(JsonReaderTest, ReadsEveryKind) {
  CreateEnterpriseRequest request;
  const absl::Status status = ReadJson(
      " {\"parent\" : \"provinces/48\",\n\"enterprise\": {\"display_name\": "
      "\"C\u00f4ng ty \\u0110\\u00e0 N\\u1eb5ng \\ud83d\\ude00 \\\"A\\\"\\/\\n\", \"legalKind\":"
      "\"LEGAL_KIND_JSC\", \"operatingStatus\":2, \"establishedOn\":{\"year\":2019,\"month\":\"2\","
      "\"day\":28}, \"demo\":true, \"address\":null, "
      "\"createTime\":\"2024-01-31T07:30:00.25+07:00\"}}\r\n",
      request);
  ASSERT_TRUE(status.ok()) << status;
  const Enterprise& e = request.enterprise();
  EXPECT_EQ(request.parent(), "provinces/48");
  EXPECT_EQ(e.display_name(), "Công ty Đà Nẵng 😀 \"A\"/\n");
  EXPECT_EQ(e.legal_kind(), Enterprise::LEGAL_KIND_JSC);
  EXPECT_EQ(e.operating_status(), Enterprise::OPERATING_STATUS_SUSPENDED);
  EXPECT_EQ(e.established_on().month(), 2);
  EXPECT_TRUE(e.demo());
  EXPECT_EQ(e.create_time().seconds(), 1706661000);
  EXPECT_EQ(e.create_time().nanos(), 250'000'000);
}

TEST(JsonReaderTest, WholeRangeOfIntegersAsStrings) {
  for (const char* value : {"\"9223372036854775807\"", "\"-9223372036854775808\"", "0",
                            "9007199254740991", "-9007199254740991"}) {
    SCOPED_TRACE(value);
    Plan plan;
    EXPECT_TRUE(ReadJson(absl::StrCat(R"({"computedTotalVnd":)", value, "}"), plan).ok());
  }
}

TEST(JsonReaderTest, PublicMessagesHaveNoFreeForm) {
  std::string problem;
  EXPECT_TRUE(IsSupported(*budgeting::v1::ImportPlanRequest::descriptor(), &problem)) << problem;
  EXPECT_FALSE(IsSupported(*google::protobuf::FileDescriptorSet::descriptor(), &problem));
}

}  // namespace
}  // namespace nscl::json
