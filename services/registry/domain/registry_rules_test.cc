#include "services/registry/domain/registry_rules.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;
using Day = absl::CivilDay;

std::string File(const std::string& rows) {
  return absl::StrCat(R"({"schema": "nscl.catalogue.registry_rules.v1", "rows": [)", rows, "]}");
}

std::string Row(const std::string& rule, const std::string& value, const std::string& from,
                const std::string& to) {
  return absl::StrCat(R"({"rule": ")", rule, R"(", "value": )", value, R"(, "valid_from": )", from,
                      R"(, "valid_to": )", to, R"(, "legal_basis": "x", "confidence": "H"})");
}

TEST(RegistryRulesTest, AreThoseOfTheDay) {
  const auto rules = RegistryRules::Parse(
      File(Row("TEST_RESULT_MONTHS", "12", "\"2020-01-01\"", "\"2025-12-31\"") + "," +
           Row("TEST_RESULT_MONTHS", "6", "\"2026-01-01\"", "null")));
  ASSERT_OK(rules);
  EXPECT_EQ(rules->TestResultMonths(Day(2019, 12, 31)), std::nullopt);
  EXPECT_EQ(rules->TestResultMonths(Day(2025, 12, 31)), 12);
  EXPECT_EQ(rules->TestResultMonths(Day(2026, 1, 1)), 6);
  EXPECT_EQ(rules->ExpiringDays(Day(2026, 1, 1)), std::nullopt);
}

TEST(RegistryRulesTest, FaultsAreNamed) {
  EXPECT_THAT(RegistryRules::Parse(File(Row("NOPE", "1", "null", "null"))),
              MetadataIs("field", "rule"));
  EXPECT_THAT(RegistryRules::Parse(File(Row("TEST_RESULT_MONTHS", "0", "null", "null"))),
              MetadataIs("field", "value"));
  EXPECT_EQ(Reason(RegistryRules::Parse(File(Row("TEST_RESULT_MONTHS", "1", "null", "null") + "," +
                                             Row("TEST_RESULT_MONTHS", "2", "null", "null")))),
            "CATALOGUE");
}

TEST(RegistryRulesTest, Shipped) {
  const auto rules = RegistryRules::Load(NSCL_SOURCE_DIR "/deploy/catalogue");
  ASSERT_OK(rules);
  const Day day(2026, 11, 22);
  EXPECT_TRUE(rules->ExpiringDays(day).has_value());
  EXPECT_EQ(rules->SelfAssessedMonths(day), 36);
  EXPECT_EQ(rules->TestResultMonths(day), 12);
}

TEST(RegistryRulesTest, MonthsEndWithTheMonth) {
  EXPECT_EQ(AddMonths(Day(2024, 2, 29), 12), Day(2025, 2, 28));
  EXPECT_EQ(AddMonths(Day(2025, 1, 31), 1), Day(2025, 2, 28));
  EXPECT_EQ(AddMonths(Day(2025, 12, 15), 36), Day(2028, 12, 15));
}

}  // namespace
}  // namespace nscl::registry::domain
