#include "services/casework/domain/application.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/domain/need.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::SubmitSupportCaseRequest& request) {
  status::Violations v;
  CheckDocuments(v, "document_numbers", request.document_numbers(), 1);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::ReturnSupportCaseRequest& request) {
  status::Violations v;
  CheckText(v, "reason", request.reason(), 1, kMaxReason);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::ResubmitSupportCaseRequest& request) {
  status::Violations v;
  CheckDocuments(v, "document_numbers", request.document_numbers(), 1);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::AcceptDossierRequest& request) {
  status::Violations v;
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::StatusOr<CaseChange> Submit(const Case& current, const v1::SubmitSupportCaseRequest& request,
                                  const EnterpriseFacts& enterprise, const std::string& open_case) {
  RETURN_IF_ERROR(RequireState(current, "submit", {Case::STATE_NEED_REGISTERED}));
  RETURN_IF_ERROR(RequireActive(current.enterprise(), enterprise));
  if (!open_case.empty()) {
    return errors::OpenCaseExists(
        current.enterprise(),
        absl::StrCat(current.content().family(), " ", current.content().catalogue_name()),
        open_case);
  }
  Case next = MovedTo(current, Case::STATE_SUBMITTED);
  *Record(next, "submitted", request.acted_on()).mutable_document_numbers() =
      request.document_numbers();
  return CaseChange{std::move(next), "submitted", std::nullopt};
}

absl::StatusOr<CaseChange> Return(const Case& current,
                                  const v1::ReturnSupportCaseRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "return", {Case::STATE_SUBMITTED}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_INCOMPLETE);
  next.set_closing_reason(request.reason());
  Record(next, "returned", request.acted_on()).set_reason(request.reason());
  return CaseChange{std::move(next), "returned", std::nullopt};
}

absl::StatusOr<CaseChange> Resubmit(const Case& current,
                                    const v1::ResubmitSupportCaseRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "resubmit", {Case::STATE_INCOMPLETE}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_SUBMITTED);
  next.clear_closing_reason();
  *Record(next, "resubmitted", request.acted_on()).mutable_document_numbers() =
      request.document_numbers();
  return CaseChange{std::move(next), "resubmitted", std::nullopt};
}

absl::StatusOr<CaseChange> AcceptDossier(const Case& current,
                                         const v1::AcceptDossierRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "acceptDossier", {Case::STATE_SUBMITTED}));
  Case next = MovedTo(current, Case::STATE_UNDER_SURVEY);
  Record(next, "dossierAccepted", request.acted_on());
  return CaseChange{std::move(next), "dossierAccepted", std::nullopt};
}

}  // namespace nscl::casework::domain
