#include "services/reporting/domain/obligations.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/reporting/errors.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::Plan;
using budgeting::v1::PlanOrganisation;
using v1::Obligation;

constexpr text::TextRule kDocumentNumber = {.min_chars = 1, .max_chars = 100};

// "48" and "dn" of "provinces/48/plans/dn".
std::pair<std::string, std::string> IdsOf(const Plan& plan) {
  std::vector<std::string> parts = absl::StrSplit(plan.name(), '/');
  if (parts.size() != 4) return {};
  return {parts[1], parts[3]};
}

// A plan's id may fill all of an id's 63 characters; year and number still need 8. A long one is
// cut and told apart by the FNV-1a hash of the whole.
std::string ShortId(const std::string& plan_id) {
  constexpr size_t kRoom = 63 - 8;
  if (plan_id.size() <= kRoom) return plan_id;
  uint32_t hash = 2166136261u;
  for (unsigned char c : plan_id) hash = (hash ^ c) * 16777619u;
  return absl::StrFormat("%s-%08x", plan_id.substr(0, kRoom - 9), hash);
}

absl::CivilDay DueIn(int year, const ObligationRule& rule) {
  return absl::CivilDay(year, rule.due->first, rule.due->second);
}

// The default of the role that holds on its own day of the year.
const ObligationRule* DefaultOf(const std::vector<ObligationRule>& rules,
                                PlanOrganisation::Role role, int year) {
  for (const ObligationRule& rule : rules) {
    if (rule.is_default && rule.role == role && rule.basis.HoldsOn(DueIn(year, rule))) return &rule;
  }
  return nullptr;
}

// The plan's own rule that holds on its day of the year; one that names no day must hold on that of
// `fallback`, whose day it takes.
const ObligationRule* RuleOf(const std::vector<ObligationRule>& rules, const Plan& plan,
                             absl::string_view province, PlanOrganisation::Role role, int year,
                             const ObligationRule* fallback) {
  for (const ObligationRule& rule : rules) {
    if (rule.is_default || rule.role != role || rule.province != province ||
        rule.plan_first_year != plan.first_year() || rule.plan_last_year != plan.last_year()) {
      continue;
    }
    const ObligationRule* day_rule = rule.due.has_value() ? &rule : fallback;
    if (day_rule != nullptr && rule.basis.HoldsOn(DueIn(year, *day_rule))) return &rule;
  }
  return nullptr;
}

// "trước ngày 15/11".
std::string DayText(const ObligationRule& rule) {
  return absl::StrFormat("%s ngày %02d/%02d", rule.strict ? "trước" : "chậm nhất", rule.due->second,
                         rule.due->first);
}

std::string Basis(const ObligationRule* own, const ObligationRule& day_rule) {
  if (own == &day_rule) {
    return absl::StrCat("Kế hoạch, ", own->clause, ": ", DayText(day_rule));
  }
  return absl::StrCat("Kế hoạch ", own == nullptr ? "" : absl::StrCat("(", own->clause, ") "),
                      "không nêu ngày; dùng ngày mặc định ", DayText(day_rule), " theo ",
                      day_rule.basis.legal_basis);
}

}  // namespace

std::vector<Obligation> ObligationsOf(const Plan& plan, const std::vector<ObligationRule>& rules) {
  std::vector<Obligation> obligations;
  const auto [province, plan_id] = IdsOf(plan);
  for (int year = plan.first_year(); year <= plan.last_year(); ++year) {
    int number = 0;
    for (const PlanOrganisation& organisation : plan.organisations()) {
      ++number;
      if (organisation.role() != PlanOrganisation::ROLE_UNIT &&
          organisation.role() != PlanOrganisation::ROLE_FOCAL) {
        continue;
      }
      const ObligationRule* fallback = DefaultOf(rules, organisation.role(), year);
      const ObligationRule* own =
          RuleOf(rules, plan, province, organisation.role(), year, fallback);
      const ObligationRule* day_rule = own != nullptr && own->due.has_value() ? own : fallback;
      if (day_rule == nullptr) continue;
      const absl::CivilDay due = DueIn(year, *day_rule);

      Obligation obligation;
      obligation.set_name(absl::StrFormat("provinces/%s/obligations/%s-%d-%02d", province,
                                          ShortId(plan_id), year, number));
      obligation.set_plan(plan.name());
      obligation.set_year(year);
      obligation.set_organisation(organisation.display_name());
      obligation.set_recipient((own != nullptr ? own : day_rule)->recipient);
      *obligation.mutable_due_date() = time::ToDate(due);
      obligation.set_strict(day_rule->strict);
      *obligation.mutable_last_day() =
          time::ToDate(time::Deadline{due, !day_rule->strict}.LastDay());
      obligation.set_default_used(day_rule != own);
      obligation.set_basis(Basis(own, *day_rule));
      obligation.set_state(Obligation::STATE_OPEN);
      obligations.push_back(std::move(obligation));
    }
  }
  return obligations;
}

absl::StatusOr<Obligation> FileObligation(Obligation current,
                                          const v1::FileObligationRequest& request,
                                          absl::CivilDay today) {
  status::Violations violations;
  std::string document_number = request.document_number();
  text::CleanField(violations, "document_number", &document_number, kDocumentNumber);
  if (time::CheckDate(violations, "filed_on", request.filed_on())) {
    violations.Check(*time::ToCivilDay(request.filed_on()) <= today, "filed_on", "DATE_IN_FUTURE",
                     "lies in the future", "là ngày trong tương lai");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  if (current.state() != Obligation::STATE_OPEN) return errors::ObligationNotOpen(current);

  ASSIGN_OR_RETURN(absl::CivilDay filed_on, time::ToCivilDay(request.filed_on()));
  ASSIGN_OR_RETURN(absl::CivilDay last_day, time::ToCivilDay(current.last_day()));
  const bool in_time = filed_on <= last_day;
  current.set_state(in_time ? Obligation::STATE_FILED : Obligation::STATE_FILED_LATE);
  current.set_document_number(std::move(document_number));
  *current.mutable_filed_on() = request.filed_on();
  return current;
}

bool IsOverdue(const Obligation& obligation, absl::CivilDay today) {
  const absl::StatusOr<absl::CivilDay> last_day = time::ToCivilDay(obligation.last_day());
  return obligation.state() == Obligation::STATE_OPEN && last_day.ok() && today > *last_day;
}

}  // namespace nscl::reporting::domain
