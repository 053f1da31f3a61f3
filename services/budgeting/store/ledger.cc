#include "services/budgeting/store/ledger.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/resource/id.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/budgeting/domain/dates.h"
#include "services/budgeting/domain/ledger.h"
#include "services/budgeting/errors.h"
#include "services/budgeting/store/keys.h"
#include "services/budgeting/store/plan_documents.h"

namespace nscl::budgeting::rows {
namespace {

// "provinces/48/plans/p" of "provinces/48/plans/p/lines/I-1".
absl::string_view PlanOfLine(absl::string_view plan_line) { return resource::ParentOf(plan_line); }

// The name wanted, or one with a new id.
std::string NameUnder(absl::string_view parent, absl::string_view collection,
                      const std::string& wanted_id, const store::Txn& txn) {
  return absl::StrCat(parent, "/", collection, "/",
                      wanted_id.empty() ? resource::NewId(txn.commit_time()) : wanted_id);
}

void IndexReservation(store::Txn& txn, const v1::Reservation* before,
                      const v1::Reservation* after) {
  if (before != nullptr && before->state() == v1::Reservation::STATE_ACTIVE)
    txn.EraseDerived(ExpiryKey(*before));
  if (after != nullptr && after->state() == v1::Reservation::STATE_ACTIVE)
    txn.PutDerived(ExpiryKey(*after), "");
}

void IndexPayment(store::Txn& txn, const v1::Payment* before, const v1::Payment* after) {
  if (before != nullptr) txn.EraseDerived(PaymentIndexKey(before->commitment(), before->name()));
  if (after != nullptr) txn.PutDerived(PaymentIndexKey(after->commitment(), after->name()), "");
}

// What the entries of one act have in common.
struct Act {
  std::string subject;  // allocation, reservation, commitment or payment
  std::string owner;    // case or activity; empty for allocations
  google::type::Date acted_on;
};

// Writes the entries and balances of one command. No act on the ledger is dated after today.
class Journal {
 public:
  explicit Journal(store::Txn& txn) : txn_(txn) {}

  absl::Status Post(const v1::Account& account, const std::vector<domain::Posting>& postings,
                    const Act& act) {
    RETURN_IF_ERROR(time::CheckNotAfterToday(domain::ActOn(postings.front().kind, act.acted_on),
                                             time::VietnamDay(txn_.commit_time())));
    ASSIGN_OR_RETURN(const std::string key,
                     store::internal::KeyOfName(balance_spec_, BalanceName(account)));
    ASSIGN_OR_RETURN(v1::Balance balance, BalanceAt(key, account));
    for (const domain::Posting& posting : postings) {
      ASSIGN_OR_RETURN(balance, domain::Post(std::move(balance), posting));
      RETURN_IF_ERROR(PutEntry(posting, balance, act));
    }
    txn_.Put(key, balance.SerializeAsString());
    return absl::OkStatus();
  }

 private:
  // The balance, zero where the account is new.
  absl::StatusOr<v1::Balance> BalanceAt(absl::string_view key, const v1::Account& account) const {
    ASSIGN_OR_RETURN(const std::optional<std::string> value, txn_.Get(key));
    if (value.has_value())
      return store::internal::ParseRow<v1::Balance>(*value, BalanceName(account));
    v1::Balance balance;
    balance.set_name(BalanceName(account));
    *balance.mutable_account() = account;
    return balance;
  }

  absl::Status PutEntry(const domain::Posting& posting, const v1::Balance& balance,
                        const Act& act) {
    v1::LedgerEntry entry;
    entry.set_name(absl::StrCat("provinces/", resource::ProvinceOf(balance.name()),
                                "/ledgerEntries/",
                                LedgerEntryId(txn_.next_revision(), ++entries_)));
    entry.set_kind(posting.kind);
    *entry.mutable_account() = balance.account();
    entry.set_from_column(posting.from);
    entry.set_to_column(posting.to);
    entry.set_amount_vnd(posting.amount_vnd);
    entry.set_subject(act.subject);
    entry.set_owner(act.owner);
    *entry.mutable_acted_on() = act.acted_on;
    *entry.mutable_balance() = balance;
    return table_.Insert(txn_, std::move(entry)).status();
  }

  store::Txn& txn_;
  const store::TableSpec balance_spec_ = BalanceSpec();
  const store::Table<v1::LedgerEntry> table_{LedgerEntrySpec()};
  int entries_ = 0;
};

// Plans read once for a batch, however many rows name them.
class Plans {
 public:
  Plans(const store::Reader& reader, const store::Table<v1::Plan>& table)
      : reader_(reader), table_(table) {}

  absl::StatusOr<const v1::Plan*> Get(absl::string_view name) {
    auto found = plans_.find(name);
    if (found == plans_.end()) {
      ASSIGN_OR_RETURN(v1::Plan plan, table_.Get(reader_, name));
      found = plans_.emplace(std::string(name), std::make_unique<v1::Plan>(std::move(plan))).first;
    }
    return found->second.get();
  }

 private:
  const store::Reader& reader_;
  const store::Table<v1::Plan>& table_;
  absl::flat_hash_map<std::string, std::unique_ptr<v1::Plan>> plans_;
};

// What all sources of a line and year were allocated together.
absl::StatusOr<int64_t> AllocatedToLine(const store::Reader& reader,
                                        const store::TableSpec& balances,
                                        const v1::Account& account) {
  ASSIGN_OR_RETURN(const std::string prefix,
                   store::internal::KeyPrefixOfParent(balances, account.plan_line()));
  int64_t sum = 0;
  absl::Status unreadable;
  RETURN_IF_ERROR(
      reader.Scan(store::KeyRange::Prefix(prefix), [&](absl::string_view, absl::string_view value) {
        absl::StatusOr<v1::Balance> balance =
            store::internal::ParseRow<v1::Balance>(value, account.plan_line());
        if (!balance.ok()) {
          unreadable = balance.status();
          return false;
        }
        // Never above the plan's figure: no overflow.
        if (balance->account().budget_year() == account.budget_year())
          sum += balance->allocated_vnd();
        return true;
      }));
  RETURN_IF_ERROR(unreadable);
  return sum;
}

// All bad rows of a batch at once, after every plan and line was found.
absl::Status CheckRows(const v1::BatchCreateAllocationsRequest& request, Plans& plans,
                       const domain::FundingSources& sources) {
  status::Violations violations;
  for (int i = 0; i < request.allocations_size(); ++i) {
    const v1::Account& account = request.allocations(i).account();
    ASSIGN_OR_RETURN(const v1::Plan* plan, plans.Get(PlanOfLine(account.plan_line())));
    const v1::AnnexRow* line = domain::FindLine(*plan, resource::LastIdOf(account.plan_line()));
    if (line == nullptr) return errors::PlanLineNotFound(account.plan_line());
    const std::string path = absl::StrCat("allocations[", i, "].account");
    violations.Check(
        account.budget_year() >= plan->first_year() && account.budget_year() <= plan->last_year(),
        absl::StrCat(path, ".budget_year"), "YEAR_NOT_OF_PLAN",
        absl::StrCat("the plan covers ", plan->first_year(), " to ", plan->last_year()),
        absl::StrCat("kế hoạch gồm các năm ", plan->first_year(), " đến ", plan->last_year()));
    violations.Check(
        domain::LineTakesSource(*plan, *line, account.funding_source(), sources),
        absl::StrCat(path, ".funding_source"), "FUNDING_SOURCE_NOT_OF_LINE",
        absl::StrCat("the plan does not let ", account.funding_source(), " bear line ",
                     line->row_id()),
        absl::StrCat("nguồn ", account.funding_source(), " không thuộc dòng ", line->row_id()));
  }
  return violations.ToStatus();
}

}  // namespace

store::Table<v1::Plan> PlanTable() { return store::Table<v1::Plan>(PlanSpec(), IndexDocument); }

Ledger::Ledger(domain::FundingSources sources, domain::PaymentRules rules)
    : plans_(PlanTable()),
      allocations_(AllocationSpec()),
      reservations_(ReservationSpec(), IndexReservation),
      commitments_(CommitmentSpec()),
      payments_(PaymentSpec(), IndexPayment),
      entries_(LedgerEntrySpec()),
      balances_(BalanceSpec()),
      sources_(std::move(sources)),
      rules_(std::move(rules)) {}

absl::StatusOr<v1::BatchCreateAllocationsResponse> Ledger::Allocate(
    store::Txn& txn, const v1::BatchCreateAllocationsRequest& request) const {
  Plans plans(txn, plans_);
  RETURN_IF_ERROR(CheckRows(request, plans, sources_));
  Journal journal(txn);
  v1::BatchCreateAllocationsResponse response;
  for (v1::Allocation allocation : request.allocations()) {
    const v1::Account account = allocation.account();
    ASSIGN_OR_RETURN(const v1::Plan* plan, plans.Get(PlanOfLine(account.plan_line())));
    if (plan->state() != v1::Plan::STATE_ISSUED)
      return errors::PlanState(*plan, "allocate", v1::Plan::STATE_ISSUED);
    const v1::AnnexRow& line = *domain::FindLine(*plan, resource::LastIdOf(account.plan_line()));
    ASSIGN_OR_RETURN(const int64_t allocated, AllocatedToLine(txn, balances_.spec(), account));
    ASSIGN_OR_RETURN(
        const domain::Posting posting,
        domain::Allocate(allocation, domain::PlannedVnd(*plan, line, account.budget_year()),
                         allocated));
    allocation.set_name(NameUnder(request.parent(), "allocations", "", txn));
    RETURN_IF_ERROR(
        journal.Post(account, {posting}, {allocation.name(), "", allocation.acted_on()}));
    ASSIGN_OR_RETURN(*response.add_allocations(), allocations_.Insert(txn, std::move(allocation)));
  }
  return response;
}

absl::StatusOr<v1::Reservation> Ledger::Reserve(store::Txn& txn,
                                                const v1::CreateReservationRequest& request) const {
  ASSIGN_OR_RETURN(const v1::Balance balance, GetBalance(txn, request.reservation().account()));
  ASSIGN_OR_RETURN(domain::Moved<v1::Reservation> moved,
                   domain::Reserve(balance, request.reservation()));
  moved.resource.set_name(
      NameUnder(request.parent(), "reservations", request.reservation_id(), txn));
  const Act act{moved.resource.name(), moved.resource.owner(), moved.resource.acted_on()};
  RETURN_IF_ERROR(Journal(txn).Post(balance.account(), moved.postings, act));
  return reservations_.Insert(txn, std::move(moved.resource));
}

absl::StatusOr<v1::Commitment> Ledger::Commit(store::Txn& txn,
                                              const v1::CommitReservationRequest& request) const {
  ASSIGN_OR_RETURN(const v1::Reservation before, reservations_.Get(txn, request.name()));
  ASSIGN_OR_RETURN(domain::Committed committed, domain::CommitReservation(before, request));
  committed.commitment.set_name(
      NameUnder(resource::ParentOf(request.name()), "commitments", request.commitment_id(), txn));
  const Act act{committed.commitment.name(), before.owner(), request.acted_on()};
  RETURN_IF_ERROR(Journal(txn).Post(before.account(), committed.postings, act));
  RETURN_IF_ERROR(
      reservations_.Update(txn, before, std::move(committed.reservation), "committed").status());
  return commitments_.Insert(txn, std::move(committed.commitment));
}

absl::StatusOr<v1::Reservation> Ledger::Release(
    store::Txn& txn, const v1::ReleaseReservationRequest& request) const {
  ASSIGN_OR_RETURN(const v1::Reservation before, reservations_.Get(txn, request.name()));
  ASSIGN_OR_RETURN(domain::Moved<v1::Reservation> moved,
                   domain::ReleaseReservation(before, request.acted_on()));
  const Act act{before.name(), before.owner(), request.acted_on()};
  RETURN_IF_ERROR(Journal(txn).Post(before.account(), moved.postings, act));
  return reservations_.Update(txn, before, std::move(moved.resource), "released");
}

absl::StatusOr<v1::ExpireReservationsResponse> Ledger::Expire(
    store::Txn& txn, const v1::ExpireReservationsRequest& request, absl::CivilDay today) const {
  ASSIGN_OR_RETURN(const absl::CivilDay before_day, time::ToCivilDay(request.before()));
  if (before_day > today) return errors::ExpiryInFuture(request.before(), time::ToDate(today));
  const std::string province(resource::ProvinceOf(request.parent()));
  std::vector<std::string> ids;
  bool more = false;
  const store::KeyRange due{ExpiryPrefix(province), ExpiryKeyOfDay(province, before_day)};
  RETURN_IF_ERROR(txn.Scan(due, [&](absl::string_view key, absl::string_view) {
    more = ids.size() >= kMaxExpired;
    if (!more) ids.push_back(ReservationIdOfExpiryKey(province, key));
    return !more;
  }));
  Journal journal(txn);
  v1::ExpireReservationsResponse response;
  response.set_more(more);
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const v1::Reservation before,
                     reservations_.Get(txn, absl::StrCat(request.parent(), "/reservations/", id)));
    ASSIGN_OR_RETURN(domain::Moved<v1::Reservation> moved, domain::ExpireReservation(before));
    const Act act{before.name(), before.owner(), before.expire_on()};
    RETURN_IF_ERROR(journal.Post(before.account(), moved.postings, act));
    ASSIGN_OR_RETURN(*response.add_reservations(),
                     reservations_.Update(txn, before, std::move(moved.resource), "expired"));
  }
  return response;
}

absl::StatusOr<v1::Commitment> Ledger::ReleaseCommitment(
    store::Txn& txn, const v1::ReleaseCommitmentRequest& request) const {
  ASSIGN_OR_RETURN(const v1::Commitment before, commitments_.Get(txn, request.name()));
  ASSIGN_OR_RETURN(domain::Moved<v1::Commitment> moved,
                   domain::ReleaseCommitment(before, request.acted_on()));
  const Act act{before.name(), before.owner(), request.acted_on()};
  RETURN_IF_ERROR(Journal(txn).Post(before.account(), moved.postings, act));
  return commitments_.Update(txn, before, std::move(moved.resource), "released");
}

absl::StatusOr<domain::PaidBefore> Ledger::PaidBefore(const store::Reader& reader,
                                                      const v1::Commitment& commitment) const {
  const absl::string_view parent = resource::ParentOf(commitment.name());
  std::vector<std::string> ids;
  RETURN_IF_ERROR(reader.Scan(store::KeyRange::Prefix(PaymentIndexPrefix(commitment.name())),
                              [&](absl::string_view key, absl::string_view) {
                                ids.push_back(PaymentIdOfIndexKey(commitment.name(), key));
                                return true;
                              }));
  domain::PaidBefore before;
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const v1::Payment payment,
                     payments_.Get(reader, absl::StrCat(parent, "/payments/", id)));
    // At most the commitment: no overflow.
    if (payment.kind() == v1::Payment::KIND_ADVANCE) before.advanced_vnd += payment.amount_vnd();
    if (payment.kind() == v1::Payment::KIND_FINAL) before.final = true;
  }
  return before;
}

absl::StatusOr<v1::Payment> Ledger::Pay(store::Txn& txn,
                                        const v1::CreatePaymentRequest& request) const {
  ASSIGN_OR_RETURN(
      const v1::Commitment before,
      commitments_.Load(txn, request.payment().commitment(), request.commitment_etag()));
  ASSIGN_OR_RETURN(const std::optional<domain::PaymentFacts> facts,
                   case_facts_.Get(txn, before.owner()));
  ASSIGN_OR_RETURN(const domain::PaidBefore paid_before, PaidBefore(txn, before));
  // Where nothing is known of the case, no contract is seen, and nothing may be paid.
  ASSIGN_OR_RETURN(domain::Paid paid,
                   domain::Pay(before, request.payment(), facts.value_or(domain::PaymentFacts{}),
                               paid_before, rules_));
  paid.payment.set_name(NameUnder(request.parent(), "payments", "", txn));
  const Act act{paid.payment.name(), before.owner(), paid.payment.acted_on()};
  RETURN_IF_ERROR(Journal(txn).Post(before.account(), {paid.posting}, act));
  RETURN_IF_ERROR(commitments_.Update(txn, before, std::move(paid.commitment), "paid").status());
  return payments_.Insert(txn, std::move(paid.payment));
}

absl::StatusOr<v1::Balance> Ledger::GetBalance(const store::Reader& reader,
                                               const v1::Account& account) const {
  absl::StatusOr<v1::Balance> balance = balances_.Get(reader, BalanceName(account));
  if (absl::IsNotFound(balance.status())) return errors::AccountNotFound(account);
  return balance;
}

}  // namespace nscl::budgeting::rows
