// Which states count, and how each metric counts: turns are not enterprises.
#include "services/reporting/domain/counting.h"

#include <gtest/gtest.h>

#include <set>

#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

using casework::v1::Activity;
using casework::v1::SupportCase;

TEST(CountingTest, StatesThatCount) {
  const std::set<SupportCase::State> accepted = {
      SupportCase::STATE_ACCEPTED, SupportCase::STATE_PAID, SupportCase::STATE_LIQUIDATED,
      SupportCase::STATE_CLOSED, SupportCase::STATE_LIQUIDATION_PENDING};
  const std::set<SupportCase::State> approved_only = {
      SupportCase::STATE_APPROVED, SupportCase::STATE_CONTRACT_PENDING,
      SupportCase::STATE_CONTRACTED, SupportCase::STATE_IN_PROGRESS, SupportCase::STATE_DELIVERED};
  for (int i = SupportCase::State_MIN; i <= SupportCase::State_MAX; ++i) {
    auto state = static_cast<SupportCase::State>(i);
    SCOPED_TRACE(SupportCase::State_Name(state));
    EXPECT_EQ(IsAccepted(state), accepted.contains(state));
    EXPECT_EQ(IsApproved(state), accepted.contains(state) || approved_only.contains(state));
  }
  const std::set<Activity::State> held = {Activity::STATE_HELD, Activity::STATE_SETTLEMENT_PENDING,
                                          Activity::STATE_SETTLED};
  for (int i = Activity::State_MIN; i <= Activity::State_MAX; ++i) {
    auto state = static_cast<Activity::State>(i);
    EXPECT_EQ(IsHeld(state), held.contains(state)) << Activity::State_Name(state);
  }
}

SupportCase Case(const std::string& id, const std::string& enterprise, SupportCase::State state,
                 int approved_year, int accepted_year) {
  SupportCase c;
  c.set_name("provinces/48/supportCases/" + id);
  c.set_enterprise("provinces/48/enterprises/" + enterprise);
  c.set_state(state);
  c.set_budget_year(2023);
  c.set_funding_source("ST_TASK");
  c.mutable_content()->set_family("MANAGEMENT_SYSTEM");
  if (approved_year != 0) c.mutable_approval()->mutable_decided_on()->set_year(approved_year);
  if (accepted_year != 0) c.mutable_acceptance()->mutable_accepted_on()->set_year(accepted_year);
  return c;
}

Activity Held(const std::string& id, Activity::Kind kind, int year, int attendances) {
  Activity activity;
  activity.set_name("provinces/48/activities/" + id);
  activity.set_kind(kind);
  activity.set_state(Activity::STATE_HELD);
  activity.set_budget_year(2023);
  if (year != 0) activity.mutable_first_day()->set_year(year);
  for (int i = 0; i < attendances; ++i) activity.add_attendances();
  return activity;
}

Happenings Example() {
  Happenings h;
  h.cases.push_back(Case("a", "e1", SupportCase::STATE_CLOSED, 2023, 2023));
  h.cases.push_back(Case("b", "e1", SupportCase::STATE_ACCEPTED, 2023, 2024));
  h.cases.push_back(Case("c", "e2", SupportCase::STATE_PAID, 2022, 2023));
  h.cases.push_back(Case("d", "e3", SupportCase::STATE_IN_PROGRESS, 2023, 0));
  h.cases.push_back(Case("e", "e4", SupportCase::STATE_REJECTED, 0, 0));
  h.cases.push_back(Case("f", "e5", SupportCase::STATE_WITHDRAWN, 2023, 0));
  h.cases.push_back(Case("g", "e6", SupportCase::STATE_APPROVAL_PENDING, 2023, 0));
  // No day of acceptance on file: the budget year stands in.
  h.cases.push_back(Case("h", "e7", SupportCase::STATE_ACCEPTED, 2023, 0));
  h.cases.back().set_funding_source("ST_RECURRENT");
  h.cases.back().mutable_content()->set_family("IMPROVEMENT_TOOL");
  h.cases[0].mutable_content()->set_pilot_model(true);
  h.cases[3].mutable_content()->set_pilot_model(true);
  h.activities.push_back(Held("k", Activity::KIND_CLASS, 2023, 30));
  h.activities.push_back(Held("l", Activity::KIND_CLASS, 2024, 20));
  h.activities.push_back(Held("m", Activity::KIND_EXPERT_COURSE, 0, 5));
  h.activities.push_back(Held("n", Activity::KIND_CONFERENCE, 2023, 7));
  h.activities.push_back(Held("o", Activity::KIND_CLASS, 2023, 9));
  h.activities.back().set_state(Activity::STATE_CANCELLED);
  return h;
}

TEST(CountingTest, EachMetricCountsItsOwn) {
  const struct {
    const char* metric;
    Years years;
    int64_t value;
    const char* names;  // last segments
  } rows[] = {
      // e1 twice over the two years: two turns, one enterprise.
      {"ENTERPRISES_SUPPORTED", {2023, 2023}, 3, "a c h"},
      {"ENTERPRISES_SUPPORTED", {2024, 2024}, 1, "b"},
      {"ENTERPRISES_SUPPORTED", {2023, 2024}, 3, "a b c h"},
      {"ENTERPRISES_SUPPORTED", {2025, 2024}, 0, ""},
      {"MANAGEMENT_SYSTEM_ADOPTIONS", {2023, 2024}, 3, "a b c"},
      {"IMPROVEMENT_TOOL_ADOPTIONS", {2023, 2024}, 1, "h"},
      {"PILOT_MODELS", {2023, 2023}, 1, "a"},  // d is a pilot, not accepted yet
      {"PILOT_MODELS", {2022, 2022}, 0, ""},
      {"ST_TASKS", {2023, 2023}, 3, "a b d"},  // h is paid from other money
      {"ST_TASKS", {2022, 2023}, 4, "a b c d"},
      {"TRAINING_CLASSES", {2023, 2023}, 1, "k"},
      {"TRAINING_CLASSES", {2022, 2025}, 2, "k l"},
      {"TRAINEE_TURNS", {2022, 2025}, 50, "k l"},
      {"EXPERT_TRAINING_TURNS", {2023, 2023}, 5, "m"},
      {"CONFERENCES", {2023, 2023}, 1, "n"},
  };
  const Catalogue catalogue = ShippedCatalogue();
  const Happenings happenings = Example();
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.metric) + " " + std::to_string(row.years.first));
    const IndicatorRule* rule = catalogue.Indicator(row.metric, absl::CivilDay(2024, 12, 31));
    ASSERT_NE(rule, nullptr);
    Count count = CountHappenings(*rule, happenings, row.years);
    EXPECT_EQ(count.value, row.value);
    std::string names;
    for (const std::string& name : count.names) {
      names += (names.empty() ? "" : " ") + name.substr(name.rfind('/') + 1);
    }
    EXPECT_EQ(names, row.names);
  }
}

// An enterprise, its branch and its entry in a merged province are one enterprise.
TEST(CountingTest, EnterprisesAreToldApartByTaxCode) {
  Happenings happenings;
  for (const char* id : {"a", "b", "c", "d"}) {
    happenings.cases.push_back(
        Case(id, std::string("e-") + id, SupportCase::STATE_ACCEPTED, 2023, 2023));
  }
  happenings.tax_codes = {{"provinces/48/enterprises/e-a", "0400101394"},
                          {"provinces/48/enterprises/e-b", "0400101394-001"},
                          {"provinces/48/enterprises/e-c", "0400101395"}};
  const Catalogue catalogue = ShippedCatalogue();
  const IndicatorRule* rule =
      catalogue.Indicator("ENTERPRISES_SUPPORTED", absl::CivilDay(2023, 12, 31));
  EXPECT_EQ(CountHappenings(*rule, happenings, {2023, 2023}).value, 3);
}

}  // namespace
}  // namespace nscl::reporting::domain
