#include "services/casework/domain/settlement.h"

#include <utility>

#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::LiquidateSupportCaseRequest& request) {
  status::Violations v;
  CheckText(v, "document_number", request.document_number(), 1, kMaxDocumentNumber);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status Check(const v1::SettleSupportCaseRequest& request) {
  status::Violations v;
  CheckText(v, "document_number", request.document_number(), 1, kMaxDocumentNumber);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::StatusOr<CaseChange> Liquidate(const Case& current,
                                     const v1::LiquidateSupportCaseRequest& request) {
  // Accepted with nothing more to be paid: what is unpaid is waived and given back.
  RETURN_IF_ERROR(RequireState(current, "liquidate", {Case::STATE_ACCEPTED, Case::STATE_PAID}));
  RETURN_IF_ERROR(RequireRoomForAct(current));
  const bool nothing_left = current.paid_vnd() >= current.contract().state_part_vnd();
  Case next =
      MovedTo(current, nothing_left ? Case::STATE_LIQUIDATED : Case::STATE_LIQUIDATION_PENDING);
  Record(next, "liquidated", request.acted_on()).add_document_numbers(request.document_number());
  if (nothing_left) return CaseChange{std::move(next), "liquidated", std::nullopt};
  return CaseChange{std::move(next), "liquidationAsked",
                    ReleaseOfRest(current, request.acted_on(), "liquidated")};
}

absl::StatusOr<CaseChange> RestReleased(const Case& current, const v1::Intent& intent,
                                        const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "release", {Case::STATE_LIQUIDATION_PENDING}));
  if (answer.granted() || answer.NothingLeft()) {
    return CaseChange{MovedTo(current, Case::STATE_LIQUIDATED), "liquidated", std::nullopt};
  }
  Case next = MovedTo(current, static_cast<Case::State>(intent.return_state()));
  UndoAct(next, "liquidated");
  *next.mutable_last_refusal() = *answer.refusal;
  return CaseChange{std::move(next), "liquidationRefused", std::nullopt};
}

absl::StatusOr<CaseChange> Settle(const Case& current,
                                  const v1::SettleSupportCaseRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "settle", {Case::STATE_LIQUIDATED}));
  Case next = MovedTo(current, Case::STATE_CLOSED);
  next.set_settlement_number(request.document_number());
  Record(next, "settled", request.acted_on()).add_document_numbers(request.document_number());
  return CaseChange{std::move(next), "settled", std::nullopt};
}

}  // namespace nscl::casework::domain
