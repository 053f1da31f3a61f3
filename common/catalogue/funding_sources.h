// Sources of money over time (deploy/catalogue/funding_sources.json).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/rows.h"

namespace nscl::catalogue {

struct FundingSource {
  std::string code;  // "ST_RECURRENT"
  std::string name;  // Vietnamese
  std::string name_en;
  bool state_money = false;
  bool pseudo = false;  // says where money is; nothing can be assigned to it
  Basis basis;
};

class FundingSources {
 public:
  static absl::StatusOr<FundingSources> Load(absl::string_view dir);
  static absl::StatusOr<FundingSources> Parse(absl::string_view text);

  const std::vector<FundingSource>& rows() const { return rows_; }
  // The source as it is on a day; null where there is none.
  const FundingSource* ValidOn(absl::string_view code, absl::CivilDay day) const;
  // Any row of the code; null for a code that never was one.
  const FundingSource* Any(absl::string_view code) const;

 private:
  std::vector<FundingSource> rows_;
};

}  // namespace nscl::catalogue
