#include "services/casework/store/rows.h"

#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "services/casework/domain/answers.h"
#include "services/casework/domain/case_state.h"
#include "services/casework/store/intents.h"
#include "services/casework/store/keys.h"

namespace nscl::casework::rows {
namespace {

void IndexOpenCase(store::Txn& txn, const v1::SupportCase* before, const v1::SupportCase* after) {
  const bool was_open = before != nullptr && domain::IsOpen(*before);
  const bool is_open = after != nullptr && domain::IsOpen(*after);
  if (is_open && !was_open) txn.PutDerived(OpenCaseKey(*after), after->name());
  if (was_open && !is_open) txn.EraseDerived(OpenCaseKey(*before));
}

absl::StatusOr<int64_t> NextCaseNumber(store::Txn& txn, absl::string_view province, int year) {
  const std::string key = CaseNumberKey(province, year);
  ASSIGN_OR_RETURN(std::optional<std::string> last, txn.Get(key));
  int64_t number = 0;
  if (last.has_value() && !absl::SimpleAtoi(*last, &number)) {
    return absl::DataLossError(
        absl::StrCat("the running number of ", province, " in ", year, " cannot be read"));
  }
  txn.Put(key, absl::StrCat(++number));
  return number;
}

// The rules know no clock: a refusal that has just come gets its time here.
template <typename M>
void StampRefusal(const store::Txn& txn, M& next) {
  if (!next.has_last_refusal() || next.last_refusal().has_refuse_time()) return;
  *next.mutable_last_refusal()->mutable_refuse_time() = time::ToTimestamp(txn.commit_time());
}

template <typename M>
absl::StatusOr<M> ApplyTo(store::Txn& txn, const store::Table<M>& table, const M& before,
                          domain::Change<M> change) {
  StampRefusal(txn, change.next);
  if (change.intent.has_value()) {
    RETURN_IF_ERROR(RaiseIntent(txn, before.name(), *std::move(change.intent)));
  }
  return table.Update(txn, before, std::move(change.next), change.verb);
}

template <typename M>
absl::Status ApplyAnswerTo(store::Txn& txn, const store::Table<M>& table, const v1::Intent& intent,
                           const domain::Answer& answer) {
  ASSIGN_OR_RETURN(M current, table.Get(txn, intent.owner()));
  ASSIGN_OR_RETURN(domain::Change<M> change, domain::Answered(current, intent, answer));
  EraseIntent(txn, intent.owner());
  return ApplyTo(txn, table, current, std::move(change)).status();
}

template <typename M>
absl::Status ApplyPaymentTo(store::Txn& txn, const store::Table<M>& table, absl::string_view owner,
                            const domain::PaymentFacts& payment) {
  ASSIGN_OR_RETURN(bool exists, table.Exists(txn, owner));
  if (!exists) return absl::OkStatus();
  ASSIGN_OR_RETURN(M current, table.Get(txn, owner));
  return ApplyTo(txn, table, current, domain::PaymentMade(current, payment)).status();
}

template <typename M>
absl::Status ApplyExpiryTo(store::Txn& txn, const store::Table<M>& table, absl::string_view owner,
                           const std::string& reservation) {
  ASSIGN_OR_RETURN(bool exists, table.Exists(txn, owner));
  if (!exists) return absl::OkStatus();
  ASSIGN_OR_RETURN(M current, table.Get(txn, owner));
  std::optional<domain::Change<M>> change = domain::HoldExpired(current, reservation);
  if (change.has_value()) return ApplyTo(txn, table, current, *std::move(change)).status();
  // The answer that made the reservation may still be on its way: it must not be taken for a hold
  // then.
  ASSIGN_OR_RETURN(std::optional<v1::Intent> waiting, FindIntent(txn, owner));
  if (waiting.has_value() && waiting->step() == v1::Intent::STEP_RESERVE) {
    waiting->set_expired_reservation(reservation);
    PutIntent(txn, *waiting);
  }
  return absl::OkStatus();
}

}  // namespace

store::Table<v1::SupportCase> CaseTable() {
  return store::Table<v1::SupportCase>(
      store::TableSpec{.kind = kCaseKind,
                       .pattern = "provinces/{province}/supportCases/{support_case}",
                       .event_prefix = "supportCase",
                       .event_field = v1::Event::kSupportCaseFieldNumber},
      IndexOpenCase);
}

store::Table<v1::Activity> ActivityTable() {
  return store::Table<v1::Activity>(
      store::TableSpec{.kind = kActivityKind,
                       .pattern = "provinces/{province}/activities/{activity}",
                       .event_prefix = "activity",
                       .event_field = v1::Event::kActivityFieldNumber});
}

absl::StatusOr<std::string> FindOpenCase(const store::Reader& reader,
                                         const v1::SupportCase& support_case) {
  ASSIGN_OR_RETURN(std::optional<std::string> name, reader.Get(OpenCaseKey(support_case)));
  if (!name.has_value() || *name == support_case.name()) return std::string();
  return *std::move(name);
}

bool IsCase(absl::string_view owner) { return absl::StrContains(owner, "/supportCases/"); }

Rows::Rows() : cases_(CaseTable()), activities_(ActivityTable()) {}

absl::StatusOr<v1::SupportCase> Rows::Insert(store::Txn& txn, domain::CaseChange change) const {
  const absl::string_view province = resource::ProvinceOf(change.next.name());
  const int year = change.next.received_on().year();
  ASSIGN_OR_RETURN(int64_t number, NextCaseNumber(txn, province, year));
  change.next.set_case_number(absl::StrFormat("%s-%d-%04d", province, year, number));
  return cases_.Insert(txn, std::move(change.next), change.verb);
}

absl::StatusOr<v1::Activity> Rows::Insert(store::Txn& txn, domain::ActivityChange change) const {
  return activities_.Insert(txn, std::move(change.next), change.verb);
}

absl::StatusOr<v1::SupportCase> Rows::Apply(store::Txn& txn, const v1::SupportCase& before,
                                            domain::CaseChange change) const {
  ASSIGN_OR_RETURN(v1::SupportCase stored, ApplyTo(txn, cases_, before, std::move(change)));
  // Two events of one command: the acceptance counts, and what was paid before it shows.
  std::optional<domain::CaseChange> paid = domain::PaidBeforeAcceptance(stored);
  if (!paid.has_value()) return stored;
  return ApplyTo(txn, cases_, stored, *std::move(paid));
}

absl::StatusOr<v1::Activity> Rows::Apply(store::Txn& txn, const v1::Activity& before,
                                         domain::ActivityChange change) const {
  return ApplyTo(txn, activities_, before, std::move(change));
}

absl::Status Rows::ApplyAnswer(store::Txn& txn, const v1::Intent& sent,
                               const domain::Answer& answer) const {
  ASSIGN_OR_RETURN(std::optional<v1::Intent> waiting, FindIntent(txn, sent.owner()));
  if (!waiting.has_value() || waiting->request_id() != sent.request_id()) return absl::OkStatus();
  if (IsCase(sent.owner())) return ApplyAnswerTo(txn, cases_, *waiting, answer);
  return ApplyAnswerTo(txn, activities_, *waiting, answer);
}

absl::Status Rows::ApplyPayment(store::Txn& txn, absl::string_view owner,
                                const domain::PaymentFacts& payment) const {
  if (IsCase(owner)) return ApplyPaymentTo(txn, cases_, owner, payment);
  return ApplyPaymentTo(txn, activities_, owner, payment);
}

absl::Status Rows::ApplyExpiry(store::Txn& txn, absl::string_view owner,
                               const std::string& reservation) const {
  if (IsCase(owner)) return ApplyExpiryTo(txn, cases_, owner, reservation);
  return ApplyExpiryTo(txn, activities_, owner, reservation);
}

}  // namespace nscl::casework::rows
