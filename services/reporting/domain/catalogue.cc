#include "services/reporting/domain/catalogue.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/status_macros.h"
#include "services/reporting/errors.h"

namespace nscl::reporting::domain {
namespace {

using nlohmann::json;

std::string Text(const json& row, const char* field) {
  auto it = row.find(field);
  return it == row.end() || it->is_null() ? "" : it->get<std::string>();
}

int Number(const json& row, const char* field) {
  auto it = row.find(field);
  return it == row.end() || it->is_null() ? 0 : it->get<int>();
}

absl::flat_hash_set<std::string> Texts(const json& row, const char* field) {
  absl::flat_hash_set<std::string> texts;
  for (const json& text : row.value(field, json::array())) texts.insert(text.get<std::string>());
  return texts;
}

absl::StatusOr<Counting> CountingOf(const std::string& name) {
  static const auto& names = *new absl::flat_hash_map<std::string, Counting>{
      {"", Counting::kNotEvaluable},
      {"HELD_ACTIVITIES", Counting::kHeldActivities},
      {"ATTENDANCES", Counting::kAttendances},
      {"ACCEPTED_PILOT_CASES", Counting::kAcceptedPilotCases},
      {"ACCEPTED_CASES_OF_FAMILY", Counting::kAcceptedCasesOfFamily},
      {"DISTINCT_ENTERPRISES_ACCEPTED", Counting::kDistinctEnterprisesAccepted},
      {"APPROVED_CASES_ON_SOURCE", Counting::kApprovedCasesOnSource},
  };
  auto it = names.find(name);
  if (it == names.end()) {
    return errors::UnusableCatalogue("indicators.json", name,
                                     "this version knows no such way of counting");
  }
  return it->second;
}

absl::StatusOr<IndicatorRule> ParseIndicator(const json& row) {
  IndicatorRule rule;
  rule.metric = row.at("metric").get<std::string>();
  ASSIGN_OR_RETURN(rule.counting, CountingOf(Text(row, "counting")));
  rule.families = Texts(row, "families");
  rule.funding_sources = Texts(row, "funding_sources");
  rule.not_evaluable_reason = Text(row, "not_evaluable_reason");
  for (const std::string& kind : Texts(row, "activity_kinds")) {
    casework::v1::Activity::Kind value;
    if (!casework::v1::Activity::Kind_Parse(absl::StrCat("KIND_", kind), &value)) {
      return errors::UnusableCatalogue("indicators.json", rule.metric,
                                       absl::StrCat("no such activity: ", kind));
    }
    rule.activity_kinds.insert(value);
  }
  return rule;
}

absl::StatusOr<std::optional<absl::CivilDay>> ParseDay(const json& row, const char* field) {
  std::string text = Text(row, field);
  if (text.empty()) return std::nullopt;
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) {
    return errors::UnusableCatalogue("report_obligations.json", Text(row, "rule_id"),
                                     absl::StrCat(field, " ", text));
  }
  return day;
}

absl::StatusOr<ObligationRule> ParseObligation(const json& row) {
  ObligationRule rule;
  rule.rule_id = row.at("rule_id").get<std::string>();
  rule.province = Text(row, "province");
  rule.plan_first_year = Number(row, "plan_first_year");
  rule.plan_last_year = Number(row, "plan_last_year");
  if (!budgeting::v1::PlanOrganisation::Role_Parse(absl::StrCat("ROLE_", Text(row, "role")),
                                                   &rule.role)) {
    return errors::UnusableCatalogue("report_obligations.json", rule.rule_id, "no such role");
  }
  rule.recipient = Text(row, "recipient");
  rule.strict = row.at("strict").get<bool>();
  rule.clause = Text(row, "clause");
  rule.is_default = row.at("default").get<bool>();
  rule.legal_basis = row.at("legal_basis").get<std::string>();
  ASSIGN_OR_RETURN(rule.valid_from, ParseDay(row, "valid_from"));
  ASSIGN_OR_RETURN(rule.valid_to, ParseDay(row, "valid_to"));
  const int month = Number(row, "due_month"), day = Number(row, "due_day");
  // 29 February would be another day in most years: such a rule needs a decision first.
  const bool exists =
      month >= 1 && month <= 12 && day >= 1 && absl::CivilDay(2023, month, day).month() == month;
  if (exists) {
    rule.due = {month, day};
  } else if (month != 0 || day != 0 || rule.is_default) {
    return errors::UnusableCatalogue("report_obligations.json", rule.rule_id,
                                     "no such day of the year");
  }
  return rule;
}

absl::StatusOr<json> ParseList(absl::string_view file, absl::string_view text) {
  json list = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (list.is_discarded() || !list.is_object() || !list.contains("rows") ||
      !list["rows"].is_array()) {
    return errors::UnusableCatalogue(file, "-", "not a JSON object with rows");
  }
  return list;
}

}  // namespace

absl::StatusOr<Catalogue> ParseCatalogue(absl::string_view indicators,
                                         absl::string_view obligations,
                                         absl::string_view funding_sources) {
  Catalogue catalogue;
  // nlohmann throws on a missing field or a wrong type; a catalogue is read at start only.
  absl::string_view file;
  std::string row_text;
  try {
    file = "indicators.json";
    ASSIGN_OR_RETURN(json list, ParseList(file, indicators));
    catalogue.approx_tolerance_thousandths =
        list.at("approx_tolerance").at("thousandths").get<int64_t>();
    for (const json& row : list["rows"]) {
      row_text = row.dump();
      ASSIGN_OR_RETURN(IndicatorRule rule, ParseIndicator(row));
      std::string metric = rule.metric;
      catalogue.indicators.emplace(std::move(metric), std::move(rule));
    }
    file = "report_obligations.json";
    ASSIGN_OR_RETURN(list, ParseList(file, obligations));
    for (const json& row : list["rows"]) {
      row_text = row.dump();
      ASSIGN_OR_RETURN(ObligationRule rule, ParseObligation(row));
      catalogue.obligations.push_back(std::move(rule));
    }
    file = "funding_sources.json";
    ASSIGN_OR_RETURN(list, ParseList(file, funding_sources));
    for (const json& row : list["rows"]) {
      row_text = row.dump();
      std::string code = row.at("code").get<std::string>();
      if (row.at("pseudo").get<bool>()) catalogue.pseudo_sources.insert(code);
      catalogue.funding_source_names.emplace(code, row.at("name").get<std::string>());
    }
  } catch (const json::exception& e) {
    return errors::UnusableCatalogue(file, row_text, e.what());
  }
  return catalogue;
}

}  // namespace nscl::reporting::domain
