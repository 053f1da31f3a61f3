// The approval of a case, and budgeting's answer to the hold that it asks for.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::ApproveSupportCaseRequest& request);

// SELECTED (or APPRAISED without a council) to APPROVAL_PENDING, and an intent to RESERVE. The
// authority may grant less than was asked, never more, and never nothing: that is a rejection.
absl::StatusOr<CaseChange> Approve(const v1::SupportCase& current,
                                   const v1::ApproveSupportCaseRequest& request,
                                   const SizeFacts& size);

// APPROVAL_PENDING to APPROVED, or back to where it was. WITHDRAWAL_PENDING where the enterprise
// withdrew in the meantime: what was held is released, where nothing was held the case is
// WITHDRAWN.
absl::StatusOr<CaseChange> HoldAnswered(const v1::SupportCase& current, const v1::Intent& intent,
                                        const Answer& answer);

}  // namespace nscl::casework::domain
