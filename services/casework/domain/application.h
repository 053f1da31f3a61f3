// The application and its dossier: submit, return for what is missing, resubmit, accept as
// complete.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/change.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::SubmitSupportCaseRequest& request);
absl::Status Check(const v1::ReturnSupportCaseRequest& request);
absl::Status Check(const v1::ResubmitSupportCaseRequest& request);
absl::Status Check(const v1::AcceptDossierRequest& request);

// NEED_REGISTERED to SUBMITTED. G2: no other open case of the enterprise with the same content;
// `open_case` is its name, empty where there is none.
absl::StatusOr<CaseChange> Submit(const v1::SupportCase& current,
                                  const v1::SubmitSupportCaseRequest& request,
                                  const EnterpriseFacts& enterprise, const std::string& open_case);
// SUBMITTED to INCOMPLETE.
absl::StatusOr<CaseChange> Return(const v1::SupportCase& current,
                                  const v1::ReturnSupportCaseRequest& request);
// INCOMPLETE to SUBMITTED.
absl::StatusOr<CaseChange> Resubmit(const v1::SupportCase& current,
                                    const v1::ResubmitSupportCaseRequest& request);
// SUBMITTED to UNDER_SURVEY.
absl::StatusOr<CaseChange> AcceptDossier(const v1::SupportCase& current,
                                         const v1::AcceptDossierRequest& request);

}  // namespace nscl::casework::domain
