#include "services/registry/domain/year_profile.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;

constexpr absl::CivilDay kToday(2026, 11, 22);

template <typename M>
M Parse(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

TEST(YearProfileTest, EveryFieldIsChecked) {
  const char* kOld = "established_on { year: 2020 month: 5 day: 4 }";
  const char* kYoung = "established_on { year: 2024 month: 5 day: 4 }";
  const char* kUnknown = "";
  const std::string kGood =
      "employees_tenths: 105 revenue_vnd: 5 capital_vnd: 7 months_operating: 12 ";
  struct {
    const char* what;
    const char* enterprise;
    int year;
    std::string profile;
    const char *reason, *field;
  } rows[] = {
      {"good", kOld, 2024, kGood, "OK", ""},
      {"this year", kOld, 2026, kGood, "OK", ""},
      {"next year", kOld, 2027, kGood, "YEAR_RANGE", "year_profile.name"},
      {"before it was established", kOld, 2019, kGood, "YEAR_RANGE", "year_profile.name"},
      {"before all", kUnknown, 1999, kGood, "YEAR_RANGE", "year_profile.name"},
      {"first of all", kUnknown, 2000, kGood, "OK", ""},
      {"no months", kOld, 2024, "revenue_vnd: 5 capital_vnd: 7", "MONTHS_RANGE",
       "year_profile.months_operating"},
      {"13 months", kOld, 2024, "capital_vnd: 7 months_operating: 13", "MONTHS_RANGE",
       "year_profile.months_operating"},
      {"first year, as long as it was", kYoung, 2024, "capital_vnd: 7 months_operating: 8", "OK",
       ""},
      {"first year, longer than it was", kYoung, 2024, "capital_vnd: 7 months_operating: 9",
       "MONTHS_RANGE", "year_profile.months_operating"},
      {"negative employees", kOld, 2024, kGood + "employees_tenths: -1", "EMPLOYEES_RANGE",
       "year_profile.employees_tenths"},
      {"most employees", kOld, 2024, kGood + "employees_tenths: 10000000", "OK", ""},
      {"too many employees", kOld, 2024, kGood + "employees_tenths: 10000001", "EMPLOYEES_RANGE",
       "year_profile.employees_tenths"},
      {"negative revenue", kOld, 2024, kGood + "revenue_vnd: -1", "AMOUNT_RANGE",
       "year_profile.revenue_vnd"},
      {"most revenue", kOld, 2024, kGood + "revenue_vnd: 9007199254740991", "OK", ""},
      {"too much revenue", kOld, 2024, kGood + "revenue_vnd: 9007199254740992", "AMOUNT_RANGE",
       "year_profile.revenue_vnd"},
      {"too much capital", kOld, 2024, kGood + "capital_vnd: 9007199254740992", "AMOUNT_RANGE",
       "year_profile.capital_vnd"},
      {"zero is not absent", kOld, 2024, "capital_vnd: 0 months_operating: 12", "OK", ""},
      {"neither", kOld, 2024, "months_operating: 12", "REVENUE_OR_CAPITAL",
       "year_profile.revenue_vnd"},
      {"neither, with a reason", kOld, 2024,
       "months_operating: 12 incomplete_reason: 'chưa nộp báo cáo tài chính'", "OK", ""},
      {"a long reason", kOld, 2024, kGood + "incomplete_reason: '" + std::string(301, 'x') + "'",
       "TEXT_LENGTH", "year_profile.incomplete_reason"},
      {"exports", kOld, 2024, kGood + "export_vnd: 0", "OK", ""},
      {"negative exports", kOld, 2024, kGood + "export_vnd: -1", "AMOUNT_RANGE",
       "year_profile.export_vnd"},
      {"revenue only", kOld, 2024, "revenue_vnd: 5 months_operating: 12", "OK", ""},
      {"capital only", kOld, 2024, "capital_vnd: 5 months_operating: 12", "OK", ""},
      {"first year needs capital", kYoung, 2024, "revenue_vnd: 5 months_operating: 3",
       "CAPITAL_REQUIRED", "year_profile.capital_vnd"},
      {"age not known, months missing", kUnknown, 2024, "revenue_vnd: 5 months_operating: 3",
       "CAPITAL_REQUIRED", "year_profile.capital_vnd"},
      {"declared today", kOld, 2024, kGood + "declared_on { year: 2026 month: 11 day: 22 }", "OK",
       ""},
      {"declared tomorrow", kOld, 2024, kGood + "declared_on { year: 2026 month: 11 day: 23 }",
       "DATE_FUTURE", "year_profile.declared_on"},
      {"declared never", kOld, 2024, kGood + "declared_on { year: 2026 month: 2 day: 30 }", "DATE",
       "year_profile.declared_on"},
      {"long office", kOld, 2024, kGood + "declared_by: '" + std::string(201, 'x') + "'",
       "TEXT_LENGTH", "year_profile.declared_by"},
      {"long document", kOld, 2024, kGood + "document_number: '" + std::string(101, 'x') + "'",
       "TEXT_LENGTH", "year_profile.document_number"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::Enterprise enterprise = Parse<v1::Enterprise>(row.enterprise);
    v1::YearProfile profile;  // merging lets a later figure replace an earlier one
    ASSERT_TRUE(google::protobuf::TextFormat::MergeFromString(row.profile, &profile))
        << row.profile;
    absl::Status status = Normalise(&profile, enterprise, row.year, kToday);
    EXPECT_EQ(Reason(status), row.reason) << status;
    if (!status.ok()) {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
}

TEST(YearProfileTest, AllFaultsAtOnce) {
  v1::YearProfile profile = Parse<v1::YearProfile>("employees_tenths: -1 declared_on { year: 1 }");
  absl::Status status = Normalise(&profile, v1::Enterprise(), 2027, kToday);
  EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(
                          "year_profile.name", "year_profile.months_operating",
                          "year_profile.employees_tenths", "year_profile.revenue_vnd",
                          "year_profile.declared_on")));
}

}  // namespace
}  // namespace nscl::registry::domain
