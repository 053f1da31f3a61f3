// Terms that the law or the installation sets, dated: deploy/catalogue/registry_rules.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/rows.h"

namespace nscl::registry::domain {

class RegistryRules {
 public:
  static absl::StatusOr<RegistryRules> Load(absl::string_view catalogue_dir);
  static absl::StatusOr<RegistryRules> Parse(absl::string_view text);

  // Days before its last day on which a certificate is called expiring.
  std::optional<int> ExpiringDays(absl::CivilDay day) const;
  // Months for which a notice on an own assessment is valid.
  std::optional<int> SelfAssessedMonths(absl::CivilDay day) const;
  // Months after which a test result is too old for a dossier.
  std::optional<int> TestResultMonths(absl::CivilDay day) const;

 private:
  struct Rule {
    std::string rule;
    int value = 0;
    catalogue::Basis basis;
  };
  std::optional<int> ValueOf(absl::string_view rule, absl::CivilDay day) const;

  std::vector<Rule> rules_;
};

// The same day so many months later, or the last of the month where it has no such day (Bộ luật Dân
// sự Điều 148).
absl::CivilDay AddMonths(absl::CivilDay day, int months);

}  // namespace nscl::registry::domain
