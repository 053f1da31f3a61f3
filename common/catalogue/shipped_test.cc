// The lists that the repository ships, as these loaders read them.
#include <gtest/gtest.h>

#include "common/catalogue/calendar.h"
#include "common/catalogue/funding_sources.h"
#include "common/catalogue/provinces.h"
#include "common/catalogue/support_contents.h"
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

TEST(ShippedCatalogueTest, ATerritoryHasTheCodeOfTheDay) {
  ASSERT_OK_AND_ASSIGN(Provinces provinces, Provinces::Load(kDir));
  struct {
    const char* code;
    Day day;
    const char* holder;
  } rows[] = {
      {"58", Day(2024, 3, 1), "58"}, {"58", Day(2025, 6, 30), "58"}, {"58", Day(2025, 7, 1), "56"},
      {"56", Day(2024, 3, 1), "56"}, {"56", Day(2026, 1, 1), "56"},  {"48", Day(2026, 1, 1), "48"},
      {"99", Day(2026, 1, 1), "99"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(provinces.HolderOn(row.code, row.day), row.holder) << row.code << " " << row.day;
  }
  EXPECT_EQ(provinces.HeldOn("56", Day(2026, 1, 1)), (std::vector<std::string>{"56", "58"}));
  EXPECT_EQ(provinces.HeldOn("56", Day(2025, 6, 30)), std::vector<std::string>{"56"});
  EXPECT_EQ(provinces.HeldOn("58", Day(2026, 1, 1)), std::vector<std::string>{});
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

TEST(ShippedCatalogueTest, SupportContents) {
  ASSERT_OK_AND_ASSIGN(SupportContents contents, SupportContents::Load(kDir));
  EXPECT_EQ(contents.rows().size(), 18);
  ASSERT_NE(contents.ValidOn("TRACEABILITY", Day(2021, 7, 5)), nullptr);
  EXPECT_EQ(contents.ValidOn("TRACEABILITY", Day(2021, 7, 4)), nullptr);
  struct {
    const char* family;
    Day day;
    const char *on, *in_year, *known;
  } rows[] = {
      {"TRACEABILITY", Day(2021, 7, 5), "OK", "OK", "OK"},
      {"TRACEABILITY", Day(2021, 7, 4), "CONTENT_FAMILY", "OK", "OK"},
      {"TRACEABILITY", Day(2020, 12, 31), "CONTENT_FAMILY", "CONTENT_FAMILY", "OK"},
      {"traceability", Day(2026, 1, 1), "CONTENT_FAMILY", "CONTENT_FAMILY", "CONTENT_FAMILY"},
      {"", Day(2026, 1, 1), "CONTENT_FAMILY", "CONTENT_FAMILY", "CONTENT_FAMILY"},
  };
  for (const auto& row : rows) {
    status::Violations on, in_year, known;
    contents.CheckOn(on, "x", row.family, row.day);
    contents.CheckInYear(in_year, "x", row.family, static_cast<int>(row.day.year()));
    contents.CheckKnown(known, "x", row.family);
    EXPECT_EQ(nscl::testing::Reason(on.ToStatus()), row.on) << row.family << row.day;
    EXPECT_EQ(nscl::testing::Reason(in_year.ToStatus()), row.in_year) << row.family << row.day;
    EXPECT_EQ(nscl::testing::Reason(known.ToStatus()), row.known) << row.family;
  }
}

}  // namespace
}  // namespace nscl::catalogue
