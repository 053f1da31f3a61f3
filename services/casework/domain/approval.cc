#include "services/casework/domain/approval.h"

#include <utility>

#include "common/status/status_macros.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/eligibility.h"
#include "services/casework/domain/fields.h"
#include "services/casework/domain/withdrawal.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;

CaseChange BackWithRefusal(const Case& current, const v1::Intent& intent,
                           const v1::Refusal& refusal) {
  Case next = MovedTo(current, static_cast<Case::State>(intent.return_state()));
  next.clear_approval();
  next.clear_approved_vnd();
  next.clear_frozen_size();
  next.clear_frozen_size_rule();
  *next.mutable_last_refusal() = refusal;
  return CaseChange{std::move(next), "approvalRefused", std::nullopt};
}

}  // namespace

absl::Status Check(const v1::ApproveSupportCaseRequest& request) {
  status::Violations v;
  CheckDecision(v, "decision", request.decision());
  CheckEtag(v, request.etag());
  return v.ToStatus();
}

absl::StatusOr<CaseChange> Approve(const Case& current,
                                   const v1::ApproveSupportCaseRequest& request,
                                   const SizeFacts& size) {
  const bool council_skipped =
      current.state() == Case::STATE_APPRAISED && request.without_council();
  if (!council_skipped) RETURN_IF_ERROR(RequireState(current, "approve", {Case::STATE_SELECTED}));
  const int64_t asked_vnd = current.outline().state_part_vnd();
  if (request.approved_vnd() <= 0 || request.approved_vnd() > asked_vnd) {
    return errors::ApprovedAmountOutOfRange(request.approved_vnd(), asked_vnd);
  }
  if (!size.known) return errors::SizeUnknown(current.enterprise(), SizeYear(current));
  RETURN_IF_ERROR(RequireRoomForAct(current));

  Case next = MovedTo(current, Case::STATE_APPROVAL_PENDING);
  *next.mutable_approval() = request.decision();
  next.set_approved_vnd(request.approved_vnd());
  next.set_frozen_size(size.size);
  next.set_frozen_size_rule(size.rule_version);
  Record(next, "approvalDecided", request.decision().decided_on())
      .add_document_numbers(request.decision().document_number());

  v1::Intent reserve;
  reserve.set_step(v1::Intent::STEP_RESERVE);
  reserve.set_return_state(current.state());
  reserve.set_plan_line(current.plan_line());
  reserve.set_budget_year(current.budget_year());
  reserve.set_funding_source(current.funding_source());
  reserve.set_amount_vnd(request.approved_vnd());
  *reserve.mutable_acted_on() = request.decision().decided_on();
  return CaseChange{std::move(next), "approvalDecided", std::move(reserve)};
}

absl::StatusOr<CaseChange> HoldAnswered(const Case& current, const v1::Intent& intent,
                                        const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "reserve",
                               {Case::STATE_APPROVAL_PENDING, Case::STATE_WITHDRAWAL_PENDING}));
  const bool withdrawn = current.state() == Case::STATE_WITHDRAWAL_PENDING;
  if (!answer.granted()) {
    return withdrawn ? Withdrawn(current) : BackWithRefusal(current, intent, *answer.refusal);
  }
  if (answer.resource == intent.expired_reservation()) {
    return withdrawn ? Withdrawn(current)
                     : BackWithRefusal(current, intent, ReservationExpired(answer.resource));
  }
  Case next = MovedTo(current, withdrawn ? Case::STATE_WITHDRAWAL_PENDING : Case::STATE_APPROVED);
  next.set_reservation(answer.resource);
  if (!withdrawn) return CaseChange{std::move(next), "approved", std::nullopt};
  v1::Intent release = ReleaseOf(next, intent.acted_on(), Case::STATE_APPROVED);
  return CaseChange{std::move(next), "reserved", std::move(release)};
}

}  // namespace nscl::casework::domain
