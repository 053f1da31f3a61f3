// What rules need to know from other services, gathered before the rule runs.
#pragma once

#include <string>

namespace nscl::casework::domain {

// From registry.
struct EnterpriseFacts {
  bool known = false;
  bool active = false;
  // "SUSPENDED" and "tạm ngừng kinh doanh", for the refusal.
  std::string operating_status, operating_status_vi;
};

// From registry: the size class for the year before the budget year.
struct SizeFacts {
  bool known = false;
  std::string size;          // "SMALL"
  std::string rule_version;  // "sme:2021-10-15"
};

// From budgeting: the plan that the line belongs to.
struct PlanFacts {
  bool line_known = false;
  bool issued = false;
  std::string state, state_vi;  // "DRAFT" and "dự thảo", for the refusal
  int first_year = 0;
  int last_year = 0;
};

}  // namespace nscl::casework::domain
