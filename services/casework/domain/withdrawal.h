// The withdrawal of a case, and budgeting's answer to the release that it asks for.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::WithdrawSupportCaseRequest& request);

// Any state before CONTRACT_PENDING to WITHDRAWN. Where money is held, to WITHDRAWAL_PENDING with
// an intent to release it. Where the hold is asked for and not answered, to WITHDRAWAL_PENDING
// without one: the answer decides (HoldAnswered).
absl::StatusOr<CaseChange> Withdraw(const v1::SupportCase& current,
                                    const v1::WithdrawSupportCaseRequest& request);

// WITHDRAWAL_PENDING to WITHDRAWN, or back to where it was.
absl::StatusOr<CaseChange> ReleaseAnswered(const v1::SupportCase& current, const v1::Intent& intent,
                                           const Answer& answer);

// The end of a withdrawal: nothing is held any more.
CaseChange Withdrawn(const v1::SupportCase& current);
// The intent to give a case's hold back.
v1::Intent ReleaseOf(const v1::SupportCase& current, const google::type::Date& acted_on,
                     v1::SupportCase::State return_state);

}  // namespace nscl::casework::domain
