#include "services/registry/domain/survey.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "absl/strings/str_split.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::FieldsAre;
using ::nscl::testing::Reason;
using v1::MeasureChange;

constexpr absl::CivilDay kToday(2026, 11, 22);

template <typename M>
M Parse(const std::string& text) {
  M message;
  // What stands after a bar is written over what stands before it.
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, '|'))) {
    EXPECT_TRUE(google::protobuf::TextFormat::MergeFromString(part, &message)) << text;
  }
  return message;
}

TEST(SurveyTest, EveryFieldIsChecked) {
  const std::string kDay = "surveyed_on { year: 2026 month: 3 day: 4 } year: 2025 ";
  const std::string kOne = "measures { metric: 'DEFECT_RATE' value_thousandths: 1 } ";
  const std::string kGood = "kind: KIND_BASELINE " + kDay + kOne + "|";
  struct {
    const char* what;
    std::string survey;
    const char *reason, *field;
  } rows[] = {
      {"good", kGood, "OK", ""},
      {"no kind", kDay + kOne, "ENUM_VALUE", "survey.kind"},
      {"unknown kind", "kind: 9 " + kDay + kOne, "ENUM_VALUE", "survey.kind"},
      {"no day", "kind: KIND_BASELINE year: 2025 " + kOne, "DATE", "survey.surveyed_on"},
      {"today", kGood + "surveyed_on { month: 11 day: 22 }", "OK", ""},
      {"tomorrow", kGood + "surveyed_on { month: 11 day: 23 }", "DATE_FUTURE",
       "survey.surveyed_on"},
      {"its year", kGood + "year: 2026", "OK", ""},
      {"a year after it", kGood + "year: 2027", "YEAR_RANGE", "survey.year"},
      {"before all", kGood + "year: 1899", "YEAR_RANGE", "survey.year"},
      {"first of all", kGood + "year: 1900", "OK", ""},
      {"a baseline's baseline", kGood + "baseline: 'x'", "SURVEY_BASELINE", "survey.baseline"},
      {"measured after nothing", kGood + "kind: KIND_REMEASUREMENT", "SURVEY_BASELINE",
       "survey.baseline"},
      {"measured after", kGood + "kind: KIND_REMEASUREMENT baseline: 'x'", "OK", ""},
      {"case", kGood + "support_case: 'provinces/48/supportCases/a'", "OK", ""},
      {"no case", kGood + "support_case: 'provinces/48/enterprises/a'", "RESOURCE_NAME",
       "survey.support_case"},
      {"nothing measured", "kind: KIND_BASELINE " + kDay, "LIST_LENGTH", "survey.measures"},
      {"no metric", kGood + "measures { value_thousandths: 1 }", "TEXT_LENGTH",
       "survey.measures[1].metric"},
      {"metric twice", kGood + kOne, "TWICE", "survey.measures[1].metric"},
      {"no figure, no reason", kGood + "measures { metric: 'B' }", "MEASURE_VALUE",
       "survey.measures[1]"},
      {"no figure, a reason", kGood + "measures { metric: 'B' absence_reason: 'NOT_KEPT' }", "OK",
       ""},
      {"figure and reason",
       kGood + "measures { metric: 'B' value_thousandths: 0 absence_reason: 'NOT_KEPT' }",
       "MEASURE_VALUE", "survey.measures[1]"},
      {"most money", kGood + "measures { metric: 'B' value_thousandths: 9007199254740991000 }",
       "OK", ""},
      {"too much", kGood + "measures { metric: 'B' value_thousandths: 9007199254740991001 }",
       "AMOUNT_RANGE", "survey.measures[1].value_thousandths"},
      {"too little", kGood + "measures { metric: 'B' value_thousandths: -9007199254740991001 }",
       "AMOUNT_RANGE", "survey.measures[1].value_thousandths"},
      {"systems", kGood + "systems_in_use: '5S' systems_in_use: 'ISO 9001:2015'", "OK", ""},
      {"system twice", kGood + "systems_in_use: '5S' systems_in_use: '5S'", "TWICE",
       "survey.systems_in_use[1]"},
      {"empty system", kGood + "systems_in_use: ' '", "TEXT_LENGTH", "survey.systems_in_use[0]"},
      {"long needs", kGood + "needs: '" + std::string(2'001, 'x') + "'", "TEXT_LENGTH",
       "survey.needs"},
      {"lines", kGood + "recommendation: 'a\\nb'", "OK", ""},
      {"negative days", kGood + "visit_days_tenths: -1", "VISIT_DAYS_RANGE",
       "survey.visit_days_tenths"},
      {"most days", kGood + "visit_days_tenths: 10000", "OK", ""},
      {"too many days", kGood + "visit_days_tenths: 10001", "VISIT_DAYS_RANGE",
       "survey.visit_days_tenths"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    auto survey = Parse<v1::Survey>(row.survey);
    const absl::Status status = NormaliseSurvey(survey, nullptr, kToday);
    EXPECT_EQ(Reason(status), row.reason);
    if (*row.field != '\0') {
      EXPECT_THAT(status, FieldsAre(::testing::ElementsAre(row.field)));
    }
  }
  v1::Survey empty;
  EXPECT_THAT(
      NormaliseSurvey(empty, nullptr, kToday),
      FieldsAre(::testing::ElementsAre("survey.kind", "survey.surveyed_on", "survey.measures")));
  v1::Survey many = Parse<v1::Survey>(kGood);
  for (int i = 0; i < 100; ++i) *many.add_measures() = many.measures(0);
  for (int i = 0; i < 101; ++i) many.add_systems_in_use("x");
  EXPECT_THAT(NormaliseSurvey(many, nullptr, kToday),
              FieldsAre(::testing::ElementsAre("survey.measures", "survey.systems_in_use")));
}

TEST(SurveyTest, ABaselineIsOneAndNotLater) {
  const std::string kDay = "surveyed_on { year: 2026 month: 3 day: 4 } ";
  auto survey = Parse<v1::Survey>(kDay);
  struct {
    std::string baseline;
    const char* reason;
  } rows[] = {
      {"kind: KIND_BASELINE surveyed_on { year: 2026 month: 3 day: 4 }", "OK"},
      {"kind: KIND_BASELINE surveyed_on { year: 2026 month: 3 day: 5 }", "SURVEY_BASELINE"},
      {"kind: KIND_REMEASUREMENT surveyed_on { year: 2026 month: 3 day: 4 }", "SURVEY_BASELINE"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Reason(CheckBaseline(survey, Parse<v1::Survey>(row.baseline))), row.reason)
        << row.baseline;
  }
}

TEST(SurveyTest, ChangesArePerMilleRoundedHalfAwayFromZero) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  constexpr int64_t kNone = std::numeric_limits<int64_t>::min();  // no change can be told
  constexpr auto kBetter = MeasureChange::DIRECTION_BETTER;
  constexpr auto kWorse = MeasureChange::DIRECTION_WORSE;
  constexpr auto kSame = MeasureChange::DIRECTION_SAME;
  constexpr auto kNotSaid = MeasureChange::DIRECTION_UNSPECIFIED;
  struct {
    int64_t before, after;
    Better better;
    int64_t per_mille;
    MeasureChange::Direction direction;
  } rows[] = {
      {1'000, 1'100, Better::kMore, 100, kBetter},
      {1'000, 1'100, Better::kLess, 100, kWorse},
      {1'000, 900, Better::kMore, -100, kWorse},
      {1'000, 900, Better::kLess, -100, kBetter},
      {1'000, 900, Better::kNotSaid, -100, kNotSaid},
      {1'000, 1'000, Better::kNotSaid, 0, kSame},
      {2'000, 2'001, Better::kMore, 1, kBetter},    // 0.5
      {2'001, 2'002, Better::kMore, 0, kBetter},    // 0.4998
      {2'000, 1'999, Better::kMore, -1, kWorse},    // -0.5
      {2'001, 2'000, Better::kMore, 0, kWorse},     // -0.4998
      {3, 4, Better::kMore, 333, kBetter},          // 333.3
      {3, 5, Better::kMore, 667, kBetter},          // 666.7
      {-1'000, -900, Better::kMore, 100, kBetter},  // a smaller loss is more
      {-1'000, 1'000, Better::kMore, 2'000, kBetter},
      {0, 5, Better::kMore, kNone, kBetter},
      {0, 0, Better::kMore, kNone, kSame},
      {1, kMax, Better::kMore, kNone, kBetter},
      {1'000, kMax, Better::kMore, kMax - 1'000, kBetter},
      {9'007'199'254'740'991'000, -9'007'199'254'740'991'000, Better::kMore, -2'000, kWorse},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(::testing::Message() << row.before << " to " << row.after);
    v1::Survey before, after;
    before.add_measures()->set_value_thousandths(row.before);
    after.add_measures()->set_value_thousandths(row.after);
    const v1::CompareSurveysResponse compared = CompareSurveys(before, after, {{"", row.better}});
    ASSERT_EQ(compared.changes_size(), 1);
    const MeasureChange& change = compared.changes(0);
    EXPECT_EQ(change.has_change_per_mille(), row.per_mille != kNone);
    if (row.per_mille != kNone) {
      EXPECT_EQ(change.change_per_mille(), row.per_mille);
    }
    EXPECT_EQ(change.direction(), row.direction);
  }
}

TEST(SurveyTest, WhatIsMissingIsNotCompared) {
  auto before = Parse<v1::Survey>(
      "name: 'b' measures { metric: 'C' value_thousandths: 5 } "
      "measures { metric: 'A' value_thousandths: 1 } measures { metric: 'B' absence_reason: 'X' }");
  auto after = Parse<v1::Survey>(
      "measures { metric: 'B' value_thousandths: 7 } measures { metric: 'C' absence_reason: 'X' } "
      "measures { metric: 'D' absence_reason: 'X' }");
  EXPECT_EQ(CompareSurveys(before, after, {{"A", Better::kMore}}).DebugString(),
            Parse<v1::CompareSurveysResponse>(
                "baseline: 'b' "
                "changes { metric: 'A' before_thousandths: 1 direction: DIRECTION_NOT_COMPARABLE } "
                "changes { metric: 'B' after_thousandths: 7 direction: DIRECTION_NOT_COMPARABLE } "
                "changes { metric: 'C' before_thousandths: 5 direction: DIRECTION_NOT_COMPARABLE } "
                "changes { metric: 'D' direction: DIRECTION_NOT_COMPARABLE }")
                .DebugString());
}

}  // namespace
}  // namespace nscl::registry::domain
