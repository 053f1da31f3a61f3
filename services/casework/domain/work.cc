#include "services/casework/domain/work.h"

#include <utility>

#include "common/money/money.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::StartSupportCaseRequest& request) {
  status::Violations v;
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::ReportProgressRequest& request) {
  status::Violations v;
  money::CheckAmount(v, "enterprise_spent_vnd", request.enterprise_spent_vnd(), 0);
  CheckDocuments(v, "evidence_numbers", request.evidence_numbers(), 1);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::SubmitResultsRequest& request) {
  status::Violations v;
  CheckDocuments(v, "document_numbers", request.document_numbers(), 1);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::AcceptResultsRequest& request) {
  const v1::Acceptance& acceptance = request.acceptance();
  status::Violations v;
  CheckText(v, "acceptance.document_number", acceptance.document_number(), 1, kMaxDocumentNumber);
  time::CheckDate(v, "acceptance.accepted_on", acceptance.accepted_on());
  CheckDocuments(v, "acceptance.evidence_numbers", acceptance.evidence_numbers(), 0);
  return v.ToStatus();
}

absl::StatusOr<CaseChange> Start(const Case& current, const v1::StartSupportCaseRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "start", {Case::STATE_CONTRACTED}));
  Case next = MovedTo(current, Case::STATE_IN_PROGRESS);
  Record(next, "started", request.acted_on());
  return CaseChange{std::move(next), "started", std::nullopt};
}

absl::StatusOr<CaseChange> ReportProgress(const Case& current,
                                          const v1::ReportProgressRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "reportProgress", {Case::STATE_IN_PROGRESS}));
  if (request.enterprise_spent_vnd() < current.enterprise_spent_vnd()) {
    return errors::SpendingDecreased(request.enterprise_spent_vnd(),
                                     current.enterprise_spent_vnd());
  }
  RETURN_IF_ERROR(RequireRoomForAct(current));
  Case next = MovedTo(current, Case::STATE_IN_PROGRESS);
  next.set_enterprise_spent_vnd(request.enterprise_spent_vnd());
  *Record(next, "progressReported", request.acted_on()).mutable_document_numbers() =
      request.evidence_numbers();
  return CaseChange{std::move(next), "progressReported", std::nullopt};
}

absl::StatusOr<CaseChange> SubmitResults(const Case& current,
                                         const v1::SubmitResultsRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "submitResults", {Case::STATE_IN_PROGRESS}));
  Case next = MovedTo(current, Case::STATE_DELIVERED);
  *Record(next, "delivered", request.acted_on()).mutable_document_numbers() =
      request.document_numbers();
  return CaseChange{std::move(next), "delivered", std::nullopt};
}

absl::StatusOr<CaseChange> AcceptResults(const Case& current,
                                         const v1::AcceptResultsRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "acceptResults", {Case::STATE_DELIVERED}));
  Case next = MovedTo(current, Case::STATE_ACCEPTED);
  *next.mutable_acceptance() = request.acceptance();
  Record(next, "accepted", request.acceptance().accepted_on())
      .add_document_numbers(request.acceptance().document_number());
  return CaseChange{std::move(next), "accepted", std::nullopt};
}

}  // namespace nscl::casework::domain
