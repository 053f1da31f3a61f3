// The survey and the decision on eligibility that rests on it.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/change.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::RecordSurveyRequest& request);
absl::Status Check(const v1::DecideEligibleRequest& request);
absl::Status Check(const v1::DecideIneligibleRequest& request);

// UNDER_SURVEY to SURVEYED. G4: baseline and needs (by Check).
absl::StatusOr<CaseChange> RecordSurvey(const v1::SupportCase& current,
                                        const v1::RecordSurveyRequest& request);
// SURVEYED to ELIGIBLE. G6: the size class is known; the scheme is for it.
absl::StatusOr<CaseChange> DecideEligible(const v1::SupportCase& current,
                                          const v1::DecideEligibleRequest& request,
                                          const SizeFacts& size);
// SURVEYED to REJECTED.
absl::StatusOr<CaseChange> DecideIneligible(const v1::SupportCase& current,
                                            const v1::DecideIneligibleRequest& request);

// `SIZE_UNKNOWN`, `SCHEME_NOT_FOR_SIZE`.
absl::Status CheckSize(const v1::SupportCase& current, const SizeFacts& size);

// The year whose size class counts: the one before the budget year (Nghị định 80/2021/NĐ-CP Điều
// 7-9).
int SizeYear(const v1::SupportCase& current);

}  // namespace nscl::casework::domain
