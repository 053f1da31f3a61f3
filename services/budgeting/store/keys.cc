#include "services/budgeting/store/keys.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/resource/name.h"
#include "common/text/search_key.h"
#include "common/time/legal_date.h"
#include "services/budgeting/domain/dates.h"
#include "services/budgeting/domain/plan_findings.h"

namespace nscl::budgeting::rows {
namespace {

constexpr char kExpiryKind[] = "x";
constexpr char kPaymentIndexKind[] = "q";
constexpr char kDocumentKind[] = "d";
constexpr size_t kDayBytes = 8;  // "YYYYMMDD"

std::string WithEnd(std::string key) {
  key.push_back('\0');
  return key;
}

}  // namespace

store::TableSpec PlanSpec() { return {'p', "provinces/{province}/plans/{plan}", "plan", 2}; }

store::TableSpec AllocationSpec() {
  return {'a', "provinces/{province}/allocations/{allocation}", "allocation", 3};
}

store::TableSpec ReservationSpec() {
  return {'r', "provinces/{province}/reservations/{reservation}", "reservation", 4};
}

store::TableSpec CommitmentSpec() {
  return {'c', "provinces/{province}/commitments/{commitment}", "commitment", 5};
}

store::TableSpec PaymentSpec() {
  return {'y', "provinces/{province}/payments/{payment}", "payment", 6};
}

store::TableSpec LedgerEntrySpec() {
  return {'e', "provinces/{province}/ledgerEntries/{ledger_entry}", "ledgerEntry", 7};
}

store::TableSpec BalanceSpec() {
  return {'b', "provinces/{province}/plans/{plan}/lines/{line}/balances/{balance}", "balance", 0};
}

store::TableSpec CaseFactsSpec() {
  return {'s', "provinces/{province}/supportCases/{support_case}", "supportCase", 0};
}

store::TableSpec ActivityFactsSpec() {
  return {'t', "provinces/{province}/activities/{activity}", "activity", 0};
}

std::string BalanceName(const v1::Account& account) {
  return absl::StrCat(account.plan_line(), "/balances/", account.budget_year(), "-",
                      account.funding_source());
}

std::string LedgerEntryId(int64_t revision, int number) {
  return absl::StrFormat("%016d-%03d", revision, number);
}

std::string ExpiryPrefix(absl::string_view province) {
  return WithEnd(absl::StrCat(kExpiryKind, province));
}

std::string ExpiryKeyOfDay(absl::string_view province, absl::CivilDay day) {
  return absl::StrCat(ExpiryPrefix(province),
                      absl::StrFormat("%04d%02d%02d", day.year(), day.month(), day.day()));
}

std::string ExpiryKey(const v1::Reservation& reservation) {
  const absl::CivilDay last_day = domain::DayOf(reservation.expire_on());
  return WithEnd(absl::StrCat(ExpiryKeyOfDay(resource::ProvinceOf(reservation.name()), last_day),
                              resource::LastIdOf(reservation.name())));
}

std::string ReservationIdOfExpiryKey(absl::string_view province, absl::string_view key) {
  const size_t begin = ExpiryPrefix(province).size() + kDayBytes;
  return std::string(key.substr(begin, key.size() - begin - 1));
}

std::vector<std::string> DocumentPrefixes(const v1::Plan& plan) {
  const std::string province =
      WithEnd(absl::StrCat(kDocumentKind, resource::ProvinceOf(plan.name())));
  std::vector<std::string> prefixes = {
      absl::StrCat(province, WithEnd(absl::StrCat("h", plan.content_sha256())))};
  const v1::DocumentHeader& paper = plan.document();
  if (domain::HasDocumentNumber(paper.number()) && !paper.issuer().empty() &&
      paper.has_issue_date()) {
    // Folded: the same paper typed by another hand.
    prefixes.push_back(absl::StrCat(
        province, WithEnd(absl::StrCat("n", text::Fold(absl::StripAsciiWhitespace(paper.number())),
                                       "\n", text::SearchKey(paper.issuer()), "\n",
                                       time::FormatIsoDate(domain::DayOf(paper.issue_date()))))));
  }
  return prefixes;
}

std::string DocumentKey(absl::string_view prefix, const v1::Plan& plan) {
  return WithEnd(absl::StrCat(prefix, resource::LastIdOf(plan.name())));
}

std::string PlanOfDocumentKey(const v1::Plan& like, absl::string_view prefix,
                              absl::string_view key) {
  return absl::StrCat(resource::ParentOf(like.name()), "/plans/",
                      key.substr(prefix.size(), key.size() - prefix.size() - 1));
}

std::string PaymentIndexPrefix(absl::string_view commitment) {
  return WithEnd(absl::StrCat(kPaymentIndexKind, commitment));
}

std::string PaymentIndexKey(absl::string_view commitment, absl::string_view payment) {
  return WithEnd(absl::StrCat(PaymentIndexPrefix(commitment), resource::LastIdOf(payment)));
}

std::string PaymentIdOfIndexKey(absl::string_view commitment, absl::string_view key) {
  const size_t begin = PaymentIndexPrefix(commitment).size();
  return std::string(key.substr(begin, key.size() - begin - 1));
}

}  // namespace nscl::budgeting::rows
