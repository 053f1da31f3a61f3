#include "services/registry/domain/conformity_notice.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "common/time/legal_date.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using v1::ConformityNotice;

constexpr absl::CivilDay kToday(2026, 11, 22);

const RegistryRules& Shipped() {
  static const auto& rules =
      *new RegistryRules(*RegistryRules::Load(NSCL_SOURCE_DIR "/deploy/catalogue"));
  return rules;
}

ConformityNotice Good(const std::string& over = "") {
  ConformityNotice notice, merged;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "name: 'provinces/48/enterprises/a/conformityNotices/n' kind: KIND_STANDARD "
      "standard_code: 'TCVN 6073:2005' method: 5 base: BASE_SELF "
      "received_on { year: 2026 month: 3 day: 10 }",
      &notice));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(over, &merged)) << over;
  notice.MergeFrom(merged);
  return notice;
}

TEST(ConformityNoticeTest, EveryFieldIsChecked) {
  const std::string kAccepted =
      "notice_number: '12/TB' accepted_on { year: 2026 month: 3 day: 12 } ";
  struct {
    const char* what;
    std::string text;
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"unknown kind", "kind: 7", "ENUM_VALUE", "conformity_notice.kind"},
      {"unknown base", "base: 7", "ENUM_VALUE", "conformity_notice.base"},
      {"method 8", "method: 8", "OK", ""},
      {"method 9", "method: 9", "METHOD_RANGE", "conformity_notice.method"},
      {"standard", "standard_code: ' '", "TEXT_LENGTH", "conformity_notice.standard_code"},
      {"product of another", "product: 'provinces/48/enterprises/b/products/p'", "REFERENCE",
       "conformity_notice.product"},
      {"received tomorrow", "received_on { year: 2026 month: 11 day: 23 }", "DATE_FUTURE",
       "conformity_notice.received_on"},
      {"number without day", "notice_number: '12/TB'", "NUMBER_AND_DAY",
       "conformity_notice.notice_number"},
      {"day without number", "accepted_on { year: 2026 month: 3 day: 12 }", "NUMBER_AND_DAY",
       "conformity_notice.notice_number"},
      {"accepted", kAccepted, "OK", ""},
      {"accepted before it was received",
       "notice_number: '12/TB' accepted_on { year: 2026 month: 3 day: 9 }", "PERIOD",
       "conformity_notice.accepted_on"},
      {"three years", kAccepted + "valid_to { year: 2029 month: 3 day: 12 }", "OK", ""},
      {"a day more", kAccepted + "valid_to { year: 2029 month: 3 day: 13 }", "VALIDITY",
       "conformity_notice.valid_to"},
      {"a certificate's term",
       kAccepted + "base: BASE_THIRD_PARTY valid_to { year: 2031 month: 3 day: 13 }", "OK", ""},
      {"over before it is accepted", kAccepted + "valid_to { year: 2026 month: 3 day: 11 }",
       "PERIOD", "conformity_notice.valid_to"},
      {"test of the day", "test_on { year: 2026 month: 3 day: 10 }", "OK", ""},
      {"test of the day after", "test_on { year: 2026 month: 3 day: 11 }", "TEST_AFTER_DOSSIER",
       "conformity_notice.test_on"},
      {"test of twelve months ago", "test_on { year: 2025 month: 3 day: 10 }", "OK", ""},
      {"test of a day more", "test_on { year: 2025 month: 3 day: 9 }", "TEST_AGE",
       "conformity_notice.test_on"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    ConformityNotice notice = Good(row.text);
    const absl::Status status = NormaliseConformityNotice(notice, Shipped(), kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

TEST(ConformityNoticeTest, AnOwnAssessmentEndsByTheRule) {
  ConformityNotice notice =
      Good("notice_number: '12/TB' accepted_on { year: 2026 month: 3 day: 12 }");
  ASSERT_OK(NormaliseConformityNotice(notice, Shipped(), kToday));
  EXPECT_EQ(*time::ToCivilDay(notice.valid_to()), absl::CivilDay(2029, 3, 12));
  // Where no rule is known, none is applied.
  const auto empty =
      RegistryRules::Parse(R"({"schema": "nscl.catalogue.registry_rules.v1", "rows": []})");
  ASSERT_OK(empty);
  notice.clear_valid_to();
  *notice.mutable_test_on() = time::ToDate(absl::CivilDay(2020, 1, 1));
  ASSERT_OK(NormaliseConformityNotice(notice, *empty, kToday));
  EXPECT_FALSE(notice.has_valid_to());
}

}  // namespace
}  // namespace nscl::registry::domain
