#include "services/budgeting/domain/plan_workflow.h"

#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/act_order.h"
#include "services/budgeting/domain/dates.h"
#include "services/budgeting/domain/plan_findings.h"
#include "services/budgeting/errors.h"

namespace nscl::budgeting::domain {

absl::StatusOr<v1::Plan> AcceptFinding(v1::Plan plan, const v1::AcceptFindingRequest& request) {
  if (plan.state() != v1::Plan::STATE_DRAFT)
    return errors::PlanState(plan, "accept a finding", v1::Plan::STATE_DRAFT);
  for (v1::Finding& finding : *plan.mutable_findings()) {
    if (finding.finding_id() != request.finding_id()) continue;
    if (finding.status() != v1::Finding::STATUS_OPEN)
      return errors::FindingNotOpen(plan.name(), request.finding_id());
    finding.set_status(v1::Finding::STATUS_ACCEPTED);
    finding.set_note(request.note());
    return plan;
  }
  return errors::FindingNotFound(plan.name(), request.finding_id());
}

absl::StatusOr<v1::Plan> SubmitPlan(v1::Plan plan) {
  if (plan.state() != v1::Plan::STATE_DRAFT)
    return errors::PlanState(plan, "submit", v1::Plan::STATE_DRAFT);
  std::vector<std::string> open;
  for (const v1::Finding& finding : plan.findings()) {
    if (finding.severity() != v1::Finding::SEVERITY_ERROR) continue;
    if (finding.status() == v1::Finding::STATUS_OPEN) open.push_back(finding.finding_id());
  }
  if (!open.empty()) return errors::OpenErrorFindings(plan.name(), open);
  plan.set_state(v1::Plan::STATE_SUBMITTED);
  return plan;
}

absl::StatusOr<v1::Plan> AppraisePlan(v1::Plan plan, const v1::AppraisePlanRequest& request) {
  if (plan.state() != v1::Plan::STATE_SUBMITTED)
    return errors::PlanState(plan, "appraise", v1::Plan::STATE_SUBMITTED);
  plan.set_state(v1::Plan::STATE_APPRAISED);
  plan.set_opinion_number(request.opinion_number());
  return plan;
}

absl::StatusOr<v1::Plan> IssuePlan(v1::Plan plan, const v1::IssuePlanRequest& request,
                                   absl::CivilDay today) {
  if (plan.state() != v1::Plan::STATE_APPRAISED)
    return errors::PlanState(plan, "issue", v1::Plan::STATE_APPRAISED);
  v1::DocumentHeader& document = *plan.mutable_document();
  const bool has_number = HasDocumentNumber(document.number());
  status::Violations violations;
  violations.Check(request.number().empty() || !has_number, "number", "NUMBER_PRINTED",
                   "the paper prints its own number", "văn bản đã có số");
  violations.Check(!request.has_issue_date() || !document.has_issue_date(), "issue_date",
                   "NUMBER_PRINTED", "the paper prints its own date",
                   "văn bản đã có ngày ban hành");
  RETURN_IF_ERROR(violations.ToStatus());

  std::vector<std::string> blank;
  if (!request.number().empty()) {
    document.set_number(request.number());
  } else if (!has_number) {
    blank.push_back("number");
  }
  if (request.has_issue_date()) {
    RETURN_IF_ERROR(
        time::CheckNotAfterToday({"issue", "ban hành", DayOf(request.issue_date())}, today));
    *document.mutable_issue_date() = request.issue_date();
  } else if (!document.has_issue_date()) {
    blank.push_back("issue_date");
  }
  if (!blank.empty() && !request.allow_blank_number())
    return errors::DocumentNumberBlank(plan.name(), blank);
  plan.set_state(v1::Plan::STATE_ISSUED);
  return plan;
}

}  // namespace nscl::budgeting::domain
