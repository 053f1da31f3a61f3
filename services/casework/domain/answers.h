// Which rule an answer of budgeting belongs to.
#pragma once

#include "absl/status/statusor.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::StatusOr<CaseChange> Answered(const v1::SupportCase& current, const v1::Intent& intent,
                                    const Answer& answer);
absl::StatusOr<ActivityChange> Answered(const v1::Activity& current, const v1::Intent& intent,
                                        const Answer& answer);

}  // namespace nscl::casework::domain
