// Outline and estimate: submit, request a revision, appraise.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::SubmitOutlineRequest& request);
absl::Status Check(const v1::RequestRevisionRequest& request);
absl::Status Check(const v1::AppraiseEstimateRequest& request);

// ELIGIBLE or REVISION_REQUESTED to OUTLINE_SUBMITTED. G10: the parts are the whole (INV-B4).
absl::StatusOr<CaseChange> SubmitOutline(const v1::SupportCase& current,
                                         const v1::SubmitOutlineRequest& request);
// OUTLINE_SUBMITTED or APPRAISED to REVISION_REQUESTED.
absl::StatusOr<CaseChange> RequestRevision(const v1::SupportCase& current,
                                           const v1::RequestRevisionRequest& request);
// OUTLINE_SUBMITTED to APPRAISED.
absl::StatusOr<CaseChange> AppraiseEstimate(const v1::SupportCase& current,
                                            const v1::AppraiseEstimateRequest& request);

}  // namespace nscl::casework::domain
