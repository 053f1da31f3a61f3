#include "services/reporting/domain/annual_report.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/reporting/domain/money.h"
#include "services/reporting/domain/obligations.h"
#include "services/reporting/domain/targets.h"
#include "services/reporting/errors.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::Finding;
using casework::v1::Activity;
using casework::v1::SupportCase;
using v1::Report;
using v1::StateCount;

// Counts by state in the order of the states; names sorted, at most kMaxNames of each.
class StateCounter {
 public:
  void Add(int state, const std::string& state_name, const std::string& name) {
    StateCount& count = counts_[state];
    count.set_state(std::string(absl::StripPrefix(state_name, "STATE_")));
    count.set_count(count.count() + 1);
    if (static_cast<size_t>(count.names_size()) < kMaxNames) count.add_names(name);
  }
  void MoveTo(google::protobuf::RepeatedPtrField<StateCount>* out) {
    for (auto& [state, count] : counts_) *out->Add() = std::move(count);
  }

 private:
  std::map<int, StateCount> counts_;
};

void AddHappenings(const Happenings& happenings, int year, Report& report) {
  StateCounter cases, activities;
  int demo = 0;
  for (const SupportCase& c : happenings.cases) {
    if (c.budget_year() != year) continue;
    cases.Add(c.state(), SupportCase::State_Name(c.state()), c.name());
    demo += c.demo();
  }
  for (const Activity& activity : happenings.activities) {
    if (activity.budget_year() != year) continue;
    activities.Add(activity.state(), Activity::State_Name(activity.state()), activity.name());
    demo += activity.demo();
  }
  cases.MoveTo(report.mutable_cases());
  activities.MoveTo(report.mutable_activities());
  if (demo > 0) {
    report.add_notes(absl::StrCat("Báo cáo có ", demo,
                                  " hồ sơ, hoạt động giả định (trình diễn, tập huấn) của năm ",
                                  year, "."));
  }
}

void AddTargets(const ReportFacts& facts, const Catalogue& catalogue, int year,
                absl::CivilDay today, Report& report) {
  std::vector<std::string> not_evaluable;
  for (const auto& target : facts.plan.targets()) {
    v1::TargetResult* result = report.add_targets();
    *result = JudgeTarget(target, catalogue, facts.happenings, year, today);
    if (result->status() == v1::TargetResult::STATUS_NOT_EVALUABLE) {
      not_evaluable.push_back(target.target_id());
    }
  }
  if (!not_evaluable.empty()) {
    report.add_notes(absl::StrCat("Chưa đánh giá được ", not_evaluable.size(), " chỉ tiêu (",
                                  absl::StrJoin(not_evaluable, ", "),
                                  "); lý do ghi tại từng chỉ tiêu."));
  }
}

void AddFindings(const budgeting::v1::Plan& plan, Report& report) {
  int open = 0, accepted = 0;
  for (const Finding& finding : plan.findings()) {
    *report.add_findings() = finding;
    open += finding.status() == Finding::STATUS_OPEN;
    accepted += finding.status() == Finding::STATUS_ACCEPTED;
  }
  if (open + accepted > 0) {
    report.add_notes(absl::StrCat("Kiểm tra văn bản kế hoạch: ", open, " phát hiện còn mở, ",
                                  accepted, " phát hiện đã được chấp nhận kèm ghi chú."));
  }
}

void AddObligations(const ReportFacts& facts, absl::CivilDay today, Report& report) {
  std::set<std::string> defaults;
  int overdue = 0;
  for (const v1::Obligation& obligation : facts.obligations) {
    v1::ObligationRow* row = report.add_obligations();
    *row->mutable_obligation() = obligation;
    row->set_overdue(IsOverdue(obligation, today));
    overdue += row->overdue();
    if (obligation.default_used()) defaults.insert(obligation.basis());
  }
  for (const std::string& basis : defaults) {
    report.add_notes(absl::StrCat("Thời hạn báo cáo: ", basis, "."));
  }
  if (overdue > 0) {
    report.add_notes(absl::StrCat("Quá hạn chưa báo cáo: ", overdue, " đơn vị (tính đến ",
                                  time::FormatDate(today), ")."));
  }
}

absl::Status AddMoney(const ReportFacts& facts, const Catalogue& catalogue, int year,
                      Report& report) {
  ASSIGN_OR_RETURN(Money money, MoneyOfYear(facts.plan, facts.balances, year, catalogue));
  for (auto& row : money.rows) *report.add_money() = std::move(row);
  for (auto& row : money.by_source) *report.add_money_by_source() = std::move(row);
  for (auto& note : money.notes) report.add_notes(std::move(note));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Report> BuildAnnualReport(const ReportFacts& facts, const Catalogue& catalogue,
                                         int year, absl::CivilDay today) {
  const auto& plan = facts.plan;
  if (year < plan.first_year() || year > plan.last_year()) {
    return errors::YearNotOfPlan(year, plan.first_year(), plan.last_year());
  }
  Report report;
  report.set_plan(plan.name());
  report.set_year(year);
  report.set_plan_title(plan.title());
  AddTargets(facts, catalogue, year, today, report);
  RETURN_IF_ERROR(AddMoney(facts, catalogue, year, report));
  AddHappenings(facts.happenings, year, report);
  AddFindings(plan, report);
  AddObligations(facts, today, report);
  for (const v1::FeedPosition& position : facts.as_of) *report.add_as_of() = position;
  return report;
}

}  // namespace nscl::reporting::domain
