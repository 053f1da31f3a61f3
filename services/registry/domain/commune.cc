#include "services/registry/domain/commune.h"

#include "absl/strings/str_cat.h"
#include "common/time/legal_date.h"

namespace nscl::registry::domain {
namespace {

// Whether a bound of a form, where there is one, is no later than a day. A bound that is no date
// holds nobody back.
bool NoLater(bool given, const google::type::Date& bound, absl::CivilDay day) {
  if (!given) return true;
  const absl::StatusOr<absl::CivilDay> read = time::ToCivilDay(bound);
  return !read.ok() || *read <= day;
}

bool NoEarlier(bool given, const google::type::Date& bound, absl::CivilDay day) {
  if (!given) return true;
  const absl::StatusOr<absl::CivilDay> read = time::ToCivilDay(bound);
  return !read.ok() || day <= *read;
}

}  // namespace

const v1::AdminUnitForm* FormOn(const v1::AdminUnit& unit, absl::CivilDay day) {
  for (const v1::AdminUnitForm& form : unit.forms()) {
    if (NoLater(form.has_valid_from(), form.valid_from(), day) &&
        NoEarlier(form.has_valid_to(), form.valid_to(), day)) {
      return &form;
    }
  }
  return nullptr;
}

const v1::AdminUnitForm* CheckCommuneOn(status::Violations& violations, absl::string_view path,
                                        absl::string_view code, const v1::AdminUnit* unit,
                                        absl::CivilDay day) {
  if (!violations.Check(unit != nullptr, path, "COMMUNE_UNKNOWN",
                        absl::StrCat("no commune has or had the code ", code),
                        absl::StrCat("không có xã, phường nào mang mã ", code))) {
    return nullptr;
  }
  const v1::AdminUnitForm* form = FormOn(*unit, day);
  violations.Check(
      form != nullptr, path, "COMMUNE_NOT_VALID",
      absl::StrCat("the commune ", code, " does not exist on ", time::FormatIsoDate(day)),
      absl::StrCat("xã, phường ", code, " không tồn tại vào ngày ", time::FormatDate(day)));
  return form;
}

void CheckCommuneProvince(status::Violations& violations, absl::string_view path,
                          absl::string_view code, absl::string_view wanted,
                          absl::string_view province) {
  violations.Check(
      wanted == province, path, "COMMUNE_PROVINCE",
      absl::StrCat("the commune ", code, " is one of the province ", province, ", not of ", wanted),
      absl::StrCat("xã, phường ", code, " thuộc tỉnh, thành phố ", province, ", không thuộc ",
                   wanted));
}

}  // namespace nscl::registry::domain
