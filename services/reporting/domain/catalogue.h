// The dated lists that reporting reads from deploy/catalogue: how an indicator is counted, who owes
// a report by which day, and which funding sources carry money.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/catalogue/funding_sources.h"
#include "common/catalogue/rows.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/casework/v1/activity.pb.h"

namespace nscl::reporting::domain {

// How a metric is counted; names as in the `counting` field of indicators.json.
enum class Counting {
  kNotEvaluable,
  kHeldActivities,               // HELD_ACTIVITIES
  kAttendances,                  // ATTENDANCES
  kAcceptedPilotCases,           // ACCEPTED_PILOT_CASES
  kAcceptedCasesOfFamily,        // ACCEPTED_CASES_OF_FAMILY
  kDistinctEnterprisesAccepted,  // DISTINCT_ENTERPRISES_ACCEPTED
  kApprovedCasesOnSource,        // APPROVED_CASES_ON_SOURCE
};

// A row of indicators.json.
struct IndicatorRule {
  std::string metric;
  Counting counting = Counting::kNotEvaluable;
  absl::flat_hash_set<std::string> families;
  absl::flat_hash_set<std::string> funding_sources;
  absl::flat_hash_set<casework::v1::Activity::Kind> activity_kinds;
  std::string not_evaluable_reason;  // Vietnamese; set where it is not evaluable
  catalogue::Basis basis;
};

// A row of report_obligations.json.
struct ObligationRule {
  std::string rule_id;
  // The plan that it belongs to; a default has none.
  std::string province;
  int plan_first_year = 0;
  int plan_last_year = 0;
  budgeting::v1::PlanOrganisation::Role role = budgeting::v1::PlanOrganisation::ROLE_UNSPECIFIED;
  std::string recipient;
  // Month and day by which to report; absent where the plan names none.
  std::optional<std::pair<int, int>> due;
  bool strict = true;  // "trước ngày"
  std::string clause;  // "mục VI.1.e"
  bool is_default = false;
  catalogue::Basis basis;
};

// Everything that reporting reads at start.
struct Catalogue {
  std::vector<IndicatorRule> indicators;
  std::vector<ObligationRule> obligations;
  catalogue::FundingSources funding_sources;
  // "About" (khoảng) is met within this share of the value, in thousandths.
  int64_t approx_tolerance_thousandths = 0;

  // How a metric is counted on a day; null where it is not known then.
  const IndicatorRule* Indicator(absl::string_view metric, absl::CivilDay day) const;
};

// Reads indicators.json, report_obligations.json and funding_sources.json of a folder. NOT_FOUND or
// INVALID_ARGUMENT `CATALOGUE` with file, row and field; two rows for one metric, or for one role
// of one plan, must not hold on the same day.
absl::StatusOr<Catalogue> LoadCatalogue(absl::string_view dir);
// The same from texts.
absl::StatusOr<Catalogue> ParseCatalogue(absl::string_view indicators,
                                         absl::string_view obligations,
                                         absl::string_view funding_sources);

}  // namespace nscl::reporting::domain
