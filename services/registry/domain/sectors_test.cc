#include "services/registry/domain/sectors.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";
using Day = absl::CivilDay;

TEST(SectorsTest, BySectionAndDay) {
  ASSERT_OK_AND_ASSIGN(Sectors sectors, Sectors::Load(kCatalogue));
  struct {
    const char* section;
    Day day;
    v1::Sector sector;
  } rows[] = {
      {"A", Day(2024, 1, 1), v1::SECTOR_AGRI_FORESTRY_FISHERY},
      {"B", Day(2024, 1, 1), v1::SECTOR_INDUSTRY_CONSTRUCTION},
      {"F", Day(2024, 1, 1), v1::SECTOR_INDUSTRY_CONSTRUCTION},
      {"G", Day(2024, 1, 1), v1::SECTOR_TRADE_SERVICES},
      {"U", Day(2026, 1, 1), v1::SECTOR_TRADE_SERVICES},
      {"V", Day(2025, 11, 14), v1::SECTOR_UNSPECIFIED},
      {"V", Day(2025, 11, 15), v1::SECTOR_TRADE_SERVICES},
      {"W", Day(2026, 1, 1), v1::SECTOR_UNSPECIFIED},
      {"a", Day(2026, 1, 1), v1::SECTOR_UNSPECIFIED},
      {"", Day(2026, 1, 1), v1::SECTOR_UNSPECIFIED},
      {"AB", Day(2026, 1, 1), v1::SECTOR_UNSPECIFIED},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(sectors.Of(row.section, row.day), row.sector) << row.section << " " << row.day;
  }
}

TEST(SectorsTest, EverySectionHasASectorToday) {
  ASSERT_OK_AND_ASSIGN(Sectors sectors, Sectors::Load(kCatalogue));
  for (char letter = 'A'; letter <= 'V'; ++letter) {
    EXPECT_NE(sectors.Of(std::string(1, letter), Day(2026, 11, 22)), v1::SECTOR_UNSPECIFIED)
        << letter;
  }
}

}  // namespace
}  // namespace nscl::registry::domain
