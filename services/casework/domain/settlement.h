// The end of a good case: liquidation of the contract, settlement.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::LiquidateSupportCaseRequest& request);
absl::Status Check(const v1::SettleSupportCaseRequest& request);

// PAID to LIQUIDATION_PENDING, and an intent to release the unpaid rest of the commitment; to
// LIQUIDATED at once where nothing is left.
absl::StatusOr<CaseChange> Liquidate(const v1::SupportCase& current,
                                     const v1::LiquidateSupportCaseRequest& request);
// LIQUIDATION_PENDING to LIQUIDATED, or back to PAID with budgeting's refusal.
absl::StatusOr<CaseChange> RestReleased(const v1::SupportCase& current, const v1::Intent& intent,
                                        const Answer& answer);
// LIQUIDATED to CLOSED.
absl::StatusOr<CaseChange> Settle(const v1::SupportCase& current,
                                  const v1::SettleSupportCaseRequest& request);

}  // namespace nscl::casework::domain
