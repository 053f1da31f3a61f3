#include "services/casework/domain/activity_ending.h"

#include <utility>

#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Activity = v1::Activity;

absl::Status Check(const v1::SettleActivityRequest& request) {
  status::Violations v;
  CheckText(v, "document_number", request.document_number(), 1, kMaxDocumentNumber);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::CancelActivityRequest& request) {
  status::Violations v;
  CheckText(v, "reason", request.reason(), 1, kMaxReason);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::StatusOr<ActivityChange> SettleActivity(const Activity& current,
                                              const v1::SettleActivityRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "settle", {Activity::STATE_HELD}));
  if (!current.final_paid()) return errors::NothingPaid(current.name(), current.paid_vnd());
  RETURN_IF_ERROR(RequireRoomForAct(current));
  const bool nothing_left = current.paid_vnd() >= current.estimate_vnd();
  Activity next =
      MovedTo(current, nothing_left ? Activity::STATE_SETTLED : Activity::STATE_SETTLEMENT_PENDING);
  Record(next, "settled", request.acted_on()).add_document_numbers(request.document_number());
  if (nothing_left) return ActivityChange{std::move(next), "settled", std::nullopt};
  return ActivityChange{std::move(next), "settlementAsked",
                        ReleaseOfRest(current, request.acted_on(), "settled")};
}

absl::StatusOr<ActivityChange> Cancel(const Activity& current,
                                      const v1::CancelActivityRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "cancel",
                               {Activity::STATE_PLANNED, Activity::STATE_ESTIMATED,
                                Activity::STATE_APPROVED, Activity::STATE_OPEN}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  const bool bound =
      current.state() == Activity::STATE_APPROVED || current.state() == Activity::STATE_OPEN;
  Activity next =
      MovedTo(current, bound ? Activity::STATE_CANCELLATION_PENDING : Activity::STATE_CANCELLED);
  next.set_closing_reason(request.reason());
  Record(next, "cancelled", request.acted_on()).set_reason(request.reason());
  if (!bound) return ActivityChange{std::move(next), "cancelled", std::nullopt};
  return ActivityChange{std::move(next), "cancellationAsked",
                        ReleaseOfRest(current, request.acted_on(), "cancelled")};
}

absl::StatusOr<ActivityChange> RestReleased(const Activity& current, const v1::Intent& intent,
                                            const Answer& answer) {
  RETURN_IF_ERROR(
      RequireState(current, "release",
                   {Activity::STATE_SETTLEMENT_PENDING, Activity::STATE_CANCELLATION_PENDING}));
  const bool settling = current.state() == Activity::STATE_SETTLEMENT_PENDING;
  if (answer.granted() || answer.NothingLeft()) {
    return settling
               ? ActivityChange{MovedTo(current, Activity::STATE_SETTLED), "settled", std::nullopt}
               : ActivityChange{MovedTo(current, Activity::STATE_CANCELLED), "cancelled",
                                std::nullopt};
  }
  Activity next = MovedTo(current, static_cast<Activity::State>(intent.return_state()));
  next.clear_closing_reason();
  UndoAct(next, settling ? "settled" : "cancelled");
  *next.mutable_last_refusal() = *answer.refusal;
  return ActivityChange{std::move(next), settling ? "settlementRefused" : "cancellationRefused",
                        std::nullopt};
}

}  // namespace nscl::casework::domain
