#include "services/casework/domain/answers.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "services/casework/domain/activity_approval.h"
#include "services/casework/domain/activity_ending.h"
#include "services/casework/domain/approval.h"
#include "services/casework/domain/contract.h"
#include "services/casework/domain/settlement.h"
#include "services/casework/domain/withdrawal.h"

namespace nscl::casework::domain {
namespace {

absl::Status NoSuchStep(const v1::Intent& intent) {
  return absl::InternalError(
      absl::StrCat(intent.owner(), " has no answer to ", v1::Intent::Step_Name(intent.step())));
}

}  // namespace

absl::StatusOr<CaseChange> Answered(const v1::SupportCase& current, const v1::Intent& intent,
                                    const Answer& answer) {
  switch (intent.step()) {
    case v1::Intent::STEP_RESERVE:
      return HoldAnswered(current, intent, answer);
    case v1::Intent::STEP_COMMIT:
      return CommitmentAnswered(current, intent, answer);
    case v1::Intent::STEP_RELEASE_RESERVATION:
      return ReleaseAnswered(current, intent, answer);
    case v1::Intent::STEP_RELEASE_COMMITMENT:
      return RestReleased(current, intent, answer);
    default:
      return NoSuchStep(intent);
  }
}

absl::StatusOr<ActivityChange> Answered(const v1::Activity& current, const v1::Intent& intent,
                                        const Answer& answer) {
  switch (intent.step()) {
    case v1::Intent::STEP_RESERVE:
      return HoldAnswered(current, intent, answer);
    case v1::Intent::STEP_COMMIT:
      return CommitmentAnswered(current, intent, answer);
    case v1::Intent::STEP_RELEASE_RESERVATION:
      return ReleaseAnswered(current, intent, answer);
    case v1::Intent::STEP_RELEASE_COMMITMENT:
      return RestReleased(current, intent, answer);
    default:
      return NoSuchStep(intent);
  }
}

}  // namespace nscl::casework::domain
