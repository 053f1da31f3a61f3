#include "common/time/budget_year.h"

#include "absl/strings/str_cat.h"

namespace nscl::time {

bool CheckBudgetYear(status::Violations& violations, absl::string_view path, int64_t year) {
  return violations.Check(kFirstBudgetYear <= year && year <= kLastBudgetYear, path, "YEAR_RANGE",
                          absl::StrCat("must be ", kFirstBudgetYear, " to ", kLastBudgetYear),
                          absl::StrCat("phải từ ", kFirstBudgetYear, " đến ", kLastBudgetYear));
}

}  // namespace nscl::time
