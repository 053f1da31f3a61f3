#include "services/casework/domain/council.h"

#include <utility>

#include "common/status/status_macros.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::SelectByCouncilRequest& request) {
  status::Violations v;
  CheckMinutes(v, "minutes", request.minutes());
  return v.ToStatus();
}

absl::Status Check(const v1::RejectByCouncilRequest& request) {
  status::Violations v;
  CheckMinutes(v, "minutes", request.minutes());
  CheckText(v, "reason", request.reason(), 1, kMaxReason);
  return v.ToStatus();
}

absl::StatusOr<CaseChange> SelectByCouncil(const Case& current,
                                           const v1::SelectByCouncilRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "selectByCouncil", {Case::STATE_APPRAISED}));
  const v1::Minutes& minutes = request.minutes();
  // Only what cannot be otherwise: which quorum and which share of the votes suffice is for the
  // province's rules to say, and their text is not at hand (TT 15/2022).
  if (minutes.votes_for() < 1 || minutes.votes_for() > minutes.members_present() ||
      minutes.members_present() > minutes.members()) {
    return errors::CouncilVote(minutes.members(), minutes.members_present(), minutes.votes_for());
  }
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_SELECTED);
  *next.mutable_council() = minutes;
  Record(next, "selected", minutes.held_on()).add_document_numbers(minutes.document_number());
  return CaseChange{std::move(next), "selected", std::nullopt};
}

absl::StatusOr<CaseChange> RejectByCouncil(const Case& current,
                                           const v1::RejectByCouncilRequest& request) {
  RETURN_IF_ERROR(
      RequireState(current, "rejectByCouncil", {Case::STATE_APPRAISED, Case::STATE_SELECTED}));
  Case next = MovedTo(current, Case::STATE_REJECTED);
  *next.mutable_council() = request.minutes();
  next.set_closing_reason(request.reason());
  v1::Act& act = Record(next, "rejected", request.minutes().held_on());
  act.add_document_numbers(request.minutes().document_number());
  act.set_reason(request.reason());
  return CaseChange{std::move(next), "rejected", std::nullopt};
}

}  // namespace nscl::casework::domain
