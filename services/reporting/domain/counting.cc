#include "services/reporting/domain/counting.h"

#include <set>

#include "google/type/date.pb.h"

namespace nscl::reporting::domain {
namespace {

using casework::v1::Activity;
using casework::v1::SupportCase;

int YearOf(const google::type::Date& day, int budget_year) {
  return day.year() != 0 ? day.year() : budget_year;
}

int YearOfAcceptance(const SupportCase& c) {
  return YearOf(c.acceptance().accepted_on(), c.budget_year());
}

int YearOfApproval(const SupportCase& c) {
  return YearOf(c.approval().decided_on(), c.budget_year());
}

// Whether the rule looks at the case at all, and in which year it counts.
bool Counts(const IndicatorRule& rule, const SupportCase& c, Years years) {
  switch (rule.counting) {
    case Counting::kAcceptedPilotCases:
      return c.content().pilot_model() && IsAccepted(c.state()) &&
             years.Contains(YearOfAcceptance(c));
    case Counting::kAcceptedCasesOfFamily:
      return rule.families.contains(c.content().family()) && IsAccepted(c.state()) &&
             years.Contains(YearOfAcceptance(c));
    case Counting::kDistinctEnterprisesAccepted:
      return IsAccepted(c.state()) && years.Contains(YearOfAcceptance(c));
    case Counting::kApprovedCasesOnSource:
      return rule.funding_sources.contains(c.funding_source()) && IsApproved(c.state()) &&
             years.Contains(YearOfApproval(c));
    case Counting::kHeldActivities:
    case Counting::kAttendances:
    case Counting::kNotEvaluable:
      return false;
  }
  return false;
}

bool Counts(const IndicatorRule& rule, const Activity& activity, Years years) {
  if (rule.counting != Counting::kHeldActivities && rule.counting != Counting::kAttendances) {
    return false;
  }
  return rule.activity_kinds.contains(activity.kind()) && IsHeld(activity.state()) &&
         years.Contains(YearOf(activity.first_day(), activity.budget_year()));
}

// Ten digits of the tax code: a branch ("0400101394-001") is its enterprise.
std::string DistinctKey(const SupportCase& c, const Happenings& happenings) {
  auto tax_code = happenings.tax_codes.find(c.enterprise());
  return tax_code == happenings.tax_codes.end() ? c.enterprise() : tax_code->second.substr(0, 10);
}

}  // namespace

bool IsAccepted(SupportCase::State state) {
  switch (state) {
    case SupportCase::STATE_ACCEPTED:
    case SupportCase::STATE_PAID:
    case SupportCase::STATE_LIQUIDATION_PENDING:
    case SupportCase::STATE_LIQUIDATED:
    case SupportCase::STATE_CLOSED:
      return true;
    default:
      return false;
  }
}

bool IsApproved(SupportCase::State state) {
  switch (state) {
    case SupportCase::STATE_APPROVED:
    case SupportCase::STATE_CONTRACT_PENDING:
    case SupportCase::STATE_CONTRACTED:
    case SupportCase::STATE_IN_PROGRESS:
    case SupportCase::STATE_DELIVERED:
      return true;
    default:
      return IsAccepted(state);
  }
}

bool IsHeld(Activity::State state) {
  return state == Activity::STATE_HELD || state == Activity::STATE_SETTLEMENT_PENDING ||
         state == Activity::STATE_SETTLED;
}

Count CountHappenings(const IndicatorRule& rule, const Happenings& happenings, Years years) {
  Count count;
  std::set<std::string> names;
  std::set<std::string> enterprises;
  for (const SupportCase& c : happenings.cases) {
    if (!Counts(rule, c, years)) continue;
    names.insert(c.name());
    enterprises.insert(DistinctKey(c, happenings));
    ++count.value;
  }
  for (const Activity& activity : happenings.activities) {
    if (!Counts(rule, activity, years)) continue;
    names.insert(activity.name());
    count.value += rule.counting == Counting::kAttendances ? activity.attendances_size() : 1;
  }
  if (rule.counting == Counting::kDistinctEnterprisesAccepted) {
    count.value = static_cast<int64_t>(enterprises.size());
  }
  count.names.assign(names.begin(), names.end());
  return count;
}

}  // namespace nscl::reporting::domain
