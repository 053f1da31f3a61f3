// Provinces over time (deploy/catalogue/provinces.json).
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/rows.h"

namespace nscl::catalogue {

// A province in one form: names and kinds change while the code stays.
struct Province {
  std::string code;  // two digits
  std::string name;  // with its kind, "Tỉnh Khánh Hòa"
  absl::optional<int64_t> communes;
  std::vector<std::string> predecessors;  // codes
  std::string successor;                  // code, "" while it exists
  Basis basis;
};

class Provinces {
 public:
  static absl::StatusOr<Provinces> Load(absl::string_view dir);
  static absl::StatusOr<Provinces> Parse(absl::string_view text);

  // In order of code, the newest form of a code last.
  const std::vector<Province>& rows() const { return rows_; }

  // The newest form of a code, whether or not it still exists; null for a code that never was one.
  // Files of years past are kept under the province of that time.
  const Province* Newest(absl::string_view code) const;
  const Province* ValidOn(absl::string_view code, absl::CivilDay day) const;

  // The code that the territory of a province has on a day: its own while it exists, and that of
  // its successor afterwards ("58" is "56" since 01/07/2025). A code that never was one is itself.
  std::string HolderOn(absl::string_view code, absl::CivilDay day) const;
  // Codes in order whose territory a province holds on a day, its own among them.
  std::vector<std::string> HeldOn(absl::string_view code, absl::CivilDay day) const;

 private:
  std::vector<Province> rows_;
};

}  // namespace nscl::catalogue
