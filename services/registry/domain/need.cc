#include "services/registry/domain/need.h"

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/text/search_key.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/code_value.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/errors.h"

namespace nscl::registry::domain {
namespace {

using Request = v1::SummarizeNeedsRequest;

constexpr size_t kMaxName = 500;
constexpr size_t kMaxNote = 2'000;
constexpr size_t kMaxReason = 1'000;
constexpr int kMaxQuantity = 1'000'000;

// By its name, or by what it calls itself where it is not registered.
void NormaliseEnterprise(status::Violations& violations, v1::Need& need) {
  static const resource::NamePattern kEnterprises("provinces/{province}/enterprises/{enterprise}");
  if (need.enterprise().empty()) {
    text::CleanField(violations, "need.enterprise_name", need.mutable_enterprise_name(),
                     {.min_chars = 1, .max_chars = kMaxName});
    return;
  }
  violations.AddAll(kEnterprises.Parse(need.enterprise(), "need.enterprise").status(), "");
  violations.Check(need.enterprise_name().empty(), "need.enterprise_name", "ENTERPRISE_NAME",
                   "is for enterprises that are not registered",
                   "chỉ dùng cho doanh nghiệp chưa đăng ký trong hệ thống");
}

std::string KeyOf(Request::GroupBy group_by, const v1::Need& need, const std::string& province) {
  switch (group_by) {
    case Request::GROUP_BY_CONTENT:
      return need.content();
    case Request::GROUP_BY_SOLUTION:
      return need.solution();
    case Request::GROUP_BY_ORGANISATION:
      return need.proposed_by();
    default:
      return province;
  }
}

}  // namespace

absl::Status NormaliseNeed(v1::Need& need, const v1::Need* before, absl::CivilDay today,
                           const catalogue::SupportContents& contents) {
  static const resource::NamePattern kOrganisations(
      "provinces/{province}/organisations/{organisation}");
  status::Violations violations;
  NormaliseEnterprise(violations, need);
  contents.CheckInYear(violations, "need.content", need.content(), need.year());
  NormaliseCodeValue(violations, "need.solution", need.mutable_solution(), /*required=*/false);
  violations.Check(need.year() >= time::kFirstYear && need.year() <= time::kLastYear, "need.year",
                   "YEAR_RANGE",
                   absl::StrCat("must be ", time::kFirstYear, " to ", time::kLastYear),
                   absl::StrCat("phải từ ", time::kFirstYear, " đến ", time::kLastYear));
  violations.Check(need.quantity() >= 1 && need.quantity() <= kMaxQuantity, "need.quantity",
                   "QUANTITY_RANGE", absl::StrCat("must be 1 to ", kMaxQuantity),
                   absl::StrCat("phải từ 1 đến ", kMaxQuantity));
  violations.AddAll(kOrganisations.Parse(need.proposed_by(), "need.proposed_by").status(), "");
  CheckNotAfter(violations, "need.proposed_on", /*given=*/true, need.proposed_on(), today);
  text::CleanField(violations, "need.note", need.mutable_note(),
                   {.max_chars = kMaxNote, .multiline = true});
  if (before == nullptr) need.set_state(v1::Need::STATE_PROPOSED);
  return violations.ToStatus();
}

absl::Status CheckProposed(const v1::Need& need) {
  if (need.state() == v1::Need::STATE_PROPOSED) return absl::OkStatus();
  return errors::NeedNotProposed(need.name(), v1::Need::State_Name(need.state()));
}

absl::StatusOr<std::string> CleanReason(absl::string_view reason, bool required) {
  status::Violations violations;
  std::string cleaned(reason);
  text::CleanField(
      violations, "reason", &cleaned,
      {.min_chars = required ? size_t{1} : size_t{0}, .max_chars = kMaxReason, .multiline = true});
  if (!violations.empty()) return violations.ToStatus();
  return cleaned;
}

absl::StatusOr<v1::Need> Decide(v1::Need current, v1::Need::State decided, std::string reason) {
  if (absl::Status refused = CheckProposed(current); !refused.ok()) return refused;
  current.set_state(decided);
  current.set_decision_reason(std::move(reason));
  return current;
}

bool NeedSums::Counts(const v1::Need& need, int year) {
  const bool stands =
      need.state() == v1::Need::STATE_PROPOSED || need.state() == v1::Need::STATE_ACCEPTED;
  return stands && (year == 0 || need.year() == year);
}

void NeedSums::Add(const v1::Need& need, const std::string& enterprise,
                   const std::string& province) {
  Sum& sum = sums_[{need.year(), KeyOf(group_by_, need, province)}];
  ++sum.needs;
  sum.quantity += need.quantity();  // 10^6 times any number of rows that fit in a store
  sum.enterprises.insert(enterprise);
}

v1::SummarizeNeedsResponse NeedSums::Rows() const {
  v1::SummarizeNeedsResponse response;
  for (const auto& [key, sum] : sums_) {
    v1::NeedSummary& row = *response.add_rows();
    row.set_year(key.first);
    row.set_key(key.second);
    row.set_need_count(sum.needs);
    row.set_enterprise_count(static_cast<int64_t>(sum.enterprises.size()));
    row.set_quantity(sum.quantity);
  }
  return response;
}

std::string KeyOfUnregistered(absl::string_view enterprise_name) {
  // No name and no tax code begins with a blank.
  return absl::StrCat(" ", text::SearchKey(enterprise_name));
}

}  // namespace nscl::registry::domain
