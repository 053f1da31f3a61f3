// The code lists that casework checks new cases and activities against.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/catalogue/funding_sources.h"
#include "common/catalogue/support_contents.h"
#include "common/status/error.h"

namespace nscl::casework {

class Catalogue {
 public:
  // Reads support_contents.json and funding_sources.json of a folder.
  static absl::StatusOr<Catalogue> Load(absl::string_view dir);

  // `CONTENT_FAMILY`: not a family on the day.
  void CheckFamily(status::Violations& v, absl::string_view path, absl::string_view family,
                   absl::CivilDay day) const;
  // `FUNDING_SOURCE`: not a source in the budget year, or one that money cannot be assigned to.
  void CheckFundingSource(status::Violations& v, absl::string_view path, absl::string_view code,
                          int budget_year) const;

 private:
  catalogue::SupportContents contents_;
  catalogue::FundingSources sources_;
};

}  // namespace nscl::casework
