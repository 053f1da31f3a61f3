#include "services/casework/domain/withdrawal.h"

#include <utility>

#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::WithdrawSupportCaseRequest& request) {
  status::Violations v;
  CheckText(v, "reason", request.reason(), 1, kMaxReason);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

CaseChange Withdrawn(const Case& current) {
  Case next = MovedTo(current, Case::STATE_WITHDRAWN);
  next.clear_reservation();
  return CaseChange{std::move(next), "withdrawn", std::nullopt};
}

v1::Intent ReleaseOf(const Case& current, const google::type::Date& acted_on,
                     Case::State return_state) {
  v1::Intent release;
  release.set_step(v1::Intent::STEP_RELEASE_RESERVATION);
  release.set_return_state(return_state);
  release.set_subject(current.reservation());
  release.set_reason("withdrawn");
  *release.mutable_acted_on() = acted_on;
  return release;
}

absl::StatusOr<CaseChange> Withdraw(const Case& current,
                                    const v1::WithdrawSupportCaseRequest& request) {
  RETURN_IF_ERROR(RequireState(
      current, "withdraw",
      {Case::STATE_NEED_REGISTERED, Case::STATE_SUBMITTED, Case::STATE_INCOMPLETE,
       Case::STATE_UNDER_SURVEY, Case::STATE_SURVEYED, Case::STATE_ELIGIBLE,
       Case::STATE_OUTLINE_SUBMITTED, Case::STATE_REVISION_REQUESTED, Case::STATE_APPRAISED,
       Case::STATE_SELECTED, Case::STATE_APPROVAL_PENDING, Case::STATE_APPROVED}));
  Case next = current;
  next.set_closing_reason(request.reason());
  Record(next, "withdrawn", request.acted_on()).set_reason(request.reason());
  if (current.state() == Case::STATE_APPROVAL_PENDING) {
    return CaseChange{MovedTo(std::move(next), Case::STATE_WITHDRAWAL_PENDING), "withdrawalAsked",
                      std::nullopt};
  }
  if (current.state() == Case::STATE_APPROVED) {
    v1::Intent release = ReleaseOf(current, request.acted_on(), current.state());
    return CaseChange{MovedTo(std::move(next), Case::STATE_WITHDRAWAL_PENDING), "withdrawalAsked",
                      std::move(release)};
  }
  return Withdrawn(next);
}

absl::StatusOr<CaseChange> ReleaseAnswered(const Case& current, const v1::Intent& intent,
                                           const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "release", {Case::STATE_WITHDRAWAL_PENDING}));
  if (answer.granted() || answer.NothingLeft()) return Withdrawn(current);
  Case next = MovedTo(current, static_cast<Case::State>(intent.return_state()));
  next.clear_closing_reason();
  *next.mutable_last_refusal() = *answer.refusal;
  return CaseChange{std::move(next), "withdrawalRefused", std::nullopt};
}

}  // namespace nscl::casework::domain
