#include "services/registry/domain/enterprise.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);

const Sectors& Shipped() {
  static const auto& sectors = *new Sectors(*Sectors::Load(NSCL_SOURCE_DIR "/deploy/catalogue"));
  return sectors;
}

v1::Enterprise Good() {
  v1::Enterprise enterprise;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "display_name: 'Công ty TNHH An Bình' tax_code: '5800123458' legal_kind: LEGAL_KIND_LLC1 "
      "vsic_section: 'C'",
      &enterprise));
  return enterprise;
}

TEST(EnterpriseTest, IsNormalised) {
  v1::Enterprise enterprise = Good();
  enterprise.set_display_name("Đa\u0300 La\u0323t");
  enterprise.set_tax_code(" 5800123458001 ");
  enterprise.set_address("12 Lê Lợi");
  enterprise.set_commune_code("00004");
  ASSERT_OK(Normalise(&enterprise, Shipped(), kToday));
  EXPECT_EQ(enterprise.display_name(), "Đà Lạt");
  EXPECT_EQ(enterprise.tax_code(), "5800123458-001");
  EXPECT_EQ(enterprise.sector(), v1::SECTOR_INDUSTRY_CONSTRUCTION);
  EXPECT_EQ(enterprise.operating_status(), v1::Enterprise::OPERATING_STATUS_ACTIVE);
}

TEST(EnterpriseTest, EveryFieldIsChecked) {
  std::string long_name(501, 'x');
  std::string longest_name;
  for (int i = 0; i < 500; ++i) longest_name += "ẵ";
  struct {
    const char* what;
    std::string text;  // merged over a good one
    const char *reason, *field;
  } rows[] = {
      {"good", "", "OK", ""},
      {"household with a tax code", "legal_kind: LEGAL_KIND_HOUSEHOLD", "OK", ""},
      {"suspended", "operating_status: OPERATING_STATUS_SUSPENDED", "OK", ""},
      {"longest name", "display_name: '" + longest_name + "'", "OK", ""},
      {"name of blanks", "display_name: '   '", "TEXT_LENGTH", "enterprise.display_name"},
      {"long name", "display_name: '" + long_name + "'", "TEXT_LENGTH", "enterprise.display_name"},
      {"control in the name", "display_name: 'a\\u202Eb'", "INVALID_TEXT",
       "enterprise.display_name"},
      {"check digit", "tax_code: '5800123459'", "TAX_CODE", "enterprise.tax_code"},
      {"nine digits", "tax_code: '580012345'", "TAX_CODE", "enterprise.tax_code"},
      {"letters", "tax_code: '58OO123458'", "TAX_CODE", "enterprise.tax_code"},
      {"personal id", "tax_code: '001099012345'", "TAX_CODE", "enterprise.tax_code"},
      {"unknown legal form", "legal_kind: 99", "ENUM_VALUE", "enterprise.legal_kind"},
      {"unknown status", "operating_status: 99", "ENUM_VALUE", "enterprise.operating_status"},
      {"long address", "address: '" + long_name + "'", "TEXT_LENGTH", "enterprise.address"},
      {"commune of 4 digits", "commune_code: '0004'", "COMMUNE_CODE", "enterprise.commune_code"},
      {"commune of letters", "commune_code: '0000x'", "COMMUNE_CODE", "enterprise.commune_code"},
      {"no such day", "established_on { year: 2025 month: 2 day: 30 }", "DATE",
       "enterprise.established_on"},
      {"no day", "established_on { year: 2025 month: 2 }", "DATE", "enterprise.established_on"},
      {"today", "established_on { year: 2026 month: 11 day: 22 }", "OK", ""},
      {"tomorrow", "established_on { year: 2026 month: 11 day: 23 }", "DATE_FUTURE",
       "enterprise.established_on"},
      {"no such section", "vsic_section: 'Z'", "VSIC_SECTION", "enterprise.vsic_section"},
      {"small letter", "vsic_section: 'c'", "VSIC_SECTION", "enterprise.vsic_section"},
      {"section V", "vsic_section: 'V'", "OK", ""},
      {"section V before it was", "vsic_section: 'V' vsic_on { year: 2025 month: 11 day: 14 }",
       "VSIC_SECTION", "enterprise.vsic_section"},
      {"registered long ago", "vsic_on { year: 2015 month: 1 day: 1 }", "OK", ""},
      {"registered tomorrow", "vsic_on { year: 2026 month: 11 day: 23 }", "DATE_FUTURE",
       "enterprise.vsic_on"},
      {"main line", "vsic_main: 'C1020'", "OK", ""},
      {"main line of digits", "vsic_main: '1020'", "OK", ""},
      {"main line of no section", "vsic_main: 'Z10'", "VSIC_SECTION", "enterprise.vsic_section"},
      {"no line", "vsic_main: 'chế biến'", "VSIC_CODE", "enterprise.vsic_main"},
      {"other line", "vsic_others: ['1030', 'x']", "VSIC_CODE", "enterprise.vsic_others[1]"},
      {"other line twice", "vsic_others: ['1030', '1030']", "VSIC_TWICE",
       "enterprise.vsic_others[1]"},
      {"other line is the main one", "vsic_main: '1030' vsic_others: '1030'", "VSIC_TWICE",
       "enterprise.vsic_others[0]"},
      {"name of 10,000 characters", "display_name: '" + std::string(10'000, 'x') + "'",
       "TEXT_LENGTH", "enterprise.display_name"},
      {"right-to-left mark", "display_name: 'An\u200FBình'", "INVALID_TEXT",
       "enterprise.display_name"},
      {"full-width tax code", "tax_code: '５８００１２３４５８'", "TAX_CODE",
       "enterprise.tax_code"},
      {"tax code with a blank within", "tax_code: '58001 23458'", "TAX_CODE",
       "enterprise.tax_code"},
      {"long foreign name", "foreign_name: '" + long_name + "'", "TEXT_LENGTH",
       "enterprise.foreign_name"},
      {"long short name", "short_name: '" + std::string(201, 'x') + "'", "TEXT_LENGTH",
       "enterprise.short_name"},
      {"old commune", "old_commune_code: 'x'", "COMMUNE_CODE", "enterprise.old_commune_code"},
      {"phone", "phone: 'gọi anh Ba'", "PHONE", "enterprise.phone"},
      {"email", "email: 'an binh'", "EMAIL", "enterprise.email"},
      {"website", "website: 'an binh'", "WEBSITE", "enterprise.website"},
      {"mark", "marks { kind: 77 }", "MARK_KIND", "enterprise.marks[0].kind"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::Enterprise enterprise = Good();
    google::protobuf::TextFormat::Parser parser;
    v1::Enterprise over;
    ASSERT_TRUE(parser.ParseFromString(row.text, &over)) << row.text;
    enterprise.MergeFrom(over);
    absl::Status status = Normalise(&enterprise, Shipped(), kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

// A household business may be known by its owner alone; nobody else may.
TEST(EnterpriseTest, WhoMayGoWithoutATaxCode) {
  for (int kind = 1; kind <= v1::Enterprise::LegalKind_MAX; ++kind) {
    v1::Enterprise enterprise = Good();
    enterprise.clear_tax_code();
    enterprise.set_legal_kind(static_cast<v1::Enterprise::LegalKind>(kind));
    EXPECT_EQ(Reason(Normalise(&enterprise, Shipped(), kToday)),
              kind == v1::Enterprise::LEGAL_KIND_HOUSEHOLD ? "OK" : "TAX_CODE")
        << kind;
  }
}

TEST(EnterpriseTest, TheMainLineSaysTheSection) {
  v1::Enterprise enterprise = Good();
  enterprise.set_vsic_main("G4711");
  ASSERT_OK(Normalise(&enterprise, Shipped(), kToday));
  EXPECT_EQ(enterprise.vsic_section(), "G");
  EXPECT_EQ(enterprise.sector(), v1::SECTOR_TRADE_SERVICES);
}

TEST(EnterpriseTest, AllFaultsAtOnce) {
  v1::Enterprise nothing;
  absl::Status status = Normalise(&nothing, Shipped(), kToday);
  EXPECT_EQ(Reason(status), "BAD_FIELDS");
  EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(
                          "enterprise.display_name", "enterprise.tax_code", "enterprise.legal_kind",
                          "enterprise.vsic_section")));
}

TEST(EnterpriseTest, SectionsAreThoseOfTheDay) {
  v1::Enterprise enterprise = Good();
  enterprise.set_vsic_section("V");
  EXPECT_EQ(Reason(Normalise(&enterprise, Shipped(), absl::CivilDay(2025, 11, 14))),
            "VSIC_SECTION");
  EXPECT_EQ(Reason(Normalise(&enterprise, Shipped(), absl::CivilDay(2025, 11, 15))), "OK");
}

// REG-09: refusals are logged.
TEST(EnterpriseTest, APersonsNumberIsNotRepeated) {
  v1::Enterprise enterprise = Good();
  enterprise.set_tax_code("001099012345");
  EXPECT_FALSE(
      absl::StrContains(Normalise(&enterprise, Shipped(), kToday).ToString(), "001099012345"));
}

}  // namespace
}  // namespace nscl::registry::domain
