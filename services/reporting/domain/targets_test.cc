// Targets against results: each comparison at its edges, each standing, each way of adding up
// years.
#include "services/reporting/domain/targets.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::PlanTarget;
using casework::v1::Activity;
using casework::v1::SupportCase;
using v1::TargetResult;

TEST(ReachesTest, EveryComparisonAtItsEdges) {
  const struct {
    PlanTarget::Operator op;
    PlanTarget::Aggregation aggregation;
    int64_t value, upper, result;
    bool reached;
  } rows[] = {
      {PlanTarget::OPERATOR_EQ, PlanTarget::AGGREGATION_CUMULATIVE, 3000, 0, 2000, false},
      {PlanTarget::OPERATOR_EQ, PlanTarget::AGGREGATION_CUMULATIVE, 3000, 0, 3000, true},
      {PlanTarget::OPERATOR_EQ, PlanTarget::AGGREGATION_CUMULATIVE, 3000, 0, 4000, true},
      {PlanTarget::OPERATOR_EQ, PlanTarget::AGGREGATION_SHARE, 70000, 0, 70000, true},
      {PlanTarget::OPERATOR_EQ, PlanTarget::AGGREGATION_SHARE, 70000, 0, 70001, false},
      {PlanTarget::OPERATOR_GE, PlanTarget::AGGREGATION_CUMULATIVE, 15000, 0, 14000, false},
      {PlanTarget::OPERATOR_GE, PlanTarget::AGGREGATION_CUMULATIVE, 15000, 0, 15000, true},
      {PlanTarget::OPERATOR_GT, PlanTarget::AGGREGATION_CUMULATIVE, 45000, 0, 45000, false},
      {PlanTarget::OPERATOR_GT, PlanTarget::AGGREGATION_CUMULATIVE, 45000, 0, 45001, true},
      // About 20, within 5 %: 19 reaches it, one thousandth less does not; more is not punished.
      {PlanTarget::OPERATOR_APPROX, PlanTarget::AGGREGATION_CUMULATIVE, 20000, 0, 18999, false},
      {PlanTarget::OPERATOR_APPROX, PlanTarget::AGGREGATION_CUMULATIVE, 20000, 0, 19000, true},
      {PlanTarget::OPERATOR_APPROX, PlanTarget::AGGREGATION_CUMULATIVE, 20000, 0, 90000, true},
      {PlanTarget::OPERATOR_RANGE, PlanTarget::AGGREGATION_CUMULATIVE, 10000, 15000, 9999, false},
      {PlanTarget::OPERATOR_RANGE, PlanTarget::AGGREGATION_CUMULATIVE, 10000, 15000, 10000, true},
      {PlanTarget::OPERATOR_RANGE, PlanTarget::AGGREGATION_CUMULATIVE, 10000, 15000, 15001, false},
      {PlanTarget::OPERATOR_UNSPECIFIED, PlanTarget::AGGREGATION_CUMULATIVE, 0, 0, 5, false},
  };
  for (const auto& row : rows) {
    PlanTarget target;
    target.set_operator_(row.op);
    target.set_aggregation(row.aggregation);
    target.set_value_thousandths(row.value);
    target.set_upper_value_thousandths(row.upper);
    EXPECT_EQ(Reaches(target, row.result, 50), row.reached)
        << PlanTarget::Operator_Name(row.op) << " " << row.value << " by " << row.result;
  }
}

// `classes[i]` classes were held in 2022 + i.
Happenings Classes(std::initializer_list<int> classes) {
  Happenings happenings;
  int year = 2022;
  for (int count : classes) {
    for (int i = 0; i < count; ++i) {
      Activity activity;
      activity.set_name(absl::StrCat("provinces/48/activities/", year, "-", 1000 + i));
      activity.set_kind(Activity::KIND_CLASS);
      activity.set_state(Activity::STATE_SETTLED);
      activity.mutable_first_day()->set_year(year);
      happenings.activities.push_back(activity);
    }
    ++year;
  }
  return happenings;
}

TEST(JudgeTargetTest, StandingFollowsResultAndTime) {
  const auto kCumulative = PlanTarget::AGGREGATION_CUMULATIVE;
  const auto kAnnual = PlanTarget::AGGREGATION_ANNUAL;
  const struct {
    PlanTarget::Aggregation aggregation;
    int64_t value;  // whole
    int first, last, year;
    absl::CivilDay today;
    int64_t in_year, cumulative;  // whole
    TargetResult::Status status;
  } rows[] = {
      // Held: 2022 none, 2023 two, 2024 three, 2025 one.
      {kCumulative, 5, 2022, 2025, 2022, absl::CivilDay(2022, 6, 1), 0, 0,
       TargetResult::STATUS_NOT_STARTED},
      {kCumulative, 5, 2022, 2025, 2023, absl::CivilDay(2023, 6, 1), 2, 2,
       TargetResult::STATUS_IN_PROGRESS},
      {kCumulative, 5, 2022, 2025, 2024, absl::CivilDay(2024, 6, 1), 3, 5,
       TargetResult::STATUS_MET},
      // A report of 2023 written in 2026: the target still had time then.
      {kCumulative, 5, 2022, 2025, 2023, absl::CivilDay(2026, 6, 1), 2, 2,
       TargetResult::STATUS_IN_PROGRESS},
      {kCumulative, 7, 2022, 2025, 2025, absl::CivilDay(2025, 12, 31), 1, 6,
       TargetResult::STATUS_IN_PROGRESS},
      {kCumulative, 7, 2022, 2025, 2025, absl::CivilDay(2026, 1, 1), 1, 6,
       TargetResult::STATUS_MISSED},
      // Only the target's own years count.
      {kCumulative, 5, 2024, 2024, 2025, absl::CivilDay(2026, 1, 1), 0, 3,
       TargetResult::STATUS_MISSED},
      {kCumulative, 5, 2024, 2025, 2023, absl::CivilDay(2023, 6, 1), 0, 0,
       TargetResult::STATUS_NOT_STARTED},
      {kAnnual, 3, 2022, 2025, 2023, absl::CivilDay(2023, 12, 31), 2, 2,
       TargetResult::STATUS_IN_PROGRESS},
      {kAnnual, 3, 2022, 2025, 2023, absl::CivilDay(2024, 1, 1), 2, 2, TargetResult::STATUS_MISSED},
      {kAnnual, 3, 2022, 2025, 2024, absl::CivilDay(2024, 6, 1), 3, 5, TargetResult::STATUS_MET},
      {kAnnual, 3, 2022, 2025, 2022, absl::CivilDay(2022, 6, 1), 0, 0,
       TargetResult::STATUS_NOT_STARTED},
      {kAnnual, 3, 2022, 2025, 2022, absl::CivilDay(2023, 1, 1), 0, 0, TargetResult::STATUS_MISSED},
      {kAnnual, 3, 2023, 2025, 2022, absl::CivilDay(2026, 1, 1), 0, 0,
       TargetResult::STATUS_NOT_STARTED},
  };
  const Catalogue catalogue = ShippedCatalogue();
  const Happenings happenings = Classes({0, 2, 3, 1});
  int number = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(++number);
    PlanTarget target;
    target.set_metric("TRAINING_CLASSES");
    target.set_operator_(PlanTarget::OPERATOR_GE);
    target.set_value_thousandths(row.value * 1000);
    target.set_first_year(row.first);
    target.set_last_year(row.last);
    target.set_aggregation(row.aggregation);
    TargetResult result = JudgeTarget(target, catalogue, happenings, row.year, row.today);
    EXPECT_EQ(result.year_result_thousandths(), row.in_year * 1000);
    EXPECT_EQ(result.cumulative_result_thousandths(), row.cumulative * 1000);
    EXPECT_EQ(TargetResult::Status_Name(result.status()), TargetResult::Status_Name(row.status));
    EXPECT_EQ(result.counted_size(), row.cumulative);
  }
}

TEST(JudgeTargetTest, WhatHasNoSourceSaysWhy) {
  const Catalogue catalogue = ShippedCatalogue();
  const struct {
    const char* metric;
    PlanTarget::Aggregation aggregation;
  } rows[] = {
      {"TFP_CONTRIBUTION_PCT", PlanTarget::AGGREGATION_POINT_IN_TIME},
      {"CERTIFIED_EXPERTS", PlanTarget::AGGREGATION_CUMULATIVE},
      {"AWARD_COUNCIL_ROUNDS", PlanTarget::AGGREGATION_CUMULATIVE},
      {"NO_SUCH_METRIC", PlanTarget::AGGREGATION_CUMULATIVE},
      {"ENTERPRISES_SUPPORTED", PlanTarget::AGGREGATION_ANNUAL_GROWTH},
      {"ENTERPRISES_SUPPORTED", PlanTarget::AGGREGATION_SHARE},
      {"ENTERPRISES_SUPPORTED", PlanTarget::AGGREGATION_UNSPECIFIED},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.metric);
    PlanTarget target;
    target.set_metric(row.metric);
    target.set_aggregation(row.aggregation);
    target.set_first_year(2022);
    target.set_last_year(2025);
    TargetResult result = JudgeTarget(target, catalogue, {}, 2023, absl::CivilDay(2026, 1, 1));
    EXPECT_EQ(result.status(), TargetResult::STATUS_NOT_EVALUABLE);
    EXPECT_FALSE(result.note().empty());
    EXPECT_FALSE(result.has_year_result_thousandths());
    EXPECT_FALSE(result.has_cumulative_result_thousandths());
  }
}

// A metric that is counted from 2024 on, and had no source before.
TEST(JudgeTargetTest, ARuleCountsForTheReportsOfItsYears) {
  Catalogue catalogue = ShippedCatalogue();
  IndicatorRule counted = *catalogue.Indicator("TRAINING_CLASSES", absl::CivilDay(2024, 1, 1));
  counted.basis.valid_from = absl::CivilDay(2024, 12, 31);
  IndicatorRule before;
  before.metric = counted.metric;
  before.not_evaluable_reason = "chưa có";
  before.basis.valid_to = absl::CivilDay(2024, 12, 30);
  catalogue.indicators = {before, counted};
  PlanTarget target;
  target.set_metric(counted.metric);
  target.set_operator_(PlanTarget::OPERATOR_GE);
  target.set_value_thousandths(5000);
  target.set_first_year(2022);
  target.set_last_year(2025);
  target.set_aggregation(PlanTarget::AGGREGATION_CUMULATIVE);
  const struct {
    int year;
    TargetResult::Status status;
    const char* note;
  } rows[] = {{2023, TargetResult::STATUS_NOT_EVALUABLE, "chưa có"},
              {2024, TargetResult::STATUS_MET, ""}};
  for (const auto& row : rows) {
    const TargetResult result =
        JudgeTarget(target, catalogue, Classes({0, 2, 3, 1}), row.year, absl::CivilDay(2026, 1, 1));
    EXPECT_EQ(result.status(), row.status) << row.year;
    EXPECT_EQ(result.note(), row.note);
  }
}

// Nineteen metrics have no source yet: each answer carries the reason, none a figure.
TEST(JudgeTargetTest, EveryReasonOfTheCatalogueIsInTheAnswer) {
  const Catalogue catalogue = ShippedCatalogue();
  int not_evaluable = 0;
  for (const IndicatorRule& rule : catalogue.indicators) {
    SCOPED_TRACE(rule.metric);
    PlanTarget target;
    target.set_metric(rule.metric);
    target.set_operator_(PlanTarget::OPERATOR_GE);
    target.set_first_year(2022);
    target.set_last_year(2025);
    target.set_aggregation(PlanTarget::AGGREGATION_CUMULATIVE);
    const TargetResult result =
        JudgeTarget(target, catalogue, Classes({1, 1, 1, 1}), 2023, absl::CivilDay(2026, 1, 1));
    EXPECT_EQ(result.note(), rule.not_evaluable_reason);
    EXPECT_EQ(result.has_cumulative_result_thousandths(), result.note().empty());
    not_evaluable += result.status() == TargetResult::STATUS_NOT_EVALUABLE;
  }
  EXPECT_EQ(catalogue.indicators.size(), 29u);
  EXPECT_EQ(not_evaluable, 19);
}

TEST(JudgeTargetTest, TheDrillDownIsBounded) {
  PlanTarget target;
  target.set_metric("TRAINING_CLASSES");
  target.set_operator_(PlanTarget::OPERATOR_GE);
  target.set_first_year(2022);
  target.set_last_year(2025);
  target.set_aggregation(PlanTarget::AGGREGATION_CUMULATIVE);
  TargetResult result =
      JudgeTarget(target, ShippedCatalogue(), Classes({101}), 2022, absl::CivilDay(2023, 1, 1));
  EXPECT_EQ(result.cumulative_result_thousandths(), 101000);
  EXPECT_EQ(static_cast<size_t>(result.counted_size()), kMaxNames);
}

}  // namespace
}  // namespace nscl::reporting::domain
