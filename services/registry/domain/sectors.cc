#include "services/registry/domain/sectors.h"

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

namespace nscl::registry::domain {
namespace {

constexpr char kFile[] = "vsic_sectors.json";

}  // namespace

v1::Sector SectorNamed(absl::string_view name) {
  v1::Sector sector = v1::SECTOR_UNSPECIFIED;
  v1::Sector_Parse(absl::StrCat("SECTOR_", name), &sector);
  return sector;
}

absl::StatusOr<Sectors> Sectors::Load(absl::string_view catalogue_dir) {
  ASSIGN_OR_RETURN(std::string text, catalogue::ReadFile(catalogue_dir, kFile));
  return Parse(text);
}

absl::StatusOr<Sectors> Sectors::Parse(absl::string_view text) {
  Sectors sectors;
  RETURN_IF_ERROR(catalogue::ReadRowsOf(text, kFile, [&](catalogue::Row& row) {
    Section section;
    section.letter = row.Text("section");
    if (section.letter.size() != 1 || section.letter[0] < 'A' || section.letter[0] > 'Z') {
      row.Fault("section", "is not a letter A to Z");
    }
    section.sector = SectorNamed(row.Text("sector"));
    if (section.sector == v1::SECTOR_UNSPECIFIED) row.Fault("sector", "is not a sector");
    row.Flag("inference");
    section.basis = row.ReadBasis();
    sectors.sections_.push_back(std::move(section));
  }));
  RETURN_IF_ERROR(catalogue::CheckNoOverlap(kFile, sectors.sections_,
                                            [](const Section& section) { return section.letter; }));
  return sectors;
}

v1::Sector Sectors::Of(absl::string_view section, absl::CivilDay day) const {
  const Section* found =
      catalogue::ValidOn(sections_, day, [&](const Section& row) { return row.letter == section; });
  return found == nullptr ? v1::SECTOR_UNSPECIFIED : found->sector;
}

bool Sectors::HoldOn(absl::CivilDay day) const {
  return catalogue::ValidOn(sections_, day, [](const Section&) { return true; }) != nullptr;
}

}  // namespace nscl::registry::domain
