#include "services/registry/domain/year_profile.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/size_class.h"

namespace nscl::registry::domain {
namespace {

constexpr int kMonthsOfYear = 12;

void CheckYear(status::Violations& violations, const v1::Enterprise& enterprise, int year,
               absl::CivilDay today) {
  int first = kFirstProfileYear;
  if (enterprise.has_established_on()) first = std::max(first, enterprise.established_on().year());
  violations.Check(year >= first && year <= today.year(), "year_profile.name", "YEAR_RANGE",
                   absl::StrCat("the year must be ", first, " to ", today.year(), ", is ", year),
                   absl::StrCat("năm phải từ ", first, " đến ", today.year(), ", đang là ", year));
}

void CheckMonths(status::Violations& violations, const v1::YearProfile& profile,
                 const v1::Enterprise& enterprise, int year) {
  int most = kMonthsOfYear;
  if (enterprise.has_established_on() && enterprise.established_on().year() == year) {
    most = kMonthsOfYear + 1 - enterprise.established_on().month();
  }
  int months = profile.months_operating();
  violations.Check(months >= 1 && months <= most, "year_profile.months_operating", "MONTHS_RANGE",
                   absl::StrCat("must be 1 to ", most, ", is ", months),
                   absl::StrCat("phải từ 1 đến ", most, ", đang là ", months));
}

void CheckFigures(status::Violations& violations, const v1::YearProfile& profile,
                  const v1::Enterprise& enterprise, int year) {
  violations.Check(
      profile.employees_tenths() >= 0 && profile.employees_tenths() <= kMaxEmployeesTenths,
      "year_profile.employees_tenths", "EMPLOYEES_RANGE",
      absl::StrCat("must be 0 to ", kMaxEmployeesTenths, " tenths of a person"),
      absl::StrCat("phải từ 0 đến ", kMaxEmployeesTenths, " phần mười người"));
  if (profile.has_revenue_vnd()) {
    money::CheckAmount(violations, "year_profile.revenue_vnd", profile.revenue_vnd());
  }
  if (profile.has_export_vnd()) {
    money::CheckAmount(violations, "year_profile.export_vnd", profile.export_vnd());
  }
  if (profile.has_capital_vnd()) {
    money::CheckAmount(violations, "year_profile.capital_vnd", profile.capital_vnd());
    return;
  }
  if (!profile.incomplete_reason().empty()) return;  // REG-06
  if (!violations.Check(profile.has_revenue_vnd(), "year_profile.revenue_vnd", "REVENUE_OR_CAPITAL",
                        "revenue or capital must be there",
                        "phải có doanh thu hoặc tổng nguồn vốn")) {
    return;
  }
  violations.Check(RevenueIsUsable(enterprise, profile, year), "year_profile.capital_vnd",
                   "CAPITAL_REQUIRED",
                   "the revenue of a first, incomplete year is not used: the capital is needed",
                   "năm đầu hoạt động dưới 12 tháng không dùng doanh thu: cần tổng nguồn vốn");
}

void CheckDeclaration(status::Violations& violations, v1::YearProfile* profile,
                      absl::CivilDay today) {
  text::CleanField(violations, "year_profile.declared_by", profile->mutable_declared_by(),
                   {.max_chars = kMaxDeclaredBy});
  text::CleanField(violations, "year_profile.document_number", profile->mutable_document_number(),
                   {.max_chars = kMaxDocumentNumber});
  CheckNotAfter(violations, "year_profile.declared_on", profile->has_declared_on(),
                profile->declared_on(), today);
}

}  // namespace

absl::Status Normalise(v1::YearProfile* profile, const v1::Enterprise& enterprise, int year,
                       absl::CivilDay today) {
  status::Violations violations;
  text::CleanField(violations, "year_profile.incomplete_reason",
                   profile->mutable_incomplete_reason(), {.max_chars = kMaxIncompleteReason});
  CheckYear(violations, enterprise, year, today);
  CheckMonths(violations, *profile, enterprise, year);
  CheckFigures(violations, *profile, enterprise, year);
  CheckDeclaration(violations, profile, today);
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
