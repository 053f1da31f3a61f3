// The work under a contract: start, progress, results and their acceptance.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::StartSupportCaseRequest& request);
absl::Status Check(const v1::ReportProgressRequest& request);
absl::Status Check(const v1::SubmitResultsRequest& request);
absl::Status Check(const v1::AcceptResultsRequest& request);

// CONTRACTED to IN_PROGRESS.
absl::StatusOr<CaseChange> Start(const v1::SupportCase& current,
                                 const v1::StartSupportCaseRequest& request);
// IN_PROGRESS stays: all spending of the enterprise so far, which never goes down. Budgeting's
// ratio guard (PAY-P6) rests on it.
absl::StatusOr<CaseChange> ReportProgress(const v1::SupportCase& current,
                                          const v1::ReportProgressRequest& request);
// IN_PROGRESS to DELIVERED.
absl::StatusOr<CaseChange> SubmitResults(const v1::SupportCase& current,
                                         const v1::SubmitResultsRequest& request);
// DELIVERED to ACCEPTED: the case counts from here (SC-06).
absl::StatusOr<CaseChange> AcceptResults(const v1::SupportCase& current,
                                         const v1::AcceptResultsRequest& request);

}  // namespace nscl::casework::domain
