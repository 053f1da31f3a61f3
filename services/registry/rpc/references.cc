#include "services/registry/rpc/references.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"

namespace nscl::registry {
namespace {

constexpr char kSolutions[] = "solutions";
constexpr size_t kPage = 500;

// Whether two provinces are one today.
bool SameProvince(const Parts& parts, absl::string_view a, absl::string_view b) {
  const absl::CivilDay today = time::VietnamDay(parts.clock.Now());
  return parts.provinces.HolderOn(a, today) == parts.provinces.HolderOn(b, today);
}

// Whether the period of a stored message has the day.
template <typename M>
bool HoldsOn(const M& message, absl::CivilDay day) {
  if (message.has_valid_from() && day < *time::ToCivilDay(message.valid_from())) return false;
  return !message.has_valid_to() || day <= *time::ToCivilDay(message.valid_to());
}

// Every code of a list.
absl::StatusOr<std::vector<v1::Code>> CodesOf(const Parts& parts, const store::Reader& reader,
                                              absl::string_view list) {
  std::vector<v1::Code> codes;
  std::string after_key;
  do {
    ASSIGN_OR_RETURN(store::Page<v1::Code> page,
                     parts.tables.codes.List(reader, absl::StrCat("codeLists/", list), std::nullopt,
                                             after_key, kPage));
    std::move(page.rows.begin(), page.rows.end(), std::back_inserter(codes));
    after_key = std::move(page.last_key);
  } while (!after_key.empty());
  return codes;
}

}  // namespace

absl::StatusOr<std::vector<v1::Code>> CodesOn(const Parts& parts, const store::Reader& reader,
                                              absl::string_view list, absl::CivilDay day) {
  ASSIGN_OR_RETURN(std::vector<v1::Code> codes, CodesOf(parts, reader, list));
  std::erase_if(codes, [day](const v1::Code& code) { return !HoldsOn(code, day); });
  return codes;
}

absl::Status CheckCode(status::Violations& violations, const Parts& parts,
                       const store::Reader& reader, absl::string_view path, absl::string_view list,
                       absl::string_view value, absl::CivilDay day) {
  if (value.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<v1::Code> codes, CodesOf(parts, reader, list));
  if (codes.empty()) return absl::OkStatus();
  const bool known = std::any_of(codes.begin(), codes.end(), [&](const v1::Code& code) {
    return code.value() == value && HoldsOn(code, day);
  });
  violations.Check(known, path, "CODE_UNKNOWN",
                   absl::StrCat("`", value, "` is not a code of codeLists/", list, " on ",
                                time::FormatIsoDate(day)),
                   absl::StrCat("`", value, "` không có trong danh mục ", list, " vào ngày ",
                                time::FormatDate(day)));
  return absl::OkStatus();
}

absl::Status CheckSolutions(const Parts& parts, const store::Reader& reader, absl::string_view path,
                            const domain::Competences& competences,
                            const domain::Competences* before) {
  const absl::CivilDay today = time::VietnamDay(parts.clock.Now());
  status::Violations violations;
  for (int i = 0; i < competences.size(); ++i) {
    const std::string& solution = competences[i].solution();
    const bool stood = before != nullptr && std::any_of(before->begin(), before->end(),
                                                        [&](const v1::Competence& competence) {
                                                          return competence.solution() == solution;
                                                        });
    if (stood) continue;
    RETURN_IF_ERROR(CheckCode(violations, parts, reader, absl::StrCat(path, "[", i, "].solution"),
                              kSolutions, solution, today));
  }
  return violations.ToStatus();
}

absl::Status CheckEnterprise(status::Violations& violations, const Parts& parts,
                             const store::Reader& reader, absl::string_view path,
                             absl::string_view name, absl::string_view province) {
  bool there = SameProvince(parts, resource::ProvinceOf(name), province);
  // What stands in another province is not even looked at: the caller may not see it.
  if (there) {
    const absl::Status found = parts.enterprises.Get(reader, name).status();
    if (!found.ok() && !absl::IsNotFound(found)) return found;
    there = found.ok();
  }
  violations.Check(there, path, "ENTERPRISE_UNKNOWN",
                   absl::StrCat("no enterprise ", name, " in the province"),
                   absl::StrCat("không có doanh nghiệp ", name, " trong tỉnh"));
  return absl::OkStatus();
}

absl::Status CheckOrganisation(status::Violations& violations, const Parts& parts,
                               const store::Reader& reader, absl::string_view path,
                               absl::string_view name, absl::string_view province,
                               absl::CivilDay day) {
  bool there = SameProvince(parts, resource::ProvinceOf(name), province);
  if (there) {
    absl::StatusOr<v1::Organisation> found = parts.tables.organisations.Load(reader, name);
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    there = found.ok() && HoldsOn(*found, day);
  }
  violations.Check(there, path, "ORGANISATION_UNKNOWN",
                   absl::StrCat("no organisation ", name, " exists in the province on ",
                                time::FormatIsoDate(day)),
                   absl::StrCat("không có cơ quan, tổ chức ", name, " trong tỉnh vào ngày ",
                                time::FormatDate(day)));
  return absl::OkStatus();
}

}  // namespace nscl::registry
