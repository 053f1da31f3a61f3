#include "services/casework/domain/contract.h"

#include <utility>

#include "common/money/money.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/domain/fields.h"
#include "services/casework/errors.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;

absl::Status Check(const v1::SignContractRequest& request) {
  const v1::Contract& contract = request.contract();
  status::Violations v;
  CheckText(v, "contract.contract_number", contract.contract_number(), 1, kMaxDocumentNumber);
  time::CheckDate(v, "contract.signed_on", contract.signed_on());
  money::CheckAmount(v, "contract.state_part_vnd", contract.state_part_vnd(), 1);
  money::CheckAmount(v, "contract.enterprise_part_vnd", contract.enterprise_part_vnd(), 0);
  CheckText(v, "contract.consultant", contract.consultant(), 0, 300);
  money::CheckAmount(v, "contract.advance_limit_vnd", contract.advance_limit_vnd(), 0);
  CheckEtag(v, request.etag());
  return v.ToStatus();
}

absl::StatusOr<CaseChange> SignContract(const Case& current,
                                        const v1::SignContractRequest& request) {
  RETURN_IF_ERROR(RequireState(current, "signContract", {Case::STATE_APPROVED}));
  const v1::Contract& contract = request.contract();
  if (contract.state_part_vnd() > current.approved_vnd()) {
    return errors::ContractParts(contract.state_part_vnd(), current.approved_vnd());
  }
  if (contract.advance_limit_vnd() > contract.state_part_vnd()) {
    return errors::AdvanceLimit(contract.advance_limit_vnd(), contract.state_part_vnd());
  }
  RETURN_IF_ERROR(RequireRoomForAct(current));

  Case next = MovedTo(current, Case::STATE_CONTRACT_PENDING);
  *next.mutable_contract() = contract;
  Record(next, "contractSigned", contract.signed_on())
      .add_document_numbers(contract.contract_number());

  v1::Intent commit;
  commit.set_step(v1::Intent::STEP_COMMIT);
  commit.set_return_state(current.state());
  commit.set_subject(current.reservation());
  commit.set_amount_vnd(contract.state_part_vnd());
  commit.set_document_number(contract.contract_number());
  *commit.mutable_acted_on() = contract.signed_on();
  return CaseChange{std::move(next), "contractSigned", std::move(commit)};
}

absl::StatusOr<CaseChange> CommitmentAnswered(const Case& current, const v1::Intent& intent,
                                              const Answer& answer) {
  RETURN_IF_ERROR(RequireState(current, "commit", {Case::STATE_CONTRACT_PENDING}));
  if (answer.granted()) {
    Case next = MovedTo(current, Case::STATE_CONTRACTED);
    next.set_commitment(answer.resource);
    return CaseChange{std::move(next), "contracted", std::nullopt};
  }
  Case next = MovedTo(current, static_cast<Case::State>(intent.return_state()));
  next.clear_contract();
  UndoAct(next, "contractSigned");
  *next.mutable_last_refusal() = *answer.refusal;
  // ReservationExpired took the hold away while the answer was on its way.
  if (next.reservation().empty())
    next = WithoutApproval(std::move(next), Case::STATE_APPRAISED, *answer.refusal);
  return CaseChange{std::move(next), "contractRefused", std::nullopt};
}

}  // namespace nscl::casework::domain
