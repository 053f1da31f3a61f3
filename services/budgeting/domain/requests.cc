#include "services/budgeting/domain/requests.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/time/budget_year.h"
#include "common/time/legal_date.h"

namespace nscl::budgeting::domain {
namespace {

using resource::NamePattern;
using status::Violations;

constexpr int kMaxAllocations = 500;
constexpr int kMaxDocuments = 50;
constexpr int kMaxNumber = 100;  // characters of a document number or reference
constexpr int kMaxReason = 500;  // characters
constexpr int kMaxNote = 1'000;  // characters

const NamePattern& ProvincePattern() {
  static const NamePattern* pattern = new NamePattern("provinces/{province}");
  return *pattern;
}
const NamePattern& PlanPattern() {
  static const NamePattern* pattern = new NamePattern("provinces/{province}/plans/{plan}");
  return *pattern;
}
const NamePattern& LinePattern() {
  static const NamePattern* pattern =
      new NamePattern("provinces/{province}/plans/{plan}/lines/{line}");
  return *pattern;
}
const NamePattern& ReservationPattern() {
  static const NamePattern* pattern =
      new NamePattern("provinces/{province}/reservations/{reservation}");
  return *pattern;
}
const NamePattern& CommitmentPattern() {
  static const NamePattern* pattern =
      new NamePattern("provinces/{province}/commitments/{commitment}");
  return *pattern;
}
const NamePattern& CasePattern() {
  static const NamePattern* pattern =
      new NamePattern("provinces/{province}/supportCases/{support_case}");
  return *pattern;
}
const NamePattern& ActivityPattern() {
  static const NamePattern* pattern = new NamePattern("provinces/{province}/activities/{activity}");
  return *pattern;
}

// `min` of 1 where the text is required. A text of paragraphs may have lines.
void CheckText(Violations& v, absl::string_view path, absl::string_view text, int min, int max) {
  if (!v.Check(min == 0 || !text.empty(), path, "FIELD_REQUIRED", "must be given", "bắt buộc"))
    return;
  std::string copy(text);
  text::CleanField(v, path, &copy,
                   {.min_chars = static_cast<size_t>(min),
                    .max_chars = static_cast<size_t>(max),
                    .multiline = max >= kMaxReason});
}

void CheckId(Violations& v, absl::string_view path, absl::string_view id) {
  v.Check(resource::IsId(id), path, "RESOURCE_ID",
          "must be letters, digits, `-` or `.`, at most 63",
          "gồm chữ cái, chữ số, `-` hoặc `.`, tối đa 63 ký tự");
}

bool CheckName(Violations& v, absl::string_view path, const NamePattern& pattern,
               absl::string_view name) {
  return v.Check(pattern.Matches(name), path, "RESOURCE_NAME",
                 absl::StrCat("must be like ", pattern.pattern()),
                 absl::StrCat("phải có dạng ", pattern.pattern()));
}

// A name of the province that the request is for: another's money is never touched.
void CheckProvince(Violations& v, absl::string_view path, absl::string_view name,
                   absl::string_view parent) {
  v.Check(resource::ProvinceOf(name) == resource::ProvinceOf(parent), path, "OTHER_PROVINCE",
          absl::StrCat("must be of ", parent), "phải thuộc cùng tỉnh, thành phố");
}

void CheckAccount(Violations& v, const std::string& path, const v1::Account& account,
                  absl::string_view parent) {
  const std::string line = absl::StrCat(path, ".plan_line");
  if (CheckName(v, line, LinePattern(), account.plan_line()))
    CheckProvince(v, line, account.plan_line(), parent);
  time::CheckBudgetYear(v, absl::StrCat(path, ".budget_year"), account.budget_year());
  CheckText(v, absl::StrCat(path, ".funding_source"), account.funding_source(), 1, kMaxNumber);
}

void CheckOwner(Violations& v, absl::string_view path, absl::string_view owner,
                absl::string_view parent) {
  const bool named = v.Check(CasePattern().Matches(owner) || ActivityPattern().Matches(owner), path,
                             "RESOURCE_NAME", "must name a support case or an activity",
                             "phải là hồ sơ hỗ trợ hoặc hoạt động");
  if (named) CheckProvince(v, path, owner, parent);
}

}  // namespace

absl::Status CheckRequest(const v1::ImportPlanRequest& request) {
  Violations v;
  CheckName(v, "parent", ProvincePattern(), request.parent());
  CheckId(v, "plan_id", request.plan_id());
  v.Check(request.has_plan(), "plan", "FIELD_REQUIRED", "must be given", "bắt buộc");
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::AcceptFindingRequest& request) {
  Violations v;
  CheckName(v, "name", PlanPattern(), request.name());
  CheckText(v, "finding_id", request.finding_id(), 1, kMaxNumber);
  CheckText(v, "note", request.note(), 1, kMaxNote);
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::SubmitPlanRequest& request) {
  Violations v;
  CheckName(v, "name", PlanPattern(), request.name());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::AppraisePlanRequest& request) {
  Violations v;
  CheckName(v, "name", PlanPattern(), request.name());
  CheckText(v, "opinion_number", request.opinion_number(), 0, kMaxNumber);
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::IssuePlanRequest& request) {
  Violations v;
  CheckName(v, "name", PlanPattern(), request.name());
  v.Check(!request.etag().empty(), "etag", "FIELD_REQUIRED", "must be given", "bắt buộc");
  CheckText(v, "number", request.number(), 0, kMaxNumber);
  if (request.has_issue_date()) time::CheckDate(v, "issue_date", request.issue_date());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::BatchCreateAllocationsRequest& request) {
  Violations v;
  CheckName(v, "parent", ProvincePattern(), request.parent());
  v.Check(request.allocations_size() >= 1 && request.allocations_size() <= kMaxAllocations,
          "allocations", "LIST_LENGTH", absl::StrCat("must be 1 to ", kMaxAllocations),
          absl::StrCat("phải từ 1 đến ", kMaxAllocations, " dòng"));
  for (int i = 0; i < std::min(request.allocations_size(), kMaxAllocations); ++i) {
    const v1::Allocation& allocation = request.allocations(i);
    const std::string path = absl::StrCat("allocations[", i, "]");
    CheckAccount(v, absl::StrCat(path, ".account"), allocation.account(), request.parent());
    money::CheckAmount(v, absl::StrCat(path, ".amount_vnd"), allocation.amount_vnd(), 1);
    CheckText(v, absl::StrCat(path, ".decision_number"), allocation.decision_number(), 0,
              kMaxNumber);
    time::CheckDate(v, absl::StrCat(path, ".acted_on"), allocation.acted_on());
  }
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::CreateReservationRequest& request) {
  Violations v;
  const v1::Reservation& reservation = request.reservation();
  CheckName(v, "parent", ProvincePattern(), request.parent());
  CheckAccount(v, "reservation.account", reservation.account(), request.parent());
  money::CheckAmount(v, "reservation.amount_vnd", reservation.amount_vnd(), 1);
  CheckOwner(v, "reservation.owner", reservation.owner(), request.parent());
  time::CheckDate(v, "reservation.acted_on", reservation.acted_on());
  if (reservation.has_expire_on()) {
    time::CheckDate(v, "reservation.expire_on", reservation.expire_on());
  }
  if (!request.reservation_id().empty()) CheckId(v, "reservation_id", request.reservation_id());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::CommitReservationRequest& request) {
  Violations v;
  CheckName(v, "name", ReservationPattern(), request.name());
  money::CheckAmount(v, "amount_vnd", request.amount_vnd(), 1);
  CheckText(v, "contract_number", request.contract_number(), 1, kMaxNumber);
  time::CheckDate(v, "acted_on", request.acted_on());
  if (!request.commitment_id().empty()) CheckId(v, "commitment_id", request.commitment_id());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::ReleaseReservationRequest& request) {
  Violations v;
  CheckName(v, "name", ReservationPattern(), request.name());
  CheckText(v, "reason", request.reason(), 0, kMaxReason);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::ExpireReservationsRequest& request) {
  Violations v;
  CheckName(v, "parent", ProvincePattern(), request.parent());
  time::CheckDate(v, "before", request.before());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::ReleaseCommitmentRequest& request) {
  Violations v;
  CheckName(v, "name", CommitmentPattern(), request.name());
  CheckText(v, "reason", request.reason(), 0, kMaxReason);
  time::CheckDate(v, "acted_on", request.acted_on());
  return v.ToStatus();
}

absl::Status CheckRequest(const v1::CreatePaymentRequest& request) {
  Violations v;
  const v1::Payment& payment = request.payment();
  CheckName(v, "parent", ProvincePattern(), request.parent());
  if (CheckName(v, "payment.commitment", CommitmentPattern(), payment.commitment())) {
    CheckProvince(v, "payment.commitment", payment.commitment(), request.parent());
  }
  v.Check(
      payment.kind() != v1::Payment::KIND_UNSPECIFIED && v1::Payment::Kind_IsValid(payment.kind()),
      "payment.kind", "ENUM_VALUE", "unknown kind", "loại thanh toán không hợp lệ");
  money::CheckAmount(v, "payment.amount_vnd", payment.amount_vnd(), 1);
  time::CheckDate(v, "payment.acted_on", payment.acted_on());
  // PAY-P2: a payment without documents is none.
  v.Check(payment.document_numbers_size() >= 1 && payment.document_numbers_size() <= kMaxDocuments,
          "payment.document_numbers", "LIST_LENGTH", absl::StrCat("must be 1 to ", kMaxDocuments),
          absl::StrCat("phải có từ 1 đến ", kMaxDocuments, " chứng từ"));
  for (int i = 0; i < std::min(payment.document_numbers_size(), kMaxDocuments); ++i) {
    CheckText(v, absl::StrCat("payment.document_numbers[", i, "]"), payment.document_numbers(i), 1,
              kMaxNumber);
  }
  CheckText(v, "payment.treasury_reference", payment.treasury_reference(), 0, kMaxNumber);
  v.Check(payment.min_case_revision() >= 0, "payment.min_case_revision", "AMOUNT_RANGE",
          "must not be negative", "không được âm");
  v.Check(!request.commitment_etag().empty(), "commitment_etag", "FIELD_REQUIRED", "must be given",
          "bắt buộc");
  return v.ToStatus();
}

}  // namespace nscl::budgeting::domain
