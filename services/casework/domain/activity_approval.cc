#include "services/casework/domain/activity_approval.h"

#include <utility>

#include "common/status/status_macros.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"

namespace nscl::casework::domain {

using Activity = v1::Activity;

absl::Status Check(const v1::ApproveActivityRequest& request) {
  return CheckApproval(request.decision(), request.etag());
}

absl::StatusOr<ActivityChange> Approve(const Activity& current,
                                       const v1::ApproveActivityRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "approve", {Activity::STATE_ESTIMATED}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Activity next = MovedTo(current, Activity::STATE_APPROVAL_PENDING);
  *next.mutable_approval() = request.decision();
  Record(next, "approvalDecided", request.decision().decided_on())
      .add_document_numbers(request.decision().document_number());

  v1::Intent reserve = ReserveFor(current, current.estimate_vnd(), request.decision());
  return ActivityChange{std::move(next), "approvalDecided", std::move(reserve)};
}

absl::StatusOr<ActivityChange> HoldAnswered(const Activity& current, const v1::Intent& intent,
                                            const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "reserve", {Activity::STATE_APPROVAL_PENDING}));
  if (!answer.granted()) return BackWithRefusal(current, intent, *answer.refusal);
  if (answer.resource == intent.expired_reservation()) {
    return BackWithRefusal(current, intent, ReservationExpired(answer.resource));
  }
  Activity next = MovedTo(current, Activity::STATE_APPROVAL_PENDING);
  next.set_reservation(answer.resource);
  v1::Intent commit;
  commit.set_step(v1::Intent::STEP_COMMIT);
  commit.set_return_state(intent.return_state());
  commit.set_subject(answer.resource);
  commit.set_amount_vnd(current.estimate_vnd());
  commit.set_document_number(current.approval().document_number());
  *commit.mutable_acted_on() = intent.acted_on();
  return ActivityChange{std::move(next), "reserved", std::move(commit)};
}

absl::StatusOr<ActivityChange> CommitmentAnswered(const Activity& current, const v1::Intent& intent,
                                                  const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "commit", {Activity::STATE_APPROVAL_PENDING}));
  if (answer.granted()) {
    Activity next = MovedTo(current, Activity::STATE_APPROVED);
    next.set_commitment(answer.resource);
    return ActivityChange{std::move(next), "approved", std::nullopt};
  }
  // HoldExpired took the hold away while the answer was on its way.
  if (current.reservation().empty()) return BackWithRefusal(current, intent, *answer.refusal);
  Activity next = current;
  *next.mutable_last_refusal() = *answer.refusal;
  v1::Intent release;
  release.set_step(v1::Intent::STEP_RELEASE_RESERVATION);
  release.set_return_state(intent.return_state());
  release.set_subject(current.reservation());
  release.set_reason("commitment refused");
  *release.mutable_acted_on() = intent.acted_on();
  return ActivityChange{std::move(next), "commitmentRefused", std::move(release)};
}

absl::StatusOr<ActivityChange> ReleaseAnswered(const Activity& current, const v1::Intent& intent,
                                               const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "release", {Activity::STATE_APPROVAL_PENDING}));
  // Released, or there was nothing to release: either way nothing is held, and the reason that the
  // officer needs is the one for which the commitment was refused.
  return BackWithRefusal(current, intent, current.last_refusal());
}

}  // namespace nscl::casework::domain
