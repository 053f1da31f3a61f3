#include "common/time/legal_date.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "common/testing/data_file.h"
#include "common/testing/status_matchers.h"
#include "common/time/budget_year.h"

namespace nscl::time {
namespace {

using Day = absl::CivilDay;

using ::nscl::testing::IsOkAndHolds;
using ::nscl::testing::Reason;

google::type::Date Date(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

absl::Time Instant(const std::string& text) {
  absl::Time instant;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &instant, &error)) << text << error;
  return instant;
}

TEST(LegalDateTest, DatesThatExist) {
  struct {
    int year, month, day;
    bool exists;
  } rows[] = {
      {2025, 2, 28, true},  {2025, 2, 29, false},
      {2025, 2, 30, false}, {2024, 2, 29, true},
      {2100, 2, 29, false}, {2000, 2, 29, true},
      {2024, 4, 31, false}, {2024, 12, 31, true},
      {2024, 13, 1, false}, {2024, 0, 1, false},
      {2024, 1, 0, false},  {0, 1, 1, false},
      {2024, 3, 0, false},  {1899, 12, 31, false},
      {1900, 1, 1, true},   {2200, 12, 31, true},
      {2201, 1, 1, false},  {10000, 1, 1, false},
      {-5, 1, 1, false},    {2024, -1, 5, false},
      {2024, 1, -5, false}, {2024, 1, 2'000'000'000, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.year, "-", row.month, "-", row.day));
    google::type::Date date = Date(row.year, row.month, row.day);
    absl::StatusOr<absl::CivilDay> day = ToCivilDay(date);
    EXPECT_EQ(Reason(day), row.exists ? "OK" : "DATE");
    status::Violations violations;
    EXPECT_EQ(CheckDate(violations, "acted_on", date), row.exists);
    if (!row.exists) continue;
    EXPECT_EQ(ToDate(*day).ShortDebugString(), date.ShortDebugString());
    EXPECT_THAT(ParseIsoDate(FormatIsoDate(*day)), IsOkAndHolds(*day));
  }
}

TEST(BudgetYearTest, BothEnds) {
  struct {
    int64_t year;
    bool good;
  } rows[] = {{1999, false},
              {2000, true},
              {2100, true},
              {2101, false},
              {0, false},
              {-2024, false},
              {int64_t{1} << 40, false}};
  for (const auto& row : rows) {
    status::Violations violations;
    EXPECT_EQ(CheckBudgetYear(violations, "year", row.year), row.good) << row.year;
  }
}

TEST(LegalDateTest, IsoText) {
  EXPECT_THAT(ParseIsoDate("2026-11-15"), IsOkAndHolds(absl::CivilDay(2026, 11, 15)));
  for (const char* bad : {"", "2026-11-5", "2026/11/15", "2026-11-15 ", "2026-11-31", "+026-11-15",
                          "2026-1a-15", "15-11-2026", "10000-01-01"}) {
    EXPECT_EQ(Reason(ParseIsoDate(bad)), "DATE") << bad;
  }
  EXPECT_EQ(FormatDate(absl::CivilDay(2026, 3, 5)), "05/03/2026");
}

TEST(LegalDateTest, TheDayInVietnam) {
  struct {
    const char* instant;
    absl::CivilDay day;
  } rows[] = {
      {"2026-11-14T16:59:59.999999Z", Day(2026, 11, 14)},
      {"2026-11-14T17:00:00Z", Day(2026, 11, 15)},
      {"2026-12-31T17:00:00Z", Day(2027, 1, 1)},
      {"2026-06-15T00:00:00+07:00", Day(2026, 6, 15)},
  };
  for (const auto& row : rows) EXPECT_EQ(VietnamDay(Instant(row.instant)), row.day) << row.instant;
  EXPECT_EQ(StartOfVietnamDay(Day(2026, 11, 15)), Instant("2026-11-14T17:00:00Z"));
}

TEST(LegalDateTest, Timestamps) {
  for (const char* text :
       {"2026-11-14T16:59:59.123456789Z", "1969-12-31T23:59:59.5Z", "1970-01-01T00:00:00Z"}) {
    google::protobuf::Timestamp timestamp = ToTimestamp(Instant(text));
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_LT(timestamp.nanos(), 1'000'000'000);
    EXPECT_EQ(FromTimestamp(timestamp), Instant(text));
  }
}

// "trước ngày 15 tháng 11" and "trước ngày 30/11" of the vectors.
absl::CivilDay DayNamedIn(const std::string& text, int year) {
  if (absl::StrContains(text, "15 tháng 11")) return absl::CivilDay(year, 11, 15);
  EXPECT_TRUE(absl::StrContains(text, "30/11")) << text;
  return absl::CivilDay(year, 11, 30);
}

TEST(DeadlineTest, Vectors) {
  nlohmann::json file = testing::ReadJson("tests/data/deadline_vectors.json");
  int checked = 0;
  for (const auto& row : file["vectors"]) {
    if (!row.contains("submitted")) continue;
    ++checked;
    std::string text = row["text"];
    SCOPED_TRACE(text + " " + row["submitted"].get<std::string>());
    Deadline strict{DayNamedIn(text, row["year"]), /*inclusive=*/false};
    Deadline inclusive{strict.day, /*inclusive=*/true};
    absl::Time submitted = Instant(row["submitted"]);
    EXPECT_EQ(strict.Met(submitted), row["on_time"].get<bool>());
    EXPECT_EQ(strict.MetOn(VietnamDay(submitted)), row["on_time"].get<bool>());
    if (row.contains("on_time_if_inclusive")) {
      EXPECT_EQ(inclusive.Met(submitted), row["on_time_if_inclusive"].get<bool>());
      EXPECT_EQ(inclusive.MetOn(VietnamDay(submitted)), row["on_time_if_inclusive"].get<bool>());
    }
    if (row.contains("last_ok_local")) {
      EXPECT_TRUE(strict.Met(Instant(row["last_ok_local"])));
      EXPECT_EQ(strict.Closes(), Instant(row["last_ok_local"]) + absl::Seconds(1));
    }
    if (row.contains("last_ok_utc")) {
      EXPECT_EQ(strict.Closes(), Instant(row["last_ok_utc"]) + absl::Seconds(1));
    }
  }
  EXPECT_EQ(checked, 4);
}

// "31/01 năm sau": the end of the adjustment period of a budget year is a plain date of the year
// after.
TEST(DeadlineTest, DayOfTheYearAfter) {
  nlohmann::json file = testing::ReadJson("tests/data/deadline_vectors.json");
  int checked = 0;
  for (const auto& row : file["vectors"]) {
    if (!row.contains("budget_year")) continue;
    ++checked;
    absl::CivilDay day(row["budget_year"].get<int>() + 1, 1, 31);
    EXPECT_EQ(FormatIsoDate(day), row["date"].get<std::string>());
  }
  EXPECT_EQ(checked, 1);
}

}  // namespace
}  // namespace nscl::time
