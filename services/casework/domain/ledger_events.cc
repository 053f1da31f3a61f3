#include "services/casework/domain/ledger_events.h"

#include <utility>

#include "services/casework/domain/answer.h"
#include "services/casework/domain/case_state.h"

namespace nscl::casework::domain {

using Case = v1::SupportCase;
using Activity = v1::Activity;

namespace {

template <typename M>
M WithPayment(M next, const PaymentFacts& payment) {
  next.set_paid_vnd(next.paid_vnd() + payment.amount_vnd);
  *next.mutable_last_paid_on() = payment.paid_on;  // budgeting takes payments in the order of days
  return next;
}

}  // namespace

CaseChange PaymentMade(const Case& current, const PaymentFacts& payment) {
  Case next = WithPayment(current, payment);
  if (current.state() != Case::STATE_ACCEPTED || !(payment.final || payment.last)) {
    return CaseChange{std::move(next), "paymentMade", std::nullopt};
  }
  return CaseChange{MovedTo(std::move(next), Case::STATE_PAID), "paid", std::nullopt};
}

ActivityChange PaymentMade(const Activity& current, const PaymentFacts& payment) {
  Activity next = WithPayment(current, payment);
  next.set_final_paid(current.final_paid() || payment.final || payment.last);
  return ActivityChange{std::move(next), "paymentMade", std::nullopt};
}

std::optional<CaseChange> PaidBeforeAcceptance(const Case& current) {
  if (current.state() != Case::STATE_ACCEPTED) return std::nullopt;
  // The commitment is the contract's state part.
  if (current.paid_vnd() < current.contract().state_part_vnd()) return std::nullopt;
  return CaseChange{MovedTo(current, Case::STATE_PAID), "paid", std::nullopt};
}

std::optional<CaseChange> HoldExpired(const Case& current, const std::string& reservation) {
  if (reservation.empty() || current.reservation() != reservation) return std::nullopt;
  switch (current.state()) {
    case Case::STATE_APPROVED:
      return CaseChange{
          WithoutApproval(current, Case::STATE_APPRAISED, ReservationExpired(reservation)),
          "reservationExpired", std::nullopt};
    case Case::STATE_CONTRACT_PENDING:
    case Case::STATE_WITHDRAWAL_PENDING: {
      Case next = current;
      next.clear_reservation();
      return CaseChange{std::move(next), "reservationExpired", std::nullopt};
    }
    default:
      return std::nullopt;
  }
}

std::optional<ActivityChange> HoldExpired(const Activity& current, const std::string& reservation) {
  if (reservation.empty() || current.reservation() != reservation) return std::nullopt;
  if (current.state() != Activity::STATE_APPROVAL_PENDING) return std::nullopt;
  Activity next = current;
  next.clear_reservation();
  return ActivityChange{std::move(next), "reservationExpired", std::nullopt};
}

}  // namespace nscl::casework::domain
