#include "common/catalogue/calendar.h"

#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/catalogue/rows.h"
#include "common/status/status_macros.h"

namespace nscl::catalogue {
namespace {

constexpr char kFile[] = "calendar.json";

const std::map<std::string, absl::Weekday>& Weekdays() {
  static const auto& weekdays = *new std::map<std::string, absl::Weekday>{
      {"MONDAY", absl::Weekday::monday},       {"TUESDAY", absl::Weekday::tuesday},
      {"WEDNESDAY", absl::Weekday::wednesday}, {"THURSDAY", absl::Weekday::thursday},
      {"FRIDAY", absl::Weekday::friday},       {"SATURDAY", absl::Weekday::saturday},
      {"SUNDAY", absl::Weekday::sunday},
  };
  return weekdays;
}

}  // namespace

absl::StatusOr<time::WorkingCalendar> LoadCalendar(absl::string_view dir) {
  ASSIGN_OR_RETURN(std::string text, ReadFile(dir, kFile));
  return ParseCalendar(text);
}

absl::StatusOr<time::WorkingCalendar> ParseCalendar(absl::string_view text) {
  time::WorkingCalendar calendar;
  std::set<absl::CivilDay> seen;
  RETURN_IF_ERROR(ReadRowsOf(
      text, kFile,
      [&](Row& row) {
        absl::CivilDay day = row.Day("date");
        std::string kind = row.Text("kind");
        row.Text("name");
        row.ReadBasis();
        if (!seen.insert(day).second) row.Fault("date", "has a row already");
        if (kind == "HOLIDAY" || (kind == "SWAPPED" && calendar.IsWorking(day))) {
          calendar.SetHoliday(day);
        } else if (kind == "SWAPPED") {
          calendar.SetWorking(day);
        } else {
          row.Fault("kind", "is not HOLIDAY or SWAPPED");
        }
      },
      [&](Row& head) {
        std::set<absl::Weekday> weekend;
        for (const std::string& name : head.Texts("weekend")) {
          auto weekday = Weekdays().find(name);
          if (weekday == Weekdays().end()) {
            head.Fault("weekend", absl::StrCat("\"", name, "\" is not a day of the week"));
          } else {
            weekend.insert(weekday->second);
          }
        }
        if (weekend.size() == Weekdays().size()) head.Fault("weekend", "leaves no working day");
        calendar = time::WorkingCalendar(std::move(weekend));
      }));
  return calendar;
}

}  // namespace nscl::catalogue
