// The contract of a case, and budgeting's answer to the commitment that it asks for.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::SignContractRequest& request);

// APPROVED to CONTRACT_PENDING, and an intent to COMMIT. G14: no more than was approved; the rest
// of the hold goes back when the commitment is made.
absl::StatusOr<CaseChange> SignContract(const v1::SupportCase& current,
                                        const v1::SignContractRequest& request);

// CONTRACT_PENDING to CONTRACTED (G15), or back to APPROVED; to APPRAISED where the hold has
// expired in the meantime.
absl::StatusOr<CaseChange> CommitmentAnswered(const v1::SupportCase& current,
                                              const v1::Intent& intent, const Answer& answer);

}  // namespace nscl::casework::domain
