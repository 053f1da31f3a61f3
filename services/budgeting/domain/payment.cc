#include "services/budgeting/domain/payment.h"

#include <algorithm>
#include <utility>

#include "common/status/status_macros.h"
#include "common/text/enum_name.h"
#include "common/time/act_order.h"
#include "services/budgeting/domain/dates.h"
#include "services/budgeting/errors.h"

namespace nscl::budgeting::domain {
namespace {

using nscl::casework::v1::Activity;
using nscl::casework::v1::SupportCase;

absl::Status CheckContract(const v1::Commitment& commitment, const PaymentFacts& facts) {
  if (commitment.state() != v1::Commitment::STATE_OPEN)
    return errors::CommitmentState(commitment, "pay");
  if (facts.suspended)
    return errors::CaseSuspended(commitment.owner(), facts.state, facts.state_vi);
  if (!facts.contract_active)
    return errors::ContractNotActive(commitment.owner(), facts.state, facts.state_vi);
  return absl::OkStatus();
}

// An advance is for work to come, and a final payment is the last.
absl::Status CheckOrderOfKinds(const v1::Commitment& commitment, const v1::Payment& payment,
                               const PaymentFacts& facts, const PaidBefore& before) {
  if (before.final) return errors::PaymentAfterFinal(commitment, payment.kind());
  // By the days of the acts: an advance of before may be entered later.
  const bool after_acceptance = facts.accepted && (!facts.accepted_on.has_value() ||
                                                   DayOf(payment.acted_on()) > *facts.accepted_on);
  if (payment.kind() == v1::Payment::KIND_ADVANCE && after_acceptance) {
    return errors::AdvanceAfterAcceptance(commitment);
  }
  return absl::OkStatus();
}

// PAY-P5. The contract's own limit holds for every scheme; a general ceiling only where a rule says
// so.
absl::Status CheckAdvance(const v1::Commitment& commitment, const v1::Payment& payment,
                          const PaymentFacts& facts, int64_t advanced_vnd,
                          const PaymentRules& rules) {
  if (payment.kind() != v1::Payment::KIND_ADVANCE || !facts.advance_limit_vnd.has_value())
    return absl::OkStatus();
  int64_t ceiling = *facts.advance_limit_vnd;
  absl::string_view legal_basis = "the contract";
  for (const AdvanceRule& rule : rules.advances) {
    if (rule.scheme != facts.scheme || !rule.valid.Holds(DayOf(payment.acted_on()))) continue;
    const __int128 contract =
        static_cast<__int128>(facts.state_part_vnd) + facts.enterprise_part_vnd;
    if (contract <= rule.contract_above_vnd) continue;
    const int64_t general = static_cast<int64_t>(static_cast<__int128>(facts.state_part_vnd) *
                                                 rule.max_advance_thousandths / 1000);
    if (general < ceiling) {
      ceiling = general;
      legal_basis = rule.legal_basis;
    }
  }
  // Both are at most 2^53: no overflow.
  if (advanced_vnd + payment.amount_vnd() <= ceiling) return absl::OkStatus();
  return errors::AdvanceCeiling(commitment, ceiling, advanced_vnd, payment.amount_vnd(),
                                legal_basis);
}

// PAY-P6: (paid + amount) / state part <= spent / enterprise part + tolerance, in whole numbers.
absl::Status CheckRatio(const v1::Commitment& commitment, const v1::Payment& payment,
                        const PaymentFacts& facts, const PaymentRules& rules) {
  if (facts.enterprise_part_vnd == 0 || facts.state_part_vnd == 0) return absl::OkStatus();
  for (const RatioRule& rule : rules.ratios) {
    if (!rule.valid.Holds(DayOf(payment.acted_on()))) continue;
    if (std::find(rule.kinds.begin(), rule.kinds.end(), payment.kind()) == rule.kinds.end())
      continue;
    const __int128 paid = static_cast<__int128>(commitment.paid_vnd()) + payment.amount_vnd();
    // Times 1000: (paid * 1000 - tolerance * state) * enterprise <= spent * 1000 * state. The left
    // part stays below 2^64 * 2^53: within 128 bits.
    const __int128 ahead =
        paid * 1000 - static_cast<__int128>(rule.tolerance_thousandths) * facts.state_part_vnd;
    const __int128 due = ahead * facts.enterprise_part_vnd;
    const __int128 per_dong = static_cast<__int128>(1000) * facts.state_part_vnd;
    if (due <= facts.enterprise_spent_vnd * per_dong) continue;
    const int64_t needed = static_cast<int64_t>((due + per_dong - 1) / per_dong);
    return errors::CounterpartBehind(commitment, facts.enterprise_spent_vnd, needed,
                                     rule.legal_basis);
  }
  return absl::OkStatus();
}

// PAY-P7. The day of the act decides, not the clock: 2024 can be entered in 2026.
absl::Status CheckYear(const v1::Commitment& commitment, const v1::Payment& payment,
                       const PaymentRules& rules) {
  const int year = commitment.account().budget_year();
  const absl::CivilDay day = DayOf(payment.acted_on());
  for (const YearRule& rule : rules.years) {
    if (!rule.valid.Holds(absl::CivilDay(year, 12, 31))) continue;
    const absl::CivilDay adjustment_end(year + 1, rule.adjustment_end_month,
                                        rule.adjustment_end_day);
    const bool in_year = day.year() == year;
    const bool in_adjustment = day.year() > year && day <= adjustment_end;
    if (in_year || (in_adjustment && payment.kind() == v1::Payment::KIND_FINAL)) continue;
    return errors::YearClosed(commitment.account(), payment.acted_on(), payment.kind(),
                              rule.legal_basis);
  }
  return absl::OkStatus();
}

}  // namespace

PaymentFacts FactsOf(const SupportCase& support_case) {
  PaymentFacts facts;
  facts.state = text::ShortName(support_case.state());
  facts.state_vi = text::VietnameseName(support_case.state());
  switch (support_case.state()) {
    case SupportCase::STATE_WITHDRAWAL_PENDING:
      facts.suspended = true;
      break;
    case SupportCase::STATE_ACCEPTED:
    case SupportCase::STATE_PAID:
      facts.accepted = true;
      facts.contract_active = true;
      break;
    case SupportCase::STATE_CONTRACTED:
    case SupportCase::STATE_IN_PROGRESS:
    case SupportCase::STATE_DELIVERED:
      facts.contract_active = true;
      break;
    default:
      break;
  }
  // Support under the programme is built as an S&T task (Thông tư 35/2021/TT-BTC Điều 9.2) where
  // the case, being of an older casework, does not say.
  facts.scheme = support_case.scheme() == SupportCase::SCHEME_UNSPECIFIED
                     ? "ST_TASK"
                     : text::ShortName(support_case.scheme());
  if (support_case.has_acceptance())
    facts.accepted_on = DayOf(support_case.acceptance().accepted_on());
  facts.advance_limit_vnd = support_case.contract().advance_limit_vnd();
  facts.state_part_vnd = support_case.contract().state_part_vnd();
  facts.enterprise_part_vnd = support_case.contract().enterprise_part_vnd();
  facts.enterprise_spent_vnd = support_case.enterprise_spent_vnd();
  return facts;
}

PaymentFacts FactsOf(const Activity& activity) {
  PaymentFacts facts;
  facts.state = text::ShortName(activity.state());
  facts.state_vi = text::VietnameseName(activity.state());
  switch (activity.state()) {
    case Activity::STATE_CANCELLATION_PENDING:
      facts.suspended = true;
      break;
    case Activity::STATE_HELD:
      facts.accepted = true;
      facts.contract_active = true;
      break;
    case Activity::STATE_APPROVED:
    case Activity::STATE_OPEN:
      facts.contract_active = true;
      break;
    default:
      break;
  }
  facts.scheme = "ACTIVITY";
  for (const nscl::casework::v1::Act& act : activity.acts()) {
    if (act.act() == "held") facts.accepted_on = DayOf(act.acted_on());
  }
  facts.state_part_vnd = activity.estimate_vnd();
  return facts;
}

absl::StatusOr<Paid> Pay(v1::Commitment commitment, v1::Payment payment, const PaymentFacts& facts,
                         const PaidBefore& before, const PaymentRules& rules) {
  RETURN_IF_ERROR(CheckContract(commitment, facts));
  RETURN_IF_ERROR(CheckOrderOfKinds(commitment, payment, facts, before));
  if (payment.amount_vnd() > UnpaidVnd(commitment)) {
    return errors::ExceedsCommitted(commitment, payment.amount_vnd());
  }
  RETURN_IF_ERROR(CheckAdvance(commitment, payment, facts, before.advanced_vnd, rules));
  RETURN_IF_ERROR(CheckRatio(commitment, payment, facts, rules));
  RETURN_IF_ERROR(CheckYear(commitment, payment, rules));
  if (payment.kind() == v1::Payment::KIND_FINAL && !facts.accepted) {
    return errors::AcceptanceMissing(commitment.owner(), facts.state, facts.state_vi);
  }
  const time::DatedAct act = ActOn(v1::LedgerEntry::KIND_PAY, payment.acted_on());
  RETURN_IF_ERROR(CheckAfterLastAct(commitment, act));
  if (payment.kind() == v1::Payment::KIND_FINAL && facts.accepted_on.has_value()) {
    RETURN_IF_ERROR(time::CheckOrder({"accepted", "nghiệm thu", *facts.accepted_on}, act));
  }

  commitment.set_paid_vnd(commitment.paid_vnd() + payment.amount_vnd());
  *commitment.mutable_last_paid_on() = payment.acted_on();
  if (UnpaidVnd(commitment) == 0) commitment.set_state(v1::Commitment::STATE_CLOSED);
  *payment.mutable_account() = commitment.account();
  payment.set_owner(commitment.owner());
  payment.set_last(commitment.state() == v1::Commitment::STATE_CLOSED);
  const Posting posting{v1::LedgerEntry::KIND_PAY, v1::LedgerEntry::COLUMN_COMMITTED,
                        v1::LedgerEntry::COLUMN_PAID, payment.amount_vnd()};
  return Paid{std::move(payment), std::move(commitment), posting};
}

}  // namespace nscl::budgeting::domain
