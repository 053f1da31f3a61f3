// The lists that ship can be used, and a list that cannot says where.
#include "services/reporting/domain/catalogue.h"

#include <gtest/gtest.h>

#include "common/status/error.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

constexpr char kIndicators[] =
    R"({"approx_tolerance": {"thousandths": 50}, "rows": [{"metric": "M", "counting": null}]})";
constexpr char kNoRows[] = R"({"rows": []})";

TEST(CatalogueTest, TheShippedListsAreRead) {
  Catalogue catalogue = ShippedCatalogue();
  EXPECT_EQ(catalogue.indicators.at("ENTERPRISES_SUPPORTED").counting,
            Counting::kDistinctEnterprisesAccepted);
  EXPECT_TRUE(catalogue.indicators.at("ST_TASKS").funding_sources.contains("ST_TASK"));
  EXPECT_EQ(catalogue.indicators.at("TFP_CONTRIBUTION_PCT").counting, Counting::kNotEvaluable);
  EXPECT_FALSE(catalogue.indicators.at("TFP_CONTRIBUTION_PCT").not_evaluable_reason.empty());
  EXPECT_EQ(catalogue.approx_tolerance_thousandths, 50);
  EXPECT_TRUE(catalogue.pseudo_sources.contains("INTEGRATED"));
  EXPECT_FALSE(catalogue.pseudo_sources.contains("ST_TASK"));
  EXPECT_FALSE(catalogue.obligations.empty());
}

TEST(CatalogueTest, WhatCannotBeUsedIsNamed) {
  const struct {
    const char *indicators, *obligations, *sources;
    const char *file, *row;
  } rows[] = {
      {"[", kNoRows, kNoRows, "indicators.json", "-"},
      {"{}", kNoRows, kNoRows, "indicators.json", "-"},
      {R"({"approx_tolerance": {"thousandths": 1}, "rows": [{"metric": "M", "counting": "GUESS"}]})",
       kNoRows, kNoRows, "indicators.json", "GUESS"},
      {R"({"approx_tolerance": {"thousandths": 1}, "rows": [{"counting": null}]})", kNoRows,
       kNoRows, "indicators.json", R"({"counting":null})"},
      {R"({"approx_tolerance": {"thousandths": 1}, "rows": [{"metric": "M", "counting": "ATTENDANCES",
           "activity_kinds": ["PARTY"]}]})",
       kNoRows, kNoRows, "indicators.json", "M"},
      {kIndicators,
       R"({"rows": [{"rule_id": "R", "role": "KING", "strict": true, "default": false,
           "legal_basis": "x"}]})",
       kNoRows, "report_obligations.json", "R"},
      {kIndicators,
       R"({"rows": [{"rule_id": "R", "role": "UNIT", "strict": true, "default": true,
           "legal_basis": "x"}]})",
       kNoRows, "report_obligations.json", "R"},
      {kIndicators,
       R"({"rows": [{"rule_id": "R", "role": "UNIT", "strict": true, "default": false,
           "due_month": 2, "due_day": 29, "legal_basis": "x"}]})",
       kNoRows, "report_obligations.json", "R"},
      {kIndicators, kNoRows, R"({"rows": [{"code": "X", "name": "x"}]})", "funding_sources.json",
       R"({"code":"X","name":"x"})"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.row);
    auto catalogue = ParseCatalogue(row.indicators, row.obligations, row.sources);
    ASSERT_FALSE(catalogue.ok());
    EXPECT_EQ(status::ReasonOf(catalogue.status()), "CATALOGUE");
    EXPECT_EQ(status::MetadataOf(catalogue.status(), "file"), row.file);
    EXPECT_EQ(status::MetadataOf(catalogue.status(), "row"), row.row);
  }
}

}  // namespace
}  // namespace nscl::reporting::domain
