// The whole report of the Ninh Thuận plan, as an officer would read it.
#include "services/reporting/domain/annual_report.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "common/status/error.h"
#include "services/reporting/domain/obligations.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::Finding;
using casework::v1::Activity;
using casework::v1::SupportCase;

ReportFacts NinhThuan(const Catalogue& catalogue) {
  ReportFacts facts;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(ShippedFile("plans/ninhthuan-2024.json"),
                                                          &facts.plan)
                  .ok());
  facts.plan.set_name("provinces/58/plans/ninhthuan-2024");
  Finding& finding = *facts.plan.add_findings();
  finding.set_rule("DOC_NUMBER_BLANK");
  finding.set_status(Finding::STATUS_ACCEPTED);

  Activity& held = facts.happenings.activities.emplace_back();
  held.set_name("provinces/58/activities/lop-1");
  held.set_kind(Activity::KIND_CLASS);
  held.set_state(Activity::STATE_SETTLED);
  held.set_budget_year(2024);
  held.mutable_first_day()->set_year(2024);
  held.set_demo(true);
  for (int year : {2023, 2024}) {
    SupportCase& c = facts.happenings.cases.emplace_back();
    c.set_name("provinces/58/supportCases/" + std::to_string(year));
    c.set_state(SupportCase::STATE_REJECTED);
    c.set_budget_year(year);
  }
  facts.obligations = ObligationsOf(facts.plan, catalogue.obligations);
  facts.obligations[1].set_state(v1::Obligation::STATE_FILED);
  facts.as_of.emplace_back().set_service("casework");
  return facts;
}

TEST(AnnualReportTest, SaysWhatHappenedAndWhatItRestsOn) {
  const Catalogue catalogue = ShippedCatalogue();
  auto report =
      BuildAnnualReport(NinhThuan(catalogue), catalogue, 2024, absl::CivilDay(2024, 11, 20));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->year(), 2024);
  EXPECT_FALSE(report->plan_title().empty());

  ASSERT_EQ(report->targets_size(), 7);
  EXPECT_EQ(report->targets(0).status(), v1::TargetResult::STATUS_MET);
  EXPECT_EQ(report->targets(0).counted(0), "provinces/58/activities/lop-1");
  EXPECT_EQ(report->targets(1).status(), v1::TargetResult::STATUS_NOT_STARTED);
  EXPECT_EQ(report->targets(2).status(), v1::TargetResult::STATUS_NOT_EVALUABLE);

  ASSERT_EQ(report->cases_size(), 1);  // the case of 2023 is another report's
  EXPECT_EQ(report->cases(0).state(), "REJECTED");
  EXPECT_EQ(report->cases(0).count(), 1);
  ASSERT_EQ(report->activities_size(), 1);
  EXPECT_EQ(report->activities(0).state(), "SETTLED");
  EXPECT_EQ(report->findings_size(), 1);
  EXPECT_EQ(report->as_of_size(), 1);

  // On 20/11 the units' day is over, the department's not yet; one unit has filed.
  ASSERT_EQ(report->obligations_size(), 7);
  EXPECT_FALSE(report->obligations(0).overdue());
  EXPECT_FALSE(report->obligations(1).overdue());
  for (int i = 2; i < 7; ++i) EXPECT_TRUE(report->obligations(i).overdue()) << i;

  std::string notes;
  for (const std::string& note : report->notes()) notes += note + "\n";
  for (const char* part :
       {"Chưa đánh giá được 5 chỉ tiêu", "giả định", "1 phát hiện đã được chấp nhận",
        "dùng ngày mặc định trước ngày 15/11", "dùng ngày mặc định trước ngày 30/11",
        "Quá hạn chưa báo cáo: 5 đơn vị (tính đến 20/11/2024)"}) {
    EXPECT_NE(notes.find(part), std::string::npos) << part << "\n" << notes;
  }
}

TEST(AnnualReportTest, OnlyYearsOfThePlan) {
  const Catalogue catalogue = ShippedCatalogue();
  for (int year : {2023, 2025}) {
    auto report =
        BuildAnnualReport(NinhThuan(catalogue), catalogue, year, absl::CivilDay(2026, 1, 1));
    EXPECT_EQ(status::ReasonOf(report.status()), "YEAR_NOT_OF_PLAN") << year;
  }
}

}  // namespace
}  // namespace nscl::reporting::domain
