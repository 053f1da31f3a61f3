#include "common/catalogue/rows.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/catalogue/calendar.h"
#include "common/catalogue/provinces.h"
#include "common/testing/status_matchers.h"

namespace nscl::catalogue {
namespace {

using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

// A row of a file "things.json" with every kind of field.
constexpr char kGood[] =
    R"({"code": "A", "count": 5, "big": "9007199254740993", "flag": true, "list": ["x"], "note": null,
        "valid_from": "2021-10-15", "valid_to": null, "legal_basis": "Điều 5", "confidence": "H"})";

struct Thing {
  std::string code;
  Basis basis;
};

absl::StatusOr<std::vector<Thing>> Read(absl::string_view text) {
  std::vector<Thing> things;
  absl::Status status = ReadRowsOf(text, "things.json", [&](Row& row) {
    Thing thing;
    thing.code = row.Text("code");
    row.Whole("count", 0, 10);
    row.OptionalWhole("big", 0, INT64_MAX);
    row.Flag("flag");
    row.Texts("list");
    row.OptionalText("note");
    thing.basis = row.ReadBasis();
    things.push_back(thing);
  });
  if (!status.ok()) return status;
  return things;
}

std::string File(absl::string_view rows) {
  return absl::StrCat(R"({"schema": "nscl.catalogue.things.v1", "source": "s", "rows": [)", rows,
                      "]}");
}

TEST(RowsTest, ReadsWhatIsDescribed) {
  absl::StatusOr<std::vector<Thing>> things = Read(File(kGood));
  ASSERT_OK(things);
  ASSERT_EQ(things->size(), 1u);
  EXPECT_EQ((*things)[0].code, "A");
  EXPECT_EQ((*things)[0].basis.legal_basis, "Điều 5");
  EXPECT_OK(Read(File("")));
}

TEST(RowsTest, FaultsNameFileRowAndField) {
  struct {
    const char *replaced, *with, *field;
  } rows[] = {
      {R"("code": "A")", R"("code": "")", "code"},
      {R"("code": "A")", R"("code": 7)", "code"},
      {R"("code": "A",)", "", "code"},
      {R"("count": 5)", R"("count": 11)", "count"},
      {R"("count": 5)", R"("count": -1)", "count"},
      {R"("count": 5)", R"("count": 5.0)", "count"},
      {R"("count": 5)", R"("count": "5x")", "count"},
      {R"("count": 5)", R"("count": null)", "count"},
      {R"("9007199254740993")", "18446744073709551615", "big"},
      {R"("flag": true)", R"("flag": "true")", "flag"},
      {R"("list": ["x"])", R"("list": "x")", "list"},
      {R"("list": ["x"])", R"("list": [1])", "list"},
      {R"("note": null)", R"("note": [])", "note"},
      {"2021-10-15", "2021-02-30", "valid_from"},
      {R"("valid_to": null)", R"("valid_to": "2021-10-14")", "valid_to"},
      {"Điều 5", "", "legal_basis"},
      {R"("confidence": "H")", R"("confidence": "X")", "confidence"},
      {R"("note": null)", R"("nota": null)", "nota"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.with);
    std::string bad = absl::StrReplaceAll(kGood, {{row.replaced, row.with}});
    ASSERT_NE(bad, kGood);
    absl::StatusOr<std::vector<Thing>> things = Read(File(absl::StrCat(kGood, ",", bad)));
    EXPECT_EQ(Reason(things), "CATALOGUE");
    EXPECT_THAT(things, MetadataIs("file", "things.json"));
    EXPECT_THAT(things, MetadataIs("row", "2"));
    EXPECT_THAT(things, MetadataIs("field", row.field));
  }
}

TEST(RowsTest, FilesThatAreNotOfTheSchema) {
  for (const char* text :
       {"", "[]", "{", R"({"schema": "nscl.catalogue.things.v1"})",
        R"({"schema": "nscl.catalogue.things.v2", "rows": []})", R"({"rows": []})",
        R"({"schema": "nscl.catalogue.things.v1", "rows": {}})",
        R"({"schema": "nscl.catalogue.things.v1", "rows": [], "more": 1})",
        R"({"schema": "nscl.catalogue.things.v1", "rows": [7]})",
        R"({"schema": "nscl.catalogue.things.v1", "rows": [], "rows": []})",
        R"({"schema": "nscl.catalogue.things.v1", "rows": [{"code": "A", "code": "B"}]})",
        "{\"schema\": \"\xff\"}"}) {
    EXPECT_EQ(Reason(Read(text)), "CATALOGUE") << text;
  }
  EXPECT_THAT(ReadRows("/nowhere", "things.json", [](Row&) {}),
              nscl::testing::Refused(absl::StatusCode::kNotFound, "CATALOGUE"));
}

TEST(RowsTest, TheDateChoosesTheRow) {
  using Day = absl::CivilDay;
  std::vector<Thing> things = {
      {"A", {absl::nullopt, Day(2021, 10, 14), ""}},
      {"A", {Day(2021, 10, 15), Day(2026, 6, 30), ""}},
      {"A", {Day(2026, 7, 2), absl::nullopt, ""}},
      {"B", {absl::nullopt, absl::nullopt, ""}},
  };
  auto is_a = [](const Thing& thing) { return thing.code == "A"; };
  struct {
    Day day;
    const Thing* row;
  } rows[] = {
      {Day(1990, 1, 1), &things[0]},   {Day(2021, 10, 14), &things[0]},
      {Day(2021, 10, 15), &things[1]}, {Day(2026, 6, 30), &things[1]},
      {Day(2026, 7, 1), nullptr},      {Day(2026, 7, 2), &things[2]},
  };
  for (const auto& row : rows) EXPECT_EQ(ValidOn(things, row.day, is_a), row.row) << row.day;

  auto code = [](const Thing& thing) { return thing.code; };
  EXPECT_OK(CheckNoOverlap("things.json", things, code));
  things.push_back({"A", {Day(2026, 6, 30), Day(2026, 7, 1), ""}});
  absl::Status overlap = CheckNoOverlap("things.json", things, code);
  EXPECT_EQ(Reason(overlap), "CATALOGUE");
  EXPECT_THAT(overlap, MetadataIs("row", "5"));
}

constexpr char kCalendar[] =
    R"({"schema": "nscl.catalogue.calendar.v1", "weekend": ["SATURDAY", "SUNDAY"], "rows": [
        {"date": "2026-09-02", "kind": "HOLIDAY", "name": "Quốc khánh", "legal_basis": "x", "confidence": "H"},
        {"date": "2026-09-04", "kind": "SWAPPED", "name": "x", "legal_basis": "x", "confidence": "H"},
        {"date": "2026-09-12", "kind": "SWAPPED", "name": "x", "legal_basis": "x", "confidence": "H"}]})";

TEST(CalendarTest, HolidaysAndSwappedDays) {
  absl::StatusOr<time::WorkingCalendar> calendar = ParseCalendar(kCalendar);
  ASSERT_OK(calendar);
  struct {
    absl::CivilDay day;
    bool working;
  } rows[] = {
      {absl::CivilDay(2026, 9, 1), true},  {absl::CivilDay(2026, 9, 2), false},
      {absl::CivilDay(2026, 9, 4), false}, {absl::CivilDay(2026, 9, 5), false},
      {absl::CivilDay(2026, 9, 12), true},
  };
  for (const auto& row : rows) EXPECT_EQ(calendar->IsWorking(row.day), row.working) << row.day;
}

TEST(CalendarTest, Refused) {
  const char* replacements[][2] = {
      {"\"SUNDAY\"", "\"CHỦ NHẬT\""},
      {"[\"SATURDAY\", \"SUNDAY\"]", "7"},
      {"\"HOLIDAY\"", "\"FESTIVAL\""},
      {"2026-09-04", "2026-09-02"},
      {"\"SUNDAY\"]",
       "\"SUNDAY\", \"MONDAY\", \"TUESDAY\", \"WEDNESDAY\", \"THURSDAY\", \"FRIDAY\"]"},
  };
  for (const auto& replacement : replacements) {
    std::string bad = absl::StrReplaceAll(kCalendar, {{replacement[0], replacement[1]}});
    ASSERT_NE(bad, kCalendar);
    EXPECT_EQ(Reason(ParseCalendar(bad)), "CATALOGUE") << replacement[1];
  }
}

}  // namespace
}  // namespace nscl::catalogue
