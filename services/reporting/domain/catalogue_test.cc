// The lists that ship can be used, and a list that cannot says where.
#include "services/reporting/domain/catalogue.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

TEST(CatalogueTest, TheShippedListsAreRead) {
  Catalogue catalogue = ShippedCatalogue();
  const absl::CivilDay day(2024, 12, 31);
  EXPECT_EQ(catalogue.Indicator("ENTERPRISES_SUPPORTED", day)->counting,
            Counting::kDistinctEnterprisesAccepted);
  EXPECT_TRUE(catalogue.Indicator("ST_TASKS", day)->funding_sources.contains("ST_TASK"));
  EXPECT_EQ(catalogue.Indicator("TFP_CONTRIBUTION_PCT", day)->counting, Counting::kNotEvaluable);
  EXPECT_EQ(catalogue.Indicator("NO_SUCH_METRIC", day), nullptr);
  EXPECT_EQ(catalogue.approx_tolerance_thousandths, 50);
  EXPECT_TRUE(catalogue.funding_sources.Any("INTEGRATED")->pseudo);
  EXPECT_EQ(catalogue.obligations.size(), 6u);
}

std::string List(const std::string& name, const std::string& head, const std::string& row) {
  return R"({"schema": "nscl.catalogue.)" + name + R"(.v1", )" + head + R"("rows": [)" + row + "]}";
}

// A row with some of its fields set otherwise.
std::string With(std::string row, const std::string& fields) {
  nlohmann::json json = nlohmann::json::parse(row);
  json.update(nlohmann::json::parse(fields));
  return json.dump();
}

constexpr char kHead[] = R"("approx_tolerance_thousandths": 50, )";
constexpr char kIndicator[] =
    R"({"metric": "M", "counting": "ATTENDANCES", "families": [], "funding_sources": [],
        "activity_kinds": ["CLASS"], "not_evaluable_reason": null, "valid_from": null, "valid_to": null,
        "legal_basis": "plans", "confidence": "M"})";
constexpr char kObligation[] =
    R"({"rule_id": "R", "role": "UNIT", "recipient": "x", "strict": true, "default": false,
        "due_month": 11, "due_day": 15, "valid_from": null, "valid_to": null, "legal_basis": "plans",
        "confidence": "H"})";

TEST(CatalogueTest, WhatCannotBeUsedIsNamed) {
  const struct {
    const char *indicator, *obligation;  // fields set otherwise
    const char *file, *field;            // empty: it can be used
  } rows[] = {
      {"{}", "{}", "", ""},
      {R"({"counting": "GUESS"})", "{}", "indicators.json", "counting"},
      {R"({"activity_kinds": ["PARTY"]})", "{}", "indicators.json", "activity_kinds"},
      {R"({"not_evaluable_reason": "both"})", "{}", "indicators.json", "not_evaluable_reason"},
      {R"({"counting": null})", "{}", "indicators.json", "not_evaluable_reason"},
      {R"({"metric": ""})", "{}", "indicators.json", "metric"},
      {R"({"surprise": 1})", "{}", "indicators.json", "surprise"},
      {"{}", R"({"role": "KING"})", "report_obligations.json", "role"},
      {"{}", R"({"due_day": null})", "report_obligations.json", "due_day"},
      {"{}", R"({"due_month": null, "due_day": null})", "", ""},
      {"{}", R"({"due_month": null, "due_day": null, "default": true})", "report_obligations.json",
       "due_day"},
      {"{}", R"({"due_month": 2, "due_day": 29})", "report_obligations.json", "due_day"},
      {"{}", R"({"due_month": 13})", "report_obligations.json", "due_month"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.indicator, " ", row.obligation));
    auto catalogue =
        ParseCatalogue(List("indicators", kHead, With(kIndicator, row.indicator)),
                       List("report_obligations", "", With(kObligation, row.obligation)),
                       List("funding_sources", "", ""));
    if (row.file[0] == 0) {
      EXPECT_OK(catalogue);
      continue;
    }
    ASSERT_THAT(catalogue, testing::Refused(absl::StatusCode::kInvalidArgument, "CATALOGUE"));
    EXPECT_EQ(status::MetadataOf(catalogue.status(), "file"), row.file);
    EXPECT_EQ(status::MetadataOf(catalogue.status(), "row"), "1");
    EXPECT_EQ(status::MetadataOf(catalogue.status(), "field"), row.field);
  }
}

// Rules change: the rows of one metric, or of one role, follow each other.
TEST(CatalogueTest, ADayHasOneRule) {
  const struct {
    const char *first, *second;  // fields of the rows set otherwise
    bool good;
  } rows[] = {
      {"{}", "{}", false},
      {R"({"valid_to": "2024-12-31"})", R"({"valid_from": "2024-12-31"})", false},
      {R"({"valid_to": "2024-12-31"})", R"({"valid_from": "2025-01-01"})", true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.first, " ", row.second));
    const std::string none = List("funding_sources", "", "");
    const auto two = [&](const char* of) {
      return absl::StrCat(With(of, row.first), ",", With(of, row.second));
    };
    const auto indicators = ParseCatalogue(List("indicators", kHead, two(kIndicator)),
                                           List("report_obligations", "", ""), none);
    const auto obligations = ParseCatalogue(List("indicators", kHead, ""),
                                            List("report_obligations", "", two(kObligation)), none);
    EXPECT_EQ(indicators.ok(), row.good) << indicators.status();
    EXPECT_EQ(obligations.ok(), row.good) << obligations.status();
    if (row.good) continue;
    EXPECT_EQ(status::MetadataOf(indicators.status(), "row"), "2");
    EXPECT_EQ(status::MetadataOf(obligations.status(), "row"), "2");
  }
}

}  // namespace
}  // namespace nscl::reporting::domain
