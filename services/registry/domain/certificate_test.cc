#include "services/registry/domain/certificate.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "common/time/legal_date.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using v1::Certificate;
using Day = absl::CivilDay;

constexpr Day kToday(2026, 11, 22);

Certificate Good(const std::string& over = "") {
  Certificate certificate, merged;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "name: 'provinces/48/enterprises/a/certificates/c' kind: KIND_SYSTEM "
      "standard_code: 'TCVN ISO 9001:2015' certification_body: 'QUACERT' "
      "certificate_number: 'HT 1234' issued_on { year: 2025 month: 1 day: 5 }",
      &certificate));
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(over, &merged)) << over;
  certificate.MergeFrom(merged);
  return certificate;
}

Certificate Ending(Day day) {
  Certificate certificate = Good();
  *certificate.mutable_expires_on() = time::ToDate(day);
  return certificate;
}

TEST(CertificateTest, EveryFieldIsChecked) {
  struct {
    const char* what;
    std::string text;
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"unknown kind", "kind: 77", "ENUM_VALUE", "certificate.kind"},
      {"standard of blanks", "standard_code: ' '", "TEXT_LENGTH", "certificate.standard_code"},
      {"long scope", "scope: '" + std::string(1001, 'x') + "'", "TEXT_LENGTH", "certificate.scope"},
      {"product", "product: 'provinces/48/enterprises/a/products/p'", "OK", ""},
      {"product of another", "product: 'provinces/48/enterprises/b/products/p'", "REFERENCE",
       "certificate.product"},
      {"no body", "certification_body: ' '", "TEXT_LENGTH", "certificate.certification_body"},
      {"provider", "provider: 'provinces/01/providers/quacert'", "OK", ""},
      {"no provider", "provider: 'quacert'", "REFERENCE", "certificate.provider"},
      {"long number", "certificate_number: '" + std::string(101, 'x') + "'", "TEXT_LENGTH",
       "certificate.certificate_number"},
      {"issued today", "issued_on { year: 2026 month: 11 day: 22 }", "OK", ""},
      {"issued tomorrow", "issued_on { year: 2026 month: 11 day: 23 }", "DATE_FUTURE",
       "certificate.issued_on"},
      {"over before it was issued", "expires_on { year: 2025 month: 1 day: 4 }", "PERIOD",
       "certificate.expires_on"},
      {"over on the day", "expires_on { year: 2025 month: 1 day: 5 }", "OK", ""},
      {"no case", "support_case: 'provinces/48/enterprises/a'", "REFERENCE",
       "certificate.support_case"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    Certificate certificate = Good(row.text);
    const absl::Status status = NormaliseCertificate(certificate, nullptr, kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
  Certificate nothing;
  EXPECT_THAT(NormaliseCertificate(nothing, nullptr, kToday),
              FieldsAre(::testing::ElementsAre(
                  "certificate.kind", "certificate.standard_code", "certificate.certification_body",
                  "certificate.certificate_number", "certificate.issued_on")));
}

TEST(CertificateTest, TheDayCallsForAState) {
  constexpr int kDays = 90;
  struct {
    Day last;
    Certificate::ExpiryState now, then;
  } rows[] = {
      {kToday + 91, Certificate::EXPIRY_STATE_VALID, Certificate::EXPIRY_STATE_VALID},
      {kToday + 90, Certificate::EXPIRY_STATE_VALID, Certificate::EXPIRY_STATE_EXPIRING},
      {kToday, Certificate::EXPIRY_STATE_VALID, Certificate::EXPIRY_STATE_EXPIRING},
      {kToday, Certificate::EXPIRY_STATE_EXPIRING, Certificate::EXPIRY_STATE_EXPIRING},
      {kToday - 1, Certificate::EXPIRY_STATE_VALID, Certificate::EXPIRY_STATE_EXPIRED},
      {kToday - 1, Certificate::EXPIRY_STATE_EXPIRING, Certificate::EXPIRY_STATE_EXPIRED},
      {kToday - 1, Certificate::EXPIRY_STATE_EXPIRED, Certificate::EXPIRY_STATE_EXPIRED},
  };
  for (const auto& row : rows) {
    Certificate certificate = Ending(row.last);
    certificate.set_expiry_state(row.now);
    EXPECT_EQ(StateOn(certificate, kToday, kDays), row.then) << row.last;
    certificate.set_revoked(true);
    EXPECT_EQ(StateOn(certificate, kToday, kDays), row.now) << row.last;
  }
  // Without a rule nothing is called expiring.
  Certificate today = Ending(kToday);
  today.set_expiry_state(Certificate::EXPIRY_STATE_VALID);
  EXPECT_EQ(StateOn(today, kToday, 0), Certificate::EXPIRY_STATE_VALID);
}

TEST(CertificateTest, ANewLastDayStartsTheWatchAnew) {
  Certificate entered = Ending(kToday - 1);
  ASSERT_OK(NormaliseCertificate(entered, nullptr, kToday));
  EXPECT_EQ(entered.expiry_state(), Certificate::EXPIRY_STATE_EXPIRED);
  Certificate longer = entered;
  *longer.mutable_expires_on() = time::ToDate(kToday + 10);
  ASSERT_OK(NormaliseCertificate(longer, &entered, kToday));
  EXPECT_EQ(longer.expiry_state(), Certificate::EXPIRY_STATE_VALID);
  Certificate watched = longer;
  watched.set_expiry_state(Certificate::EXPIRY_STATE_EXPIRING);
  Certificate changed = watched;
  changed.set_scope("Sản xuất");
  ASSERT_OK(NormaliseCertificate(changed, &watched, kToday));
  EXPECT_EQ(changed.expiry_state(), Certificate::EXPIRY_STATE_EXPIRING);
}

TEST(CertificateTest, TheSamePaper) {
  const Certificate paper = Good();
  EXPECT_TRUE(SamePaper(paper, Good("certification_body: 'Quacert'")));
  EXPECT_FALSE(SamePaper(paper, Good("certification_body: 'Vinacert'")));
  EXPECT_FALSE(SamePaper(paper, Good("certificate_number: 'HT 1235'")));
  EXPECT_FALSE(SamePaper(paper, Good("standard_code: 'TCVN ISO 14001:2015'")));
}

}  // namespace
}  // namespace nscl::registry::domain
