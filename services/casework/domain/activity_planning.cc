#include "services/casework/domain/activity_planning.h"

#include <utility>

#include "common/money/money.h"
#include "common/status/status_macros.h"
#include "common/time/budget_year.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/domain/need.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::CreateActivityRequest& request) {
  const v1::Activity& asked = request.activity();
  status::Violations v;
  CheckText(v, "activity.title", asked.title(), 1, 500);
  v.Check(
      v1::Activity::Kind_IsValid(asked.kind()) && asked.kind() != v1::Activity::KIND_UNSPECIFIED,
      "activity.kind", "ENUM", "must be one of the kinds",
      "phải là một loại hoạt động đã quy định");
  CheckName(v, "activity.plan_line", asked.plan_line(), PlanLineNames(), request.parent());
  CheckNumber(v, "activity.budget_year", asked.budget_year(), time::kFirstBudgetYear,
              time::kLastBudgetYear);
  CheckCode(v, "activity.funding_source", asked.funding_source());
  CheckText(v, "activity.lead_unit", asked.lead_unit(), 0, 300);
  CheckText(v, "activity.place", asked.place(), 0, 300);
  if (asked.has_first_day()) time::CheckDate(v, "activity.first_day", asked.first_day());
  CheckNumber(v, "activity.days", asked.days(), 0, 366);
  CheckNumber(v, "activity.planned_participants", asked.planned_participants(), 0, 1'000'000);
  return v.ToStatus();
}

absl::Status Check(const v1::EstimateActivityRequest& request) {
  status::Violations v;
  money::CheckAmount(v, "estimate_vnd", request.estimate_vnd(), 1);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::StatusOr<ActivityChange> PlanActivity(const v1::Activity& asked, const PlanFacts& plan) {
  RETURN_IF_ERROR(RequireIssuedPlan(asked.plan_line(), asked.budget_year(), plan));
  v1::Activity next;
  next.set_name(asked.name());
  next.set_title(asked.title());
  next.set_kind(asked.kind());
  next.set_plan_line(asked.plan_line());
  next.set_budget_year(asked.budget_year());
  next.set_funding_source(asked.funding_source());
  next.set_lead_unit(asked.lead_unit());
  next.set_place(asked.place());
  if (asked.has_first_day()) *next.mutable_first_day() = asked.first_day();
  next.set_days(asked.days());
  next.set_planned_participants(asked.planned_participants());
  next.set_state(v1::Activity::STATE_PLANNED);
  next.set_demo(asked.demo());
  return ActivityChange{std::move(next), "created", std::nullopt};
}

absl::StatusOr<ActivityChange> Estimate(const v1::Activity& current,
                                        const v1::EstimateActivityRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "estimate",
                               {v1::Activity::STATE_PLANNED, v1::Activity::STATE_ESTIMATED}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  v1::Activity next = MovedTo(current, v1::Activity::STATE_ESTIMATED);
  next.set_estimate_vnd(request.estimate_vnd());
  Record(next, "estimated", request.acted_on());
  return ActivityChange{std::move(next), "estimated", std::nullopt};
}

}  // namespace nscl::casework::domain
