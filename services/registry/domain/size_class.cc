#include "services/registry/domain/size_class.h"

#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "services/registry/domain/sectors.h"
#include "services/registry/errors.h"

namespace nscl::registry::domain {
namespace {

constexpr char kFile[] = "sme_thresholds.json";
// More than any limit of the size test.
constexpr int64_t kMaxEmployees = 1'000'000;
constexpr int64_t kTenthsPerPerson = 10;
constexpr int kMonthsOfYear = 12;

// One row of the file: the limits of one size.
struct LimitRow {
  std::string version;
  v1::Sector sector = v1::SECTOR_UNSPECIFIED;
  v1::Size size = v1::SIZE_UNSPECIFIED;
  SizeLimits limits;
  catalogue::Basis basis;
};

bool SameRule(const SizeRule& rule, const LimitRow& row) {
  return rule.version == row.version && rule.sector == row.sector &&
         rule.basis.valid_from == row.basis.valid_from && rule.basis.valid_to == row.basis.valid_to;
}

SizeLimits* LimitsOf(SizeRule& rule, v1::Size size) {
  switch (size) {
    case v1::SIZE_MICRO:
      return &rule.micro;
    case v1::SIZE_SMALL:
      return &rule.small;
    case v1::SIZE_MEDIUM:
      return &rule.medium;
    default:
      return nullptr;
  }
}

LimitRow ReadLimitRow(catalogue::Row& row) {
  LimitRow read;
  read.version = row.Text("rule_version");
  read.sector = SectorNamed(row.Text("sector"));
  if (read.sector == v1::SECTOR_UNSPECIFIED) row.Fault("sector", "is not a sector");
  v1::Size_Parse(absl::StrCat("SIZE_", row.Text("size")), &read.size);
  if (read.size < v1::SIZE_MICRO || read.size > v1::SIZE_MEDIUM) {
    row.Fault("size", "is not MICRO, SMALL or MEDIUM");
  }
  read.limits.max_employees = row.Whole("max_employees", 1, kMaxEmployees);
  read.limits.max_revenue_vnd = row.Whole("max_revenue_vnd", 1, money::kMaxAmountVnd);
  read.limits.max_capital_vnd = row.Whole("max_capital_vnd", 1, money::kMaxAmountVnd);
  read.basis = row.ReadBasis();
  return read;
}

// A rule that leaves a size out would call a small enterprise large.
absl::Status CheckComplete(const std::vector<SizeRule>& rules) {
  for (const SizeRule& rule : rules) {
    if (rule.micro.max_employees > 0 && rule.small.max_employees > 0 &&
        rule.medium.max_employees > 0) {
      continue;
    }
    return status::Error(absl::StatusCode::kInvalidArgument, "CATALOGUE")
        .Meta("file", kFile)
        .Meta("rule_version", rule.version)
        .En("catalogue ", kFile, ": ", rule.version, " lacks a size of ",
            v1::Sector_Name(rule.sector))
        .Vi("danh mục ", kFile, ": ", rule.version, " thiếu quy mô của ",
            v1::Sector_Name(rule.sector));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<SizeRules> SizeRules::Load(absl::string_view catalogue_dir) {
  ASSIGN_OR_RETURN(std::string text, catalogue::ReadFile(catalogue_dir, kFile));
  return Parse(text);
}

absl::StatusOr<SizeRules> SizeRules::Parse(absl::string_view text) {
  std::vector<LimitRow> rows;
  RETURN_IF_ERROR(catalogue::ReadRowsOf(
      text, kFile, [&](catalogue::Row& row) { rows.push_back(ReadLimitRow(row)); }));
  RETURN_IF_ERROR(catalogue::CheckNoOverlap(kFile, rows, [](const LimitRow& row) {
    return absl::StrCat(v1::Sector_Name(row.sector), " ", v1::Size_Name(row.size));
  }));
  SizeRules rules;
  for (const LimitRow& row : rows) {
    SizeRule* rule = nullptr;
    for (SizeRule& known : rules.rules_) {
      if (SameRule(known, row)) rule = &known;
    }
    if (rule == nullptr) {
      rules.rules_.push_back({row.version, row.sector, {}, {}, {}, row.basis});
      rule = &rules.rules_.back();
    }
    *LimitsOf(*rule, row.size) = row.limits;
  }
  RETURN_IF_ERROR(CheckComplete(rules.rules_));
  return rules;
}

const SizeRule* SizeRules::ValidOn(v1::Sector sector, absl::CivilDay day) const {
  return catalogue::ValidOn(rules_, day,
                            [&](const SizeRule& rule) { return rule.sector == sector; });
}

bool RevenueIsUsable(const v1::Enterprise& enterprise, const v1::YearProfile& profile, int year) {
  if (!profile.has_revenue_vnd()) return false;
  if (profile.months_operating() >= kMonthsOfYear) return true;
  return enterprise.has_established_on() && enterprise.established_on().year() < year;
}

absl::StatusOr<v1::SizeClass> Classify(const v1::Enterprise& enterprise,
                                       const v1::YearProfile& profile, int year,
                                       const SizeRules& rules) {
  const SizeRule* rule = rules.ValidOn(enterprise.sector(), absl::CivilDay(year, 12, 31));
  if (rule == nullptr) return errors::NoSizeRule(v1::Sector_Name(enterprise.sector()), year);
  bool revenue_usable = RevenueIsUsable(enterprise, profile, year);
  if (!revenue_usable && !profile.has_capital_vnd()) {
    return errors::SizeInputsMissing(profile.name());
  }

  v1::SizeClass result;
  result.set_sector(rule->sector);
  result.set_rule_version(rule->version);
  result.set_legal_basis(rule->basis.legal_basis);
  result.set_year_profile_etag(profile.etag());
  result.set_size(v1::SIZE_LARGE);
  const std::pair<v1::Size, const SizeLimits&> sizes[] = {{v1::SIZE_MICRO, rule->micro},
                                                          {v1::SIZE_SMALL, rule->small},
                                                          {v1::SIZE_MEDIUM, rule->medium}};
  for (const auto& [size, limits] : sizes) {
    v1::SizeTest& test = *result.add_tests();
    test.set_size(size);
    test.set_employees_tenths(profile.employees_tenths());
    test.set_max_employees(limits.max_employees);
    if (revenue_usable) test.set_revenue_vnd(profile.revenue_vnd());
    test.set_max_revenue_vnd(limits.max_revenue_vnd);
    if (profile.has_capital_vnd()) test.set_capital_vnd(profile.capital_vnd());
    test.set_max_capital_vnd(limits.max_capital_vnd);
    bool few_employees = profile.employees_tenths() <= limits.max_employees * kTenthsPerPerson;
    bool low_revenue = revenue_usable && profile.revenue_vnd() <= limits.max_revenue_vnd;
    bool low_capital = profile.has_capital_vnd() && profile.capital_vnd() <= limits.max_capital_vnd;
    test.set_holds(few_employees && (low_revenue || low_capital));
    if (!test.holds()) continue;
    result.set_size(size);
    break;
  }
  return result;
}

}  // namespace nscl::registry::domain
