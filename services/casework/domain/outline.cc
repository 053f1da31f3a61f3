#include "services/casework/domain/outline.h"

#include <utility>

#include "common/money/money.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::SubmitOutlineRequest& request) {
  const v1::Outline& outline = request.outline();
  status::Violations v;
  CheckText(v, "outline.summary", outline.summary(), 1, kMaxLongText);
  money::CheckAmount(v, "outline.total_cost_vnd", outline.total_cost_vnd(), 1);
  money::CheckAmount(v, "outline.state_part_vnd", outline.state_part_vnd(), 1);
  money::CheckAmount(v, "outline.enterprise_part_vnd", outline.enterprise_part_vnd(), 0);
  money::CheckAmount(v, "outline.other_part_vnd", outline.other_part_vnd(), 0);
  time::CheckDate(v, "outline.estimated_on", outline.estimated_on());
  return v.ToStatus();
}

absl::Status Check(const v1::RequestRevisionRequest& request) {
  status::Violations v;
  CheckText(v, "reason", request.reason(), 1, kMaxReason);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::AppraiseEstimateRequest& request) {
  status::Violations v;
  CheckMinutes(v, "minutes", request.minutes());
  return v.ToStatus();
}

absl::StatusOr<CaseChange> SubmitOutline(const Case& current,
                                         const v1::SubmitOutlineRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "submitOutline",
                               {Case::STATE_ELIGIBLE, Case::STATE_REVISION_REQUESTED}));
  const v1::Outline& outline = request.outline();
  // Each part is at most 2^53-1 by Check, so three of them cannot overflow.
  const int64_t parts_vnd =
      outline.state_part_vnd() + outline.enterprise_part_vnd() + outline.other_part_vnd();
  if (parts_vnd != outline.total_cost_vnd()) {
    return errors::PartsDoNotAddUp(outline.total_cost_vnd(), parts_vnd);
  }
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_OUTLINE_SUBMITTED);
  next.clear_closing_reason();
  *next.mutable_outline() = outline;
  next.mutable_outline()->set_version(current.outline().version() + 1);
  Record(next, "outlineSubmitted", outline.estimated_on());
  return CaseChange{std::move(next), "outlineSubmitted", std::nullopt};
}

absl::StatusOr<CaseChange> RequestRevision(const Case& current,
                                           const v1::RequestRevisionRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "requestRevision",
                               {Case::STATE_OUTLINE_SUBMITTED, Case::STATE_APPRAISED}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_REVISION_REQUESTED);
  next.set_closing_reason(request.reason());
  next.clear_appraisal();  // it was of the estimate that is to be revised; the event feed keeps it
  Record(next, "revisionRequested", request.acted_on()).set_reason(request.reason());
  return CaseChange{std::move(next), "revisionRequested", std::nullopt};
}

absl::StatusOr<CaseChange> AppraiseEstimate(const Case& current,
                                            const v1::AppraiseEstimateRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "appraiseEstimate", {Case::STATE_OUTLINE_SUBMITTED}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_APPRAISED);
  *next.mutable_appraisal() = request.minutes();
  Record(next, "appraised", request.minutes().held_on())
      .add_document_numbers(request.minutes().document_number());
  return CaseChange{std::move(next), "appraised", std::nullopt};
}

}  // namespace nscl::casework::domain
