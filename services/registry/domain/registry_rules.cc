#include "services/registry/domain/registry_rules.h"

#include <algorithm>

#include "common/status/status_macros.h"

namespace nscl::registry::domain {
namespace {

constexpr char kFile[] = "registry_rules.json";
constexpr char kExpiringDays[] = "CERTIFICATE_EXPIRING_DAYS";
constexpr char kSelfAssessedMonths[] = "SELF_ASSESSED_NOTICE_MONTHS";
constexpr char kTestResultMonths[] = "TEST_RESULT_MONTHS";
// Longer than any term of them.
constexpr int kMaxTerm = 1'200;

}  // namespace

absl::StatusOr<RegistryRules> RegistryRules::Load(absl::string_view catalogue_dir) {
  ASSIGN_OR_RETURN(std::string text, catalogue::ReadFile(catalogue_dir, kFile));
  return Parse(text);
}

absl::StatusOr<RegistryRules> RegistryRules::Parse(absl::string_view text) {
  RegistryRules rules;
  RETURN_IF_ERROR(catalogue::ReadRowsOf(text, kFile, [&](catalogue::Row& row) {
    Rule rule;
    rule.rule = row.Text("rule");
    if (rule.rule != kExpiringDays && rule.rule != kSelfAssessedMonths &&
        rule.rule != kTestResultMonths) {
      row.Fault("rule", "is not a known rule");
    }
    rule.value = static_cast<int>(row.Whole("value", 1, kMaxTerm));
    row.OptionalText("note");
    rule.basis = row.ReadBasis();
    rules.rules_.push_back(std::move(rule));
  }));
  RETURN_IF_ERROR(
      catalogue::CheckNoOverlap(kFile, rules.rules_, [](const Rule& rule) { return rule.rule; }));
  return rules;
}

std::optional<int> RegistryRules::ValueOf(absl::string_view rule, absl::CivilDay day) const {
  const Rule* found =
      catalogue::ValidOn(rules_, day, [&](const Rule& row) { return row.rule == rule; });
  if (found == nullptr) return std::nullopt;
  return found->value;
}

std::optional<int> RegistryRules::ExpiringDays(absl::CivilDay day) const {
  return ValueOf(kExpiringDays, day);
}

std::optional<int> RegistryRules::SelfAssessedMonths(absl::CivilDay day) const {
  return ValueOf(kSelfAssessedMonths, day);
}

std::optional<int> RegistryRules::TestResultMonths(absl::CivilDay day) const {
  return ValueOf(kTestResultMonths, day);
}

absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  return std::min(absl::CivilDay(month) + (day.day() - 1), absl::CivilDay(month + 1) - 1);
}

}  // namespace nscl::registry::domain
