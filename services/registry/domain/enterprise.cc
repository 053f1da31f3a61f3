#include "services/registry/domain/enterprise.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/tax_code.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kCommuneDigits = 5;

void CheckTaxCode(status::Violations& violations, v1::Enterprise* enterprise) {
  constexpr char kPath[] = "enterprise.tax_code";
  TaxCode code = ReadTaxCode(enterprise->tax_code());
  if (code.kind == TaxCodeKind::kPersonalId12) {
    // The number of a person: not repeated in the refusal, which is logged (REG-09).
    violations.Add(kPath, "TAX_CODE", "PERSONAL_ID_12: a personal identifier is not kept here",
                   "PERSONAL_ID_12: không nhận số định danh cá nhân ở trường này");
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

void CheckCommune(status::Violations& violations, const v1::Enterprise& enterprise) {
  const std::string& code = enterprise.commune_code();
  if (code.empty()) return;
  bool digits =
      std::all_of(code.begin(), code.end(), [](char c) { return absl::ascii_isdigit(c); });
  violations.Check(digits && code.size() == kCommuneDigits, "enterprise.commune_code",
                   "COMMUNE_CODE", "must be five digits", "phải gồm năm chữ số");
}

void CheckEstablishment(status::Violations& violations, const v1::Enterprise& enterprise,
                        absl::CivilDay today) {
  constexpr char kPath[] = "enterprise.established_on";
  if (!enterprise.has_established_on()) return;
  if (!time::CheckDate(violations, kPath, enterprise.established_on())) return;
  const google::type::Date& date = enterprise.established_on();
  violations.Check(absl::CivilDay(date.year(), date.month(), date.day()) <= today, kPath,
                   "DATE_FUTURE", absl::StrCat("must not be after ", time::FormatIsoDate(today)),
                   absl::StrCat("không được sau ngày ", time::FormatDate(today)));
}

void DeriveSector(status::Violations& violations, v1::Enterprise* enterprise,
                  const Sectors& sectors, absl::CivilDay today) {
  enterprise->set_sector(sectors.Of(enterprise->vsic_section(), today));
  violations.Check(enterprise->sector() != v1::SECTOR_UNSPECIFIED, "enterprise.vsic_section",
                   "VSIC_SECTION",
                   absl::StrCat("must be the letter of a section of the classification on ",
                                time::FormatIsoDate(today)),
                   absl::StrCat("phải là chữ cái của một ngành cấp 1 có hiệu lực ngày ",
                                time::FormatDate(today)));
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
  CheckCommune(violations, *enterprise);
  CheckEstablishment(violations, *enterprise, today);
  DeriveSector(violations, enterprise, sectors, today);
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
