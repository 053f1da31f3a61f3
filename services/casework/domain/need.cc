#include "services/casework/domain/need.h"

#include "common/status/status_macros.h"
#include "common/time/budget_year.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::CreateSupportCaseRequest& request) {
  const v1::SupportCase& asked = request.support_case();
  status::Violations v;
  CheckName(v, "support_case.enterprise", asked.enterprise(), EnterpriseNames(), request.parent());
  CheckCode(v, "support_case.content.family", asked.content().family());
  CheckText(v, "support_case.content.catalogue_name", asked.content().catalogue_name(), 1, 100);
  CheckText(v, "support_case.content.description", asked.content().description(), 0, 1000);
  CheckName(v, "support_case.plan_line", asked.plan_line(), PlanLineNames(), request.parent());
  CheckNumber(v, "support_case.budget_year", asked.budget_year(), time::kFirstBudgetYear,
              time::kLastBudgetYear);
  CheckCode(v, "support_case.funding_source", asked.funding_source());
  v.Check(v1::SupportCase::Scheme_IsValid(asked.scheme()), "support_case.scheme", "ENUM",
          "must be one of the schemes", "phải là một chế độ hỗ trợ đã quy định");
  time::CheckDate(v, "support_case.received_on", asked.received_on());
  return v.ToStatus();
}

absl::Status RequireActive(absl::string_view name, const EnterpriseFacts& enterprise) {
  if (!enterprise.known) return errors::EnterpriseUnknown(name);
  if (!enterprise.active) {
    return errors::EnterpriseNotActive(name, enterprise.operating_status,
                                       enterprise.operating_status_vi);
  }
  return absl::OkStatus();
}

absl::Status RequireIssuedPlan(absl::string_view plan_line, int budget_year,
                               const PlanFacts& plan) {
  if (!plan.line_known) return errors::PlanLineUnknown(plan_line);
  if (!plan.issued) return errors::PlanNotIssued(plan_line, plan.state, plan.state_vi);
  if (budget_year < plan.first_year || budget_year > plan.last_year) {
    return errors::YearNotOfPlan(plan_line, budget_year, plan.first_year, plan.last_year);
  }
  return absl::OkStatus();
}

absl::StatusOr<CaseChange> RegisterNeed(const v1::SupportCase& asked,
                                        const EnterpriseFacts& enterprise, const PlanFacts& plan) {
  RETURN_IF_ERROR(RequireActive(asked.enterprise(), enterprise));
  RETURN_IF_ERROR(RequireIssuedPlan(asked.plan_line(), asked.budget_year(), plan));
  v1::SupportCase next;
  next.set_name(asked.name());
  next.set_enterprise(asked.enterprise());
  *next.mutable_content() = asked.content();
  next.set_plan_line(asked.plan_line());
  next.set_budget_year(asked.budget_year());
  next.set_funding_source(asked.funding_source());
  *next.mutable_received_on() = asked.received_on();
  next.set_state(v1::SupportCase::STATE_NEED_REGISTERED);
  next.set_process_version(kCaseProcess);
  next.set_demo(asked.demo());
  next.set_scheme(asked.scheme() == v1::SupportCase::SCHEME_UNSPECIFIED
                      ? v1::SupportCase::SCHEME_ST_TASK
                      : asked.scheme());
  return CaseChange{std::move(next), "created", std::nullopt};
}

}  // namespace nscl::casework::domain
