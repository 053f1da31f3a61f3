#include "services/casework/catalogue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace nscl::casework {

absl::StatusOr<Catalogue> Catalogue::Load(absl::string_view dir) {
  constexpr char kFile[] = "support_contents.json";
  Catalogue catalogue;
  RETURN_IF_ERROR(catalogue::ReadRows(dir, kFile, [&](catalogue::Row& row) {
    Family family{.code = row.Text("family"), .basis = {}};
    row.Text("name");
    row.Text("name_en");
    row.Texts("examples");
    family.basis = row.ReadBasis();
    catalogue.families_.push_back(std::move(family));
  }));
  RETURN_IF_ERROR(catalogue::CheckNoOverlap(kFile, catalogue.families_,
                                            [](const Family& family) { return family.code; }));
  ASSIGN_OR_RETURN(catalogue.sources_, catalogue::FundingSources::Load(dir));
  return catalogue;
}

void Catalogue::CheckFamily(status::Violations& v, absl::string_view path, absl::string_view family,
                            absl::CivilDay day) const {
  const Family* row = catalogue::ValidOn(families_, day, [&](const Family& candidate) {
    return absl::string_view(candidate.code) == family;
  });
  v.Check(row != nullptr, path, "CONTENT_FAMILY",
          absl::StrCat("`", family, "` is not a family of supported contents on ",
                       absl::FormatCivilTime(day)),
          absl::StrCat("`", family, "` không có trong danh mục nội dung hỗ trợ vào ngày đó"));
}

void Catalogue::CheckFundingSource(status::Violations& v, absl::string_view path,
                                   absl::string_view code, int budget_year) const {
  // A source that holds on any day of the year may bear an amount of the year.
  const bool known = std::any_of(
      sources_.rows().begin(), sources_.rows().end(), [&](const catalogue::FundingSource& source) {
        const catalogue::Basis& basis = source.basis;
        return absl::string_view(source.code) == code && !source.pseudo &&
               (!basis.valid_from.has_value() || basis.valid_from->year() <= budget_year) &&
               (!basis.valid_to.has_value() || basis.valid_to->year() >= budget_year);
      });
  v.Check(known, path, "FUNDING_SOURCE",
          absl::StrCat("`", code, "` is not a funding source that money of ", budget_year,
                       " can be assigned to"),
          absl::StrCat("`", code, "` không phải nguồn kinh phí bố trí được cho năm ", budget_year));
}

}  // namespace nscl::casework
