#include "services/registry/domain/enterprise.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/contact_points.h"
#include "services/registry/domain/enterprise_details.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/tax_code.h"
#include "services/registry/domain/vsic.h"

namespace nscl::registry::domain {
namespace {

void CheckTaxCode(status::Violations& violations, v1::Enterprise* enterprise) {
  constexpr char kPath[] = "enterprise.tax_code";
  // A household business is known by the number of its owner (Luật Quản lý thuế Điều 35.7).
  if (enterprise->tax_code().empty() &&
      enterprise->legal_kind() == v1::Enterprise::LEGAL_KIND_HOUSEHOLD) {
    return;
  }
  TaxCode code = ReadTaxCode(enterprise->tax_code());
  if (code.kind == TaxCodeKind::kPersonalId12) {
    // The number of a person: not repeated in the refusal, which is logged (REG-09).
    violations.Add(kPath, "TAX_CODE",
                   "PERSONAL_ID_12: a personal identifier is kept with the contact of the owner",
                   "PERSONAL_ID_12: số định danh cá nhân được ghi ở thông tin chủ hộ kinh doanh");
    return;
  }
  violations.Check(code.fault == TaxCodeFault::kNone, kPath, "TAX_CODE",
                   absl::StrCat(NameOf(code.fault), ": ", EnglishOf(code.fault)),
                   absl::StrCat(NameOf(code.fault), ": ", VietnameseOf(code.fault)));
  if (code.fault == TaxCodeFault::kNone) enterprise->set_tax_code(code.normalised);
}

void CheckEnums(status::Violations& violations, v1::Enterprise* enterprise) {
  using E = v1::Enterprise;
  violations.Check(E::LegalKind_IsValid(enterprise->legal_kind()) &&
                       enterprise->legal_kind() != E::LEGAL_KIND_UNSPECIFIED,
                   "enterprise.legal_kind", "ENUM_VALUE", "must be a known legal form",
                   "phải là loại hình pháp lý đã biết");
  violations.Check(E::OperatingStatus_IsValid(enterprise->operating_status()),
                   "enterprise.operating_status", "ENUM_VALUE", "must be a known status",
                   "phải là tình trạng hoạt động đã biết");
  if (enterprise->operating_status() == E::OPERATING_STATUS_UNSPECIFIED) {
    enterprise->set_operating_status(E::OPERATING_STATUS_ACTIVE);
  }
}

// The lines of business, as far as their form goes; a letter before the main line is its section.
void CheckLines(status::Violations& violations, v1::Enterprise* enterprise) {
  const auto check = [&](absl::string_view path, absl::string_view value) {
    return violations.Check(
        IsVsicForm(value), path, "VSIC_CODE",
        "must be a letter and up to five digits, or two to five digits",
        "phải gồm một chữ cái và tối đa năm chữ số, hoặc từ hai đến năm chữ số");
  };
  if (!enterprise->vsic_main().empty() && check("enterprise.vsic_main", enterprise->vsic_main()) &&
      !VsicSectionOf(enterprise->vsic_main()).empty()) {
    enterprise->set_vsic_section(std::string(VsicSectionOf(enterprise->vsic_main())));
  }
  if (enterprise->vsic_others_size() > kMaxOtherLines) {
    return violations.Add("enterprise.vsic_others", "TOO_MANY",
                          absl::StrCat("at most ", kMaxOtherLines),
                          absl::StrCat("nhiều nhất ", kMaxOtherLines));
  }
  std::set<std::string> seen{enterprise->vsic_main()};
  for (int i = 0; i < enterprise->vsic_others_size(); ++i) {
    const std::string path = absl::StrCat("enterprise.vsic_others[", i, "]");
    if (!check(path, enterprise->vsic_others(i))) continue;
    violations.Check(seen.insert(enterprise->vsic_others(i)).second, path, "VSIC_TWICE",
                     "stands twice", "bị trùng");
  }
}

// The sector of today by the section; the section is one of the classification of the day that the
// lines were registered on, as far back as the catalogue goes.
void DeriveSector(status::Violations& violations, v1::Enterprise* enterprise,
                  const Sectors& sectors, absl::CivilDay today) {
  absl::CivilDay day = today;
  if (absl::StatusOr<absl::CivilDay> on = time::ToCivilDay(enterprise->vsic_on());
      enterprise->has_vsic_on() && on.ok() && sectors.HoldOn(*on)) {
    day = *on;
  }
  enterprise->set_sector(sectors.Of(enterprise->vsic_section(), today));
  violations.Check(
      enterprise->sector() != v1::SECTOR_UNSPECIFIED &&
          sectors.Of(enterprise->vsic_section(), day) != v1::SECTOR_UNSPECIFIED,
      "enterprise.vsic_section", "VSIC_SECTION",
      absl::StrCat("must be the letter of a section of the classification on ",
                   time::FormatIsoDate(day)),
      absl::StrCat("phải là chữ cái của một ngành cấp 1 có hiệu lực ngày ", time::FormatDate(day)));
}

}  // namespace

absl::Status Normalise(v1::Enterprise* enterprise, const Sectors& sectors, absl::CivilDay today) {
  status::Violations violations;
  text::CleanField(violations, "enterprise.display_name", enterprise->mutable_display_name(),
                   {.min_chars = 1, .max_chars = kMaxDisplayName});
  CheckTaxCode(violations, enterprise);
  CheckEnums(violations, enterprise);
  text::CleanField(violations, "enterprise.address", enterprise->mutable_address(),
                   {.max_chars = kMaxAddress});
  CheckCommuneForm(violations, "enterprise.commune_code", enterprise->commune_code());
  CheckNotAfter(violations, "enterprise.established_on", enterprise->has_established_on(),
                enterprise->established_on(), today);
  text::CleanField(violations, "enterprise.foreign_name", enterprise->mutable_foreign_name(),
                   {.max_chars = kMaxDisplayName});
  text::CleanField(violations, "enterprise.short_name", enterprise->mutable_short_name(),
                   {.max_chars = kMaxShortName});
  CheckCommuneForm(violations, "enterprise.old_commune_code", enterprise->old_commune_code());
  CheckLines(violations, enterprise);
  CheckNotAfter(violations, "enterprise.vsic_on", enterprise->has_vsic_on(), enterprise->vsic_on(),
                today);
  DeriveSector(violations, enterprise, sectors, today);
  NormaliseBusinessLocations(violations, *enterprise);
  NormaliseMarks(violations, *enterprise, today);
  NormaliseMemberships(violations, *enterprise);
  NormalisePhone(violations, "enterprise.phone", enterprise->mutable_phone());
  NormaliseEmail(violations, "enterprise.email", enterprise->mutable_email());
  NormaliseWebsite(violations, "enterprise.website", enterprise->mutable_website());
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
