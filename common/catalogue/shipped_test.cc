// The lists that the repository ships, as these loaders read them.
#include <gtest/gtest.h>

#include "common/catalogue/calendar.h"
#include "common/catalogue/funding_sources.h"
#include "common/catalogue/provinces.h"
#include "common/testing/status_matchers.h"

namespace nscl::catalogue {
namespace {

constexpr char kDir[] = NSCL_SOURCE_DIR "/deploy/catalogue";
using Day = absl::CivilDay;

TEST(ShippedCatalogueTest, Provinces) {
  ASSERT_OK_AND_ASSIGN(Provinces provinces, Provinces::Load(kDir));
  int existing = 0;
  int64_t communes = 0;
  for (const Province& province : provinces.rows()) {
    if (!province.basis.HoldsOn(Day(2026, 1, 1))) continue;
    ++existing;
    communes += province.communes.value_or(0);
  }
  EXPECT_EQ(existing, 34);
  EXPECT_EQ(communes, 3321);
  ASSERT_NE(provinces.Newest("58"), nullptr);
  EXPECT_EQ(provinces.Newest("58")->successor, "56");
  EXPECT_EQ(provinces.ValidOn("58", Day(2025, 7, 1)), nullptr);
  ASSERT_NE(provinces.ValidOn("58", Day(2025, 6, 30)), nullptr);
  EXPECT_EQ(provinces.ValidOn("58", Day(2024, 3, 1))->name, "Tỉnh Ninh Thuận");
  EXPECT_EQ(provinces.Newest("99"), nullptr);
}

TEST(ShippedCatalogueTest, FundingSources) {
  ASSERT_OK_AND_ASSIGN(FundingSources sources, FundingSources::Load(kDir));
  struct {
    const char* code;
    bool state_money, pseudo;
  } rows[] = {
      {"ST_RECURRENT", true, false}, {"ST_TASK", true, false},
      {"OTHER_STATE", true, false},  {"UNIT_BUDGET", true, false},
      {"ENTERPRISE", false, false},  {"ENTERPRISE_ST_FUND", false, false},
      {"DONOR", false, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.code);
    const FundingSource* source = sources.ValidOn(row.code, Day(2024, 1, 1));
    ASSERT_NE(source, nullptr);
    EXPECT_EQ(source->state_money, row.state_money);
    EXPECT_EQ(source->pseudo, row.pseudo);
  }
  ASSERT_NE(sources.Any("INTEGRATED"), nullptr);
  EXPECT_TRUE(sources.Any("INTEGRATED")->pseudo);
  ASSERT_NE(sources.Any("SEPARATE_APPROVAL"), nullptr);
  EXPECT_TRUE(sources.Any("SEPARATE_APPROVAL")->pseudo);
  EXPECT_EQ(sources.Any("NOPE"), nullptr);
}

TEST(ShippedCatalogueTest, Calendar) {
  ASSERT_OK_AND_ASSIGN(time::WorkingCalendar calendar, LoadCalendar(kDir));
  EXPECT_FALSE(calendar.IsWorking(Day(2026, 6, 6)));
  EXPECT_TRUE(calendar.IsWorking(Day(2026, 6, 8)));
}

}  // namespace
}  // namespace nscl::catalogue
