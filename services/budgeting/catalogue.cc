#include "services/budgeting/catalogue.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/catalogue/funding_sources.h"
#include "common/catalogue/rows.h"
#include "common/status/status_macros.h"

namespace nscl::budgeting {
namespace {

constexpr int64_t kMaxThousandths = 1'000;
constexpr int64_t kMaxContractVnd = int64_t{1} << 53;

domain::Validity ValidityOf(const catalogue::Basis& basis) {
  domain::Validity validity;
  if (basis.valid_from.has_value()) validity.from = *basis.valid_from;
  if (basis.valid_to.has_value()) validity.to = *basis.valid_to;
  return validity;
}

void ReadAdvanceRule(catalogue::Row& row, domain::PaymentRules& rules) {
  domain::AdvanceRule rule;
  rule.scheme = row.Text("scheme");
  const absl::optional<int64_t> above = row.OptionalWhole("contract_above_vnd", 0, kMaxContractVnd);
  const absl::optional<int64_t> share =
      row.OptionalWhole("max_advance_thousandths", 0, kMaxThousandths);
  // Clearing of advances is a later entry of its own; the share at which it is due is not a guard
  // here.
  row.OptionalWhole("clear_in_full_at_thousandths", 0, kMaxThousandths);
  const catalogue::Basis basis = row.ReadBasis();
  if (!share.has_value()) return;
  rule.contract_above_vnd = above.value_or(0);
  rule.max_advance_thousandths = *share;
  rule.valid = ValidityOf(basis);
  rule.legal_basis = basis.legal_basis;
  rules.advances.push_back(std::move(rule));
}

void ReadRatioRule(catalogue::Row& row, domain::PaymentRules& rules) {
  domain::RatioRule rule;
  row.Text("scheme");
  for (const std::string& kind : row.Texts("kinds")) {
    v1::Payment::Kind parsed;
    if (!v1::Payment::Kind_Parse(absl::StrCat("KIND_", kind), &parsed)) {
      row.Fault("kinds", "is not a kind of payment");
      continue;
    }
    rule.kinds.push_back(parsed);
  }
  rule.tolerance_thousandths = row.Whole("tolerance_thousandths", 0, kMaxThousandths);
  const catalogue::Basis basis = row.ReadBasis();
  rule.valid = ValidityOf(basis);
  rule.legal_basis = basis.legal_basis;
  rules.ratios.push_back(std::move(rule));
}

void ReadYearRule(catalogue::Row& row, domain::PaymentRules& rules) {
  domain::YearRule rule;
  row.Text("scheme");
  rule.adjustment_end_month = static_cast<int>(row.Whole("adjustment_end_month", 1, 12));
  rule.adjustment_end_day = static_cast<int>(row.Whole("adjustment_end_day", 1, 31));
  const catalogue::Basis basis = row.ReadBasis();
  rule.valid = ValidityOf(basis);
  rule.legal_basis = basis.legal_basis;
  rules.years.push_back(std::move(rule));
}

}  // namespace

absl::StatusOr<domain::FundingSources> LoadFundingSources(absl::string_view dir) {
  ASSIGN_OR_RETURN(const catalogue::FundingSources rows, catalogue::FundingSources::Load(dir));
  domain::FundingSources sources;
  for (const catalogue::FundingSource& row : rows.rows())
    sources[row.code] = {row.name, row.pseudo};
  return sources;
}

absl::StatusOr<domain::PaymentRules> LoadPaymentRules(absl::string_view dir) {
  domain::PaymentRules rules;
  RETURN_IF_ERROR(catalogue::ReadRows(dir, "payment_rules.json", [&](catalogue::Row& row) {
    const std::string rule = row.Text("rule");
    row.OptionalText("note");
    if (rule == "ADVANCE_LIMIT") {
      ReadAdvanceRule(row, rules);
    } else if (rule == "RATIO_GUARD") {
      ReadRatioRule(row, rules);
    } else if (rule == "BUDGET_YEAR") {
      ReadYearRule(row, rules);
    } else {
      row.Fault("rule", "is not a rule of payments");
    }
  }));
  return rules;
}

}  // namespace nscl::budgeting
