#include "services/casework/domain/approval.h"

#include <utility>

#include "common/status/status_macros.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/eligibility.h"
#include "services/casework/domain/fields.h"
#include "services/casework/domain/withdrawal.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::ApproveSupportCaseRequest& request) {
  return CheckApproval(request.decision(), request.etag());
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
  RETURN_IF_ERROR(CheckSize(current, size));
  RETURN_IF_ERROR(RequireRoomForAct(current));

  Case next = MovedTo(current, Case::STATE_APPROVAL_PENDING);
  *next.mutable_approval() = request.decision();
  next.set_approved_vnd(request.approved_vnd());
  next.set_frozen_size(size.size);
  next.set_frozen_size_rule(size.rule_version);
  Record(next, "approvalDecided", request.decision().decided_on())
      .add_document_numbers(request.decision().document_number());

  v1::Intent reserve = ReserveFor(current, request.approved_vnd(), request.decision());
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
