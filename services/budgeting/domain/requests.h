// What a request must be before it is worth the writer's time: every bad field at once,
// INVALID_ARGUMENT. Names of what a method acts on and provinces were checked at the door.
#pragma once

#include "absl/status/status.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/budgeting/v1/payment_service.pb.h"
#include "nscl/budgeting/v1/plan_service.pb.h"

namespace nscl::budgeting::domain {

// Reasons: `FIELD_REQUIRED`, `TEXT_LENGTH`, `LIST_LENGTH`, `ENUM_VALUE`, `AMOUNT_RANGE`, `DATE`,
// `DATE_ORDER`, `RESOURCE_NAME`, `RESOURCE_ID`, `OTHER_PROVINCE` (a name of another province than
// the parent's).
absl::Status CheckRequest(const v1::ImportPlanRequest& request);
absl::Status CheckRequest(const v1::AcceptFindingRequest& request);
absl::Status CheckRequest(const v1::SubmitPlanRequest& request);
absl::Status CheckRequest(const v1::AppraisePlanRequest& request);
absl::Status CheckRequest(const v1::IssuePlanRequest& request);
absl::Status CheckRequest(const v1::BatchCreateAllocationsRequest& request);
absl::Status CheckRequest(const v1::CreateReservationRequest& request);
absl::Status CheckRequest(const v1::CommitReservationRequest& request);
absl::Status CheckRequest(const v1::ReleaseReservationRequest& request);
absl::Status CheckRequest(const v1::ExpireReservationsRequest& request);
absl::Status CheckRequest(const v1::ReleaseCommitmentRequest& request);
absl::Status CheckRequest(const v1::CreatePaymentRequest& request);

}  // namespace nscl::budgeting::domain
