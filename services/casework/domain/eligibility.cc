#include "services/casework/domain/eligibility.h"

#include <utility>

#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::RecordSurveyRequest& request) {
  status::Violations v;
  time::CheckDate(v, "survey.surveyed_on", request.survey().surveyed_on());
  CheckText(v, "survey.baseline", request.survey().baseline(), 1, kMaxLongText);
  CheckText(v, "survey.needs", request.survey().needs(), 1, kMaxLongText);
  return v.ToStatus();
}

absl::Status Check(const v1::DecideEligibleRequest& request) {
  status::Violations v;
  CheckDecision(v, "decision", request.decision());
  return v.ToStatus();
}

absl::Status Check(const v1::DecideIneligibleRequest& request) {
  status::Violations v;
  CheckDecision(v, "decision", request.decision());
  CheckText(v, "reason", request.reason(), 1, kMaxReason);
  return v.ToStatus();
}

absl::StatusOr<CaseChange> RecordSurvey(const Case& current,
                                        const v1::RecordSurveyRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "recordSurvey", {Case::STATE_UNDER_SURVEY}));
  Case next = MovedTo(current, Case::STATE_SURVEYED);
  *next.mutable_survey() = request.survey();
  Record(next, "surveyed", request.survey().surveyed_on());
  return CaseChange{std::move(next), "surveyed", std::nullopt};
}

absl::StatusOr<CaseChange> DecideEligible(const Case& current,
                                          const v1::DecideEligibleRequest& request,
                                          const SizeFacts& size) {
  RETURN_IF_ERROR(RequireState(current, "decideEligible", {Case::STATE_SURVEYED}));
  RETURN_IF_ERROR(CheckSize(current, size));
  Case next = MovedTo(current, Case::STATE_ELIGIBLE);
  Record(next, "foundEligible", request.decision().decided_on())
      .add_document_numbers(request.decision().document_number());
  return CaseChange{std::move(next), "foundEligible", std::nullopt};
}

absl::StatusOr<CaseChange> DecideIneligible(const Case& current,
                                            const v1::DecideIneligibleRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "decideIneligible", {Case::STATE_SURVEYED}));
  Case next = MovedTo(current, Case::STATE_REJECTED);
  next.set_closing_reason(request.reason());
  v1::Act& act = Record(next, "foundIneligible", request.decision().decided_on());
  act.add_document_numbers(request.decision().document_number());
  act.set_reason(request.reason());
  return CaseChange{std::move(next), "foundIneligible", std::nullopt};
}

absl::Status CheckSize(const Case& current, const SizeFacts& size) {
  if (!size.known) return errors::SizeUnknown(current.enterprise(), SizeYear(current));
  if (current.scheme() == Case::SCHEME_SME && size.size == "LARGE") {
    return errors::SchemeNotForSize(current, size.size);
  }
  return absl::OkStatus();
}

int SizeYear(const Case& current) { return current.budget_year() - 1; }

}  // namespace nscl::casework::domain
