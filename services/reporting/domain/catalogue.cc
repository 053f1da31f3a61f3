#include "services/reporting/domain/catalogue.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/time/budget_year.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::PlanOrganisation;
using catalogue::CheckNoOverlap;
using catalogue::ReadRowsOf;
using catalogue::Row;

constexpr char kIndicatorsFile[] = "indicators.json";
constexpr char kObligationsFile[] = "report_obligations.json";
constexpr char kFundingSourcesFile[] = "funding_sources.json";

const absl::flat_hash_map<std::string, Counting>& CountingsByName() {
  static const auto& names = *new absl::flat_hash_map<std::string, Counting>{
      {"", Counting::kNotEvaluable},
      {"HELD_ACTIVITIES", Counting::kHeldActivities},
      {"ATTENDANCES", Counting::kAttendances},
      {"ACCEPTED_PILOT_CASES", Counting::kAcceptedPilotCases},
      {"ACCEPTED_CASES_OF_FAMILY", Counting::kAcceptedCasesOfFamily},
      {"DISTINCT_ENTERPRISES_ACCEPTED", Counting::kDistinctEnterprisesAccepted},
      {"APPROVED_CASES_ON_SOURCE", Counting::kApprovedCasesOnSource},
  };
  return names;
}

absl::flat_hash_set<std::string> TextSet(Row& row, absl::string_view field) {
  std::vector<std::string> texts = row.Texts(field);
  return {texts.begin(), texts.end()};
}

IndicatorRule ReadIndicator(Row& row) {
  IndicatorRule rule;
  rule.metric = row.Text("metric");
  auto counting = CountingsByName().find(row.OptionalText("counting"));
  if (counting == CountingsByName().end()) {
    row.Fault("counting", "is not a way of counting that this version knows");
  } else {
    rule.counting = counting->second;
  }
  rule.families = TextSet(row, "families");
  rule.funding_sources = TextSet(row, "funding_sources");
  for (const std::string& kind : row.Texts("activity_kinds")) {
    casework::v1::Activity::Kind value;
    if (casework::v1::Activity::Kind_Parse(absl::StrCat("KIND_", kind), &value)) {
      rule.activity_kinds.insert(value);
    } else {
      row.Fault("activity_kinds", absl::StrCat(kind, " is not a kind of activity"));
    }
  }
  rule.not_evaluable_reason = row.OptionalText("not_evaluable_reason");
  if (rule.not_evaluable_reason.empty() == (rule.counting == Counting::kNotEvaluable)) {
    row.Fault("not_evaluable_reason", "must stand where, and only where, there is no counting");
  }
  for (const char* text : {"unit", "distinct_key", "evidence", "counts"}) row.OptionalText(text);
  rule.basis = row.ReadBasis();
  return rule;
}

// 0 where there is none.
int OptionalYear(Row& row, absl::string_view field) {
  return static_cast<int>(
      row.OptionalWhole(field, time::kFirstBudgetYear, time::kLastBudgetYear).value_or(0));
}

ObligationRule ReadObligation(Row& row) {
  ObligationRule rule;
  rule.rule_id = row.Text("rule_id");
  rule.province = row.OptionalText("province");
  rule.plan_first_year = OptionalYear(row, "plan_first_year");
  rule.plan_last_year = OptionalYear(row, "plan_last_year");
  if (!PlanOrganisation::Role_Parse(absl::StrCat("ROLE_", row.Text("role")), &rule.role)) {
    row.Fault("role", "is not a role of organisations in a plan");
  }
  rule.recipient = row.Text("recipient");
  const absl::optional<int64_t> month = row.OptionalWhole("due_month", 1, 12);
  const absl::optional<int64_t> day = row.OptionalWhole("due_day", 1, 31);
  rule.strict = row.Flag("strict");
  rule.clause = row.OptionalText("clause");
  rule.is_default = row.Flag("default");
  row.OptionalText("note");
  rule.basis = row.ReadBasis();
  if (month.has_value() != day.has_value() || (rule.is_default && !day.has_value())) {
    row.Fault("due_day", "month and day stand together, and a default has both");
  } else if (day.has_value()) {
    // 29 February would be another day in most years: such a rule needs a decision first.
    if (absl::CivilDay(2023, *month, *day).month() != *month)
      row.Fault("due_day", "is no such day");
    rule.due = {static_cast<int>(*month), static_cast<int>(*day)};
  }
  return rule;
}

// What only one rule may speak for on a day.
std::string RolePlace(const ObligationRule& rule) {
  const std::string& role = PlanOrganisation::Role_Name(rule.role);
  if (rule.is_default) return absl::StrCat("the default of ", role);
  return absl::StrCat(role, " of ", rule.province, "/", rule.plan_first_year, "-",
                      rule.plan_last_year);
}

}  // namespace

const IndicatorRule* Catalogue::Indicator(absl::string_view metric, absl::CivilDay day) const {
  return catalogue::ValidOn(indicators, day,
                            [&](const IndicatorRule& rule) { return rule.metric == metric; });
}

absl::StatusOr<Catalogue> ParseCatalogue(absl::string_view indicators,
                                         absl::string_view obligations,
                                         absl::string_view funding_sources) {
  Catalogue catalogue;
  RETURN_IF_ERROR(ReadRowsOf(
      indicators, kIndicatorsFile,
      [&](Row& row) { catalogue.indicators.push_back(ReadIndicator(row)); },
      [&](Row& head) {
        catalogue.approx_tolerance_thousandths =
            head.Whole("approx_tolerance_thousandths", 0, 1000);
        head.OptionalText("approx_tolerance_note");
      }));
  RETURN_IF_ERROR(ReadRowsOf(obligations, kObligationsFile, [&](Row& row) {
    catalogue.obligations.push_back(ReadObligation(row));
  }));
  RETURN_IF_ERROR(CheckNoOverlap(kIndicatorsFile, catalogue.indicators,
                                 [](const IndicatorRule& rule) { return rule.metric; }));
  RETURN_IF_ERROR(CheckNoOverlap(kObligationsFile, catalogue.obligations, RolePlace));
  ASSIGN_OR_RETURN(catalogue.funding_sources, catalogue::FundingSources::Parse(funding_sources));
  return catalogue;
}

absl::StatusOr<Catalogue> LoadCatalogue(absl::string_view dir) {
  ASSIGN_OR_RETURN(std::string indicators, catalogue::ReadFile(dir, kIndicatorsFile));
  ASSIGN_OR_RETURN(std::string obligations, catalogue::ReadFile(dir, kObligationsFile));
  ASSIGN_OR_RETURN(std::string sources, catalogue::ReadFile(dir, kFundingSourcesFile));
  return ParseCatalogue(indicators, obligations, sources);
}

}  // namespace nscl::reporting::domain
