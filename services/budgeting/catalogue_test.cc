// The shipped catalogue is read as it is described, and a bad one stops the start.
#include "services/budgeting/catalogue.h"

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"

namespace nscl::budgeting {
namespace {

using testing::MetadataIs;
using testing::ReasonIs;

std::string Shipped() { return absl::StrCat(NSCL_SOURCE_DIR, "/deploy/catalogue"); }

TEST(CatalogueTest, ShippedSources) {
  ASSERT_OK_AND_ASSIGN(const auto sources, LoadFundingSources(Shipped()));
  EXPECT_TRUE(domain::IsAssignable(sources, "ST_TASK"));
  EXPECT_TRUE(domain::IsKnown(sources, "INTEGRATED"));
  EXPECT_FALSE(domain::IsAssignable(sources, "INTEGRATED")) << "a pseudo source bears no money";
  EXPECT_FALSE(domain::IsKnown(sources, "LOTTERY"));
}

TEST(CatalogueTest, ShippedPaymentRules) {
  ASSERT_OK_AND_ASSIGN(const auto rules, LoadPaymentRules(Shipped()));
  ASSERT_EQ(rules.advances.size(), 1u) << "only the SME scheme has a text with a figure";
  EXPECT_EQ(rules.advances[0].scheme, "SME");
  EXPECT_FALSE(rules.advances[0].legal_basis.empty());
  ASSERT_EQ(rules.ratios.size(), 1u);
  EXPECT_EQ(rules.ratios[0].kinds.size(), 2u) << "advances run ahead by their nature";
  // One law for each budget year.
  ASSERT_EQ(rules.years.size(), 2u);
  for (int year : {2017, 2025, 2026, 2030}) {
    int laws = 0;
    for (const auto& rule : rules.years) laws += rule.valid.Holds(absl::CivilDay(year, 12, 31));
    EXPECT_EQ(laws, 1) << year;
  }
  EXPECT_TRUE(rules.years[0].valid.Holds(absl::CivilDay(2025, 12, 31)));
}

TEST(CatalogueTest, ABadFileNamesRowAndField) {
  struct {
    const char* row;
    const char* field;
  } rows[] = {
      {R"({"rule": "GIFT"})", "rule"},
      {R"({"rule": "RATIO_GUARD", "scheme": "ANY", "kinds": ["BRIBE"], "tolerance_thousandths": 0})",
       "kinds"},
      {R"({"rule": "RATIO_GUARD", "scheme": "ANY", "kinds": ["FINAL"], "tolerance_thousandths": 1001})",
       "tolerance_thousandths"},
      {R"({"rule": "BUDGET_YEAR", "scheme": "ANY", "adjustment_end_month": 13, "adjustment_end_day": 31})",
       "adjustment_end_month"},
  };
  const std::string dir = absl::StrCat(::testing::TempDir(), "/budgeting_catalogue_test");
  std::filesystem::create_directories(dir);
  for (const auto& row : rows) {
    SCOPED_TRACE(row.row);
    std::ofstream(dir + "/payment_rules.json")
        << R"({"schema": "nscl.catalogue.payment_rules.v1", "rows": [)" << row.row << "]}";
    const auto rules = LoadPaymentRules(dir);
    EXPECT_THAT(rules, ReasonIs("CATALOGUE"));
    EXPECT_THAT(rules.status(), MetadataIs("field", row.field));
    EXPECT_THAT(rules.status(), MetadataIs("row", "1"));
  }
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace nscl::budgeting
