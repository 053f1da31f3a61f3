#include "common/time/working_calendar.h"

#include <gtest/gtest.h>

#include "common/testing/data_file.h"
#include "common/time/legal_date.h"

namespace nscl::time {
namespace {

using Day = absl::CivilDay;

TEST(WorkingCalendarTest, Vectors) {
  nlohmann::json file = testing::ReadJson("tests/data/deadline_vectors.json");
  int checked = 0;
  for (const auto& row : file["vectors"]) {
    if (!row.contains("received")) continue;
    ++checked;
    int days = std::stoi(row["text"].get<std::string>());  // "14 ngày làm việc (…)"
    absl::CivilDay received = *ParseIsoDate(row["received"].get<std::string>());
    EXPECT_EQ(FormatIsoDate(WorkingCalendar().Due(received, days)), row["due"].get<std::string>());
  }
  EXPECT_EQ(checked, 1);
}

TEST(WorkingCalendarTest, CountsFromTheNextWorkingDay) {
  WorkingCalendar plain;
  WorkingCalendar holidays;
  holidays.SetHoliday(Day(2026, 6, 2));
  holidays.SetWorking(Day(2026, 6, 6));  // a Saturday made up for it
  struct {
    const char* what;
    const WorkingCalendar& calendar;
    absl::CivilDay received;
    int days;
    absl::CivilDay due;
  } rows[] = {
      {"no days", plain, Day(2026, 6, 1), 0, Day(2026, 6, 1)},
      {"Monday, next day", plain, Day(2026, 6, 1), 1, Day(2026, 6, 2)},
      {"Friday, Monday", plain, Day(2026, 6, 5), 1, Day(2026, 6, 8)},
      {"Saturday, Monday", plain, Day(2026, 6, 6), 1, Day(2026, 6, 8)},
      {"five days are a week", plain, Day(2026, 6, 5), 5, Day(2026, 6, 12)},
      {"over the year", plain, Day(2026, 12, 31), 2, Day(2027, 1, 4)},
      {"holiday", holidays, Day(2026, 6, 1), 1, Day(2026, 6, 3)},
      {"swapped Saturday", holidays, Day(2026, 6, 5), 1, Day(2026, 6, 6)},
      {"both", holidays, Day(2026, 6, 1), 5, Day(2026, 6, 8)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(row.calendar.Due(row.received, row.days), row.due);
    EXPECT_EQ(row.calendar.Between(row.received, row.due), row.days);
  }
  EXPECT_EQ(plain.Between(Day(2026, 6, 5), Day(2026, 6, 1)), 0);
}

TEST(WorkingCalendarTest, WeekendIsData) {
  WorkingCalendar sundays(std::set<absl::Weekday>{absl::Weekday::sunday});
  EXPECT_TRUE(sundays.IsWorking(Day(2026, 6, 6)));
  EXPECT_FALSE(sundays.IsWorking(Day(2026, 6, 7)));
}

TEST(WorkingCalendarTest, ACalendarWithoutWorkingDaysEnds) {
  WorkingCalendar never(std::set<absl::Weekday>{absl::Weekday::monday, absl::Weekday::tuesday,
                                                absl::Weekday::wednesday, absl::Weekday::thursday,
                                                absl::Weekday::friday, absl::Weekday::saturday,
                                                absl::Weekday::sunday});
  EXPECT_GT(never.Due(Day(2026, 6, 1), 1), absl::CivilDay(2100, 1, 1));
}

}  // namespace
}  // namespace nscl::time
