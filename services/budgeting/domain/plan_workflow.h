// The way of a plan from DRAFT to ISSUED (domain 3.4): one function per act.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/budgeting/v1/plan_service.pb.h"

namespace nscl::budgeting::domain {

// DRAFT: an open finding gets a note. Refused: NOT_FOUND `FINDING_NOT_FOUND`, FAILED_PRECONDITION
// `PLAN_STATE`, `FINDING_NOT_OPEN`. What is printed stays as it is.
absl::StatusOr<v1::Plan> AcceptFinding(v1::Plan plan, const v1::AcceptFindingRequest& request);

// DRAFT to SUBMITTED. Refused: `PLAN_STATE`, `OPEN_ERROR_FINDINGS`.
absl::StatusOr<v1::Plan> SubmitPlan(v1::Plan plan);

// SUBMITTED to APPRAISED. Refused: `PLAN_STATE`.
absl::StatusOr<v1::Plan> AppraisePlan(v1::Plan plan, const v1::AppraisePlanRequest& request);

// APPRAISED to ISSUED. Number and date that the paper lacks are taken from the request; what stays
// absent must be meant. Refused: `PLAN_STATE`, `DOCUMENT_NUMBER_BLANK`; INVALID_ARGUMENT
// `NUMBER_PRINTED` where a number or date is given although the paper prints its own;
// `DATE_ORDER` for a date after today.
absl::StatusOr<v1::Plan> IssuePlan(v1::Plan plan, const v1::IssuePlanRequest& request,
                                   absl::CivilDay today);

}  // namespace nscl::budgeting::domain
