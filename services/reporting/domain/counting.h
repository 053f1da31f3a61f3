// Counting what happened, one rule for each way of counting (domain: turns are not enterprises).
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/reporting/domain/catalogue.h"

namespace nscl::reporting::domain {

// What happened under a plan.
struct Happenings {
  std::vector<casework::v1::SupportCase> cases;
  std::vector<casework::v1::Activity> activities;
  // Tax codes of enterprises, by name; where one is not known, the name tells enterprises apart.
  absl::flat_hash_map<std::string, std::string> tax_codes;
};

// Years, both inclusive; empty where last < first.
struct Years {
  int first = 0;
  int last = 0;
  bool Contains(int year) const { return first <= year && year <= last; }
};

// A count and what was counted, in order of name, each name once.
struct Count {
  int64_t value = 0;
  std::vector<std::string> names;
};

// Counts by the rule, which must be evaluable. A case counts in the year of its acceptance or
// approval decision, an activity in the year of its first day; where that day is not on file, in
// its budget year.
Count CountHappenings(const IndicatorRule& rule, const Happenings& happenings, Years years);

// The state of a case is ACCEPTED or one after it.
bool IsAccepted(casework::v1::SupportCase::State state);
// The state of a case is APPROVED (money held) or one after it.
bool IsApproved(casework::v1::SupportCase::State state);
// The activity was held.
bool IsHeld(casework::v1::Activity::State state);

}  // namespace nscl::reporting::domain
