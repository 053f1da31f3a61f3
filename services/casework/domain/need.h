// Registering a need: the first record of a case.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/change.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework::domain {

// The process that new cases are pinned to.
inline constexpr char kCaseProcess[] = "support-case:1";

absl::Status Check(const v1::CreateSupportCaseRequest& request);

// G1: the enterprise is registered and operates. Only what a caller may set is taken over.
absl::StatusOr<CaseChange> RegisterNeed(const v1::SupportCase& asked,
                                        const EnterpriseFacts& enterprise, const PlanFacts& plan);

// The enterprise part of the gate, which the application passes again.
absl::Status RequireActive(absl::string_view name, const EnterpriseFacts& enterprise);
// The plan part, which activities pass too.
absl::Status RequireIssuedPlan(absl::string_view plan_line, int budget_year, const PlanFacts& plan);

}  // namespace nscl::casework::domain
