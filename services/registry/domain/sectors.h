// The sector of the size test by the section of the registered main line of business (Nghị định
// 80/2021/NĐ-CP Điều 5, 6), from deploy/catalogue/vsic_sectors.json.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/catalogue/rows.h"
#include "nscl/registry/v1/enterprise.pb.h"

namespace nscl::registry::domain {

class Sectors {
 public:
  static absl::StatusOr<Sectors> Load(absl::string_view catalogue_dir);
  static absl::StatusOr<Sectors> Parse(absl::string_view text);

  // SECTOR_UNSPECIFIED where the classification has no such section on the day (REG-05).
  v1::Sector Of(absl::string_view section, absl::CivilDay day) const;
  // Whether the catalogue knows any section of the day.
  bool HoldOn(absl::CivilDay day) const;

 private:
  struct Section {
    std::string letter;
    v1::Sector sector;
    catalogue::Basis basis;
  };
  std::vector<Section> sections_;
};

// "TRADE_SERVICES" of the catalogue; SECTOR_UNSPECIFIED for anything else.
v1::Sector SectorNamed(absl::string_view name);

}  // namespace nscl::registry::domain
