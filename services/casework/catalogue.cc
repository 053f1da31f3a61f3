#include "services/casework/catalogue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace nscl::casework {

absl::StatusOr<Catalogue> Catalogue::Load(absl::string_view dir) {
  Catalogue catalogue;
  ASSIGN_OR_RETURN(catalogue.contents_, catalogue::SupportContents::Load(dir));
  ASSIGN_OR_RETURN(catalogue.sources_, catalogue::FundingSources::Load(dir));
  return catalogue;
}

void Catalogue::CheckFamily(status::Violations& v, absl::string_view path, absl::string_view family,
                            absl::CivilDay day) const {
  contents_.CheckOn(v, path, family, day);
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
