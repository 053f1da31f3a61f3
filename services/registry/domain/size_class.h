// The size class of an enterprise (Nghị định 80/2021/NĐ-CP Điều 5-9): employees within the limit,
// and revenue or capital within theirs; tested from the smallest size up. The limits are dated rows
// of deploy/catalogue/sme_thresholds.json.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/rows.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/registry/v1/year_profile.pb.h"

namespace nscl::registry::domain {

// The most that a size may have.
struct SizeLimits {
  int64_t max_employees = 0;
  int64_t max_revenue_vnd = 0;
  int64_t max_capital_vnd = 0;
};

// The rule of one sector while it holds.
struct SizeRule {
  std::string version;  // "ND80-2021"
  v1::Sector sector = v1::SECTOR_UNSPECIFIED;
  SizeLimits micro, small, medium;
  catalogue::Basis basis;
};

class SizeRules {
 public:
  static absl::StatusOr<SizeRules> Load(absl::string_view catalogue_dir);
  static absl::StatusOr<SizeRules> Parse(absl::string_view text);

  // The rule of a sector on a day; null where none holds.
  const SizeRule* ValidOn(v1::Sector sector, absl::CivilDay day) const;

 private:
  std::vector<SizeRule> rules_;
};

// Whether the year's revenue can be used: there is some, and the enterprise is not in its first,
// incomplete year. Where the day of establishment is not known, fewer than 12 months are read as
// the first year (inference).
bool RevenueIsUsable(const v1::Enterprise& enterprise, const v1::YearProfile& profile, int year);

// Classifies by the rule that holds on the last day of the year, and says why. FAILED_PRECONDITION
// `NO_SIZE_RULE` or `SIZE_INPUTS`.
absl::StatusOr<v1::SizeClass> Classify(const v1::Enterprise& enterprise,
                                       const v1::YearProfile& profile, int year,
                                       const SizeRules& rules);

}  // namespace nscl::registry::domain
