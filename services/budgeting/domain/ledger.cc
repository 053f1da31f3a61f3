#include "services/budgeting/domain/ledger.h"

#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/status/status_macros.h"
#include "common/time/act_order.h"
#include "common/time/legal_date.h"
#include "services/budgeting/domain/dates.h"
#include "services/budgeting/errors.h"

namespace nscl::budgeting::domain {
namespace {

using Entry = v1::LedgerEntry;

// Adds `change` to the column of a balance; false where it would leave 0..2^63-1. The source stands
// outside the account and available is derived.
bool Change(v1::Balance& balance, Entry::Column column, int64_t change) {
  int64_t result;
  switch (column) {
    case Entry::COLUMN_SOURCE:
      if (__builtin_sub_overflow(balance.allocated_vnd(), change, &result) || result < 0)
        return false;
      balance.set_allocated_vnd(result);
      return true;
    case Entry::COLUMN_AVAILABLE:
      return true;
    case Entry::COLUMN_RESERVED:
      if (__builtin_add_overflow(balance.reserved_vnd(), change, &result) || result < 0)
        return false;
      balance.set_reserved_vnd(result);
      return true;
    case Entry::COLUMN_COMMITTED:
      if (__builtin_add_overflow(balance.committed_vnd(), change, &result) || result < 0)
        return false;
      balance.set_committed_vnd(result);
      return true;
    case Entry::COLUMN_PAID:
      if (__builtin_add_overflow(balance.paid_vnd(), change, &result) || result < 0) return false;
      balance.set_paid_vnd(result);
      return true;
    default:
      return false;
  }
}

// Source codes named by the rows under `top`.
void CollectSourcesBelow(const v1::Annex& annex, absl::string_view top,
                         std::vector<std::string>& sources) {
  for (const v1::AnnexRow& row : annex.rows()) {
    if (row.parent_row_id() != top) continue;
    sources.insert(sources.end(), row.funding_sources().begin(), row.funding_sources().end());
    CollectSourcesBelow(annex, row.row_id(), sources);
  }
}

// Source codes that the plan names for a line; empty where nothing names any.
std::vector<std::string> SourcesOfLine(const v1::Plan& plan, const v1::AnnexRow& line) {
  absl::flat_hash_map<std::string, const v1::AnnexRow*> rows;
  for (const v1::AnnexRow& row : plan.annex().rows()) rows[row.row_id()] = &row;
  const v1::AnnexRow* row = &line;
  while (row != nullptr) {
    if (!row->funding_sources().empty())
      return {row->funding_sources().begin(), row->funding_sources().end()};
    auto above = rows.find(row->parent_row_id());
    row = above == rows.end() ? nullptr : above->second;
  }
  std::vector<std::string> below;
  CollectSourcesBelow(plan.annex(), line.row_id(), below);
  return below;
}

v1::Commitment CommitmentOf(const v1::Reservation& reservation,
                            const v1::CommitReservationRequest& request) {
  v1::Commitment commitment;
  *commitment.mutable_account() = reservation.account();
  commitment.set_amount_vnd(request.amount_vnd());
  commitment.set_owner(reservation.owner());
  commitment.set_reservation(reservation.name());
  commitment.set_contract_number(request.contract_number());
  *commitment.mutable_acted_on() = request.acted_on();
  commitment.set_state(v1::Commitment::STATE_OPEN);
  return commitment;
}

}  // namespace

absl::StatusOr<v1::Balance> Post(v1::Balance balance, const Posting& posting) {
  if (posting.amount_vnd <= 0)
    return errors::LedgerInvariant(balance.account(), "amounts are positive");
  const v1::Account account = balance.account();
  if (!Change(balance, posting.from, -posting.amount_vnd) ||
      !Change(balance, posting.to, posting.amount_vnd)) {
    return errors::LedgerInvariant(account, "columns stay within 0 and int64");
  }
  const __int128 available = static_cast<__int128>(balance.allocated_vnd()) -
                             balance.reserved_vnd() - balance.committed_vnd() - balance.paid_vnd();
  if (available < 0) return errors::LedgerInvariant(account, "available is never negative");
  balance.set_available_vnd(static_cast<int64_t>(available));
  return balance;
}

const v1::AnnexRow* FindLine(const v1::Plan& plan, absl::string_view line_id) {
  for (const v1::AnnexRow& row : plan.annex().rows()) {
    if (row.level() == v1::AnnexRow::LEVEL_LINE && row.row_id() == line_id) return &row;
  }
  return nullptr;
}

int64_t PlannedVnd(const v1::Plan& plan, const v1::AnnexRow& line, int32_t budget_year) {
  absl::flat_hash_set<std::string> within = {line.row_id()};
  int64_t sum = 0;  // part of the plan's total, which was checked at import: no overflow
  for (const v1::AnnexRow& row : plan.annex().rows()) {
    if (row.row_id() != line.row_id() && !within.contains(row.parent_row_id())) continue;
    within.insert(row.row_id());
    if (row.part() != v1::AnnexRow::PART_COUNTING) continue;
    for (const v1::AnnexCell& cell : row.cells()) {
      if (cell.year() == budget_year) sum += cell.printed().amount_vnd();
    }
  }
  return sum;
}

bool LineTakesSource(const v1::Plan& plan, const v1::AnnexRow& line,
                     absl::string_view funding_source, const FundingSources& sources) {
  if (!IsAssignable(sources, funding_source)) return false;
  const std::vector<std::string> named = SourcesOfLine(plan, line);
  if (named.empty()) return true;
  for (const std::string& code : named) {
    if (code == funding_source) return true;
  }
  return false;
}

absl::StatusOr<Posting> Allocate(const v1::Allocation& allocation, int64_t planned_vnd,
                                 int64_t line_allocated_vnd) {
  int64_t sum;
  if (__builtin_add_overflow(line_allocated_vnd, allocation.amount_vnd(), &sum) ||
      sum > planned_vnd) {
    return errors::AbovePlan(allocation.account().plan_line(), allocation.account().budget_year(),
                             planned_vnd, line_allocated_vnd, allocation.amount_vnd());
  }
  return Posting{Entry::KIND_ALLOCATE, Entry::COLUMN_SOURCE, Entry::COLUMN_AVAILABLE,
                 allocation.amount_vnd()};
}

absl::StatusOr<Moved<v1::Reservation>> Reserve(const v1::Balance& balance,
                                               v1::Reservation reservation) {
  if (reservation.amount_vnd() > balance.available_vnd()) {
    return errors::InsufficientBudget(reservation.account(), balance.available_vnd(),
                                      reservation.amount_vnd());
  }
  if (!reservation.has_expire_on()) {
    *reservation.mutable_expire_on() =
        time::ToDate(absl::CivilDay(reservation.account().budget_year(), 12, 31));
  }
  RETURN_IF_ERROR(
      time::CheckOrder(ActOn(Entry::KIND_RESERVE, reservation.acted_on()),
                       {"expire_on", "hết hạn giữ dự toán", DayOf(reservation.expire_on())}));
  reservation.set_state(v1::Reservation::STATE_ACTIVE);
  reservation.clear_committed_vnd();
  const Posting hold{Entry::KIND_RESERVE, Entry::COLUMN_AVAILABLE, Entry::COLUMN_RESERVED,
                     reservation.amount_vnd()};
  return Moved<v1::Reservation>{std::move(reservation), {hold}};
}

absl::StatusOr<Committed> CommitReservation(v1::Reservation reservation,
                                            const v1::CommitReservationRequest& request) {
  if (reservation.state() != v1::Reservation::STATE_ACTIVE)
    return errors::ReservationState(reservation, "commit");
  if (DayOf(request.acted_on()) > DayOf(reservation.expire_on())) {
    return errors::ReservationExpired(reservation, request.acted_on());
  }
  RETURN_IF_ERROR(time::CheckOrder(ActOn(Entry::KIND_RESERVE, reservation.acted_on()),
                                   ActOn(Entry::KIND_COMMIT, request.acted_on())));
  if (request.amount_vnd() > reservation.amount_vnd()) {
    return errors::ExceedsReserved(reservation, request.amount_vnd());
  }
  std::vector<Posting> postings = {
      {Entry::KIND_COMMIT, Entry::COLUMN_RESERVED, Entry::COLUMN_COMMITTED, request.amount_vnd()}};
  if (const int64_t rest = reservation.amount_vnd() - request.amount_vnd(); rest > 0) {
    postings.push_back(
        {Entry::KIND_RELEASE, Entry::COLUMN_RESERVED, Entry::COLUMN_AVAILABLE, rest});
  }
  v1::Commitment commitment = CommitmentOf(reservation, request);
  reservation.set_state(v1::Reservation::STATE_COMMITTED);
  reservation.set_committed_vnd(request.amount_vnd());
  return Committed{std::move(reservation), std::move(commitment), std::move(postings)};
}

absl::StatusOr<Moved<v1::Reservation>> ReleaseReservation(v1::Reservation reservation,
                                                          const google::type::Date& acted_on) {
  if (reservation.state() != v1::Reservation::STATE_ACTIVE)
    return errors::ReservationState(reservation, "release");
  RETURN_IF_ERROR(time::CheckOrder(ActOn(Entry::KIND_RESERVE, reservation.acted_on()),
                                   ActOn(Entry::KIND_RELEASE, acted_on)));
  reservation.set_state(v1::Reservation::STATE_RELEASED);
  const Posting back{Entry::KIND_RELEASE, Entry::COLUMN_RESERVED, Entry::COLUMN_AVAILABLE,
                     reservation.amount_vnd()};
  return Moved<v1::Reservation>{std::move(reservation), {back}};
}

absl::StatusOr<Moved<v1::Reservation>> ExpireReservation(v1::Reservation reservation) {
  if (reservation.state() != v1::Reservation::STATE_ACTIVE)
    return errors::ReservationState(reservation, "expire");
  reservation.set_state(v1::Reservation::STATE_EXPIRED);
  const Posting back{Entry::KIND_EXPIRE, Entry::COLUMN_RESERVED, Entry::COLUMN_AVAILABLE,
                     reservation.amount_vnd()};
  return Moved<v1::Reservation>{std::move(reservation), {back}};
}

absl::StatusOr<Moved<v1::Commitment>> ReleaseCommitment(v1::Commitment commitment,
                                                        const google::type::Date& acted_on) {
  if (commitment.state() != v1::Commitment::STATE_OPEN)
    return errors::CommitmentState(commitment, "release");
  RETURN_IF_ERROR(CheckAfterLastAct(commitment, ActOn(Entry::KIND_RELEASE, acted_on)));
  const int64_t unpaid =
      UnpaidVnd(commitment);  // positive: paying the last đồng closes a commitment
  commitment.set_released_vnd(commitment.released_vnd() + unpaid);
  commitment.set_state(v1::Commitment::STATE_CLOSED);
  const Posting back{Entry::KIND_RELEASE, Entry::COLUMN_COMMITTED, Entry::COLUMN_AVAILABLE, unpaid};
  return Moved<v1::Commitment>{std::move(commitment), {back}};
}

absl::Status CheckAfterLastAct(const v1::Commitment& commitment, const time::DatedAct& act) {
  RETURN_IF_ERROR(time::CheckOrder(ActOn(Entry::KIND_COMMIT, commitment.acted_on()), act));
  if (!commitment.has_last_paid_on()) return absl::OkStatus();
  return time::CheckOrder(ActOn(Entry::KIND_PAY, commitment.last_paid_on()), act);
}

int64_t UnpaidVnd(const v1::Commitment& commitment) {
  return commitment.amount_vnd() - commitment.paid_vnd() - commitment.released_vnd();
}

}  // namespace nscl::budgeting::domain
