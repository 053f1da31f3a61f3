#include "services/registry/search/document.h"

#include <gtest/gtest.h>

namespace nscl::registry::search {
namespace {

constexpr char kName[] = "Công ty TNHH Cơ khí Đức Phát";

// One enterprise, everything that may be typed, and how it is found.
TEST(MatchTest, BestOfAllLines) {
  const Document document = MakeDocument(
      "48/a", {kName, "Duc Phat Mechanics Co., Ltd", "DP MECH", "Cơ khí Ánh Dương", kName, ""},
      "0101234567-001", {});
  EXPECT_EQ(document.text,
            "\ncong ti tnhh co khi duc phat\nduc phat mechanics co ltd\ndp mech\nco khi anh duong\n"
            "\x01"
            "0101234567001\n");
  EXPECT_EQ(NameOf(document.text), "cong ti tnhh co khi duc phat");
  struct {
    const char* query;
    Match match;
  } rows[] = {
      // tax code, however it is written
      {"0101234567-001", Match::kTaxCode},
      {"0101234567001", Match::kTaxCode},
      {" 0101 234 567 - 001 ", Match::kTaxCode},
      {"0101234567", Match::kSubstring},
      {"0101234567-0", Match::kSubstring},
      {"234 567", Match::kSubstring},
      {"4567001", Match::kSubstring},
      {"0101234568", Match::kNone},
      {"0101234567-002", Match::kNone},
      {"0101234567-001x", Match::kNone},
      // a whole name, any of them, in any writing
      {kName, Match::kName},
      {"CÔNG TY TNHH CƠ KHÍ ĐỨC PHÁT", Match::kName},
      {"cong ty tnhh co khi duc phat", Match::kName},
      {"Co\u0302ng ty TNHH Co\u031B khi\u0301 Đu\u031B\u0301c Pha\u0301t", Match::kName},
      {"Công ty TNHH - Cơ khí “Đức Phát”", Match::kName},
      {"dp  MECH.", Match::kName},
      {"cơ khí ánh dương", Match::kName},
      // the beginning of one
      {"công ty tnhh cơ k", Match::kPrefix},
      {"d", Match::kPrefix},
      {"DUC PHAT", Match::kPrefix},
      {"đức phát mech", Match::kPrefix},
      // all words of one name, in any order, each as far as it is typed
      {"phat duc", Match::kWords},
      {"phát cơ", Match::kWords},
      {"ltd d", Match::kWords},
      {"kh", Match::kWords},
      {"duc duc", Match::kWords},
      {"duc mech tnhh", Match::kNone},  // of two names
      // anywhere
      {"uc ph", Match::kSubstring},
      {"hanics", Match::kSubstring},
      {"hat d", Match::kNone},
      {"t\nd", Match::kWords},  // a line break is a blank
      {"phat 01", Match::kNone},
      {"\x01"
       "0101",
       Match::kSubstring},  // so is what stands before a tax code
  };
  for (const auto& row : rows) {
    EXPECT_EQ(MatchOf(document.text, Pattern::Of(row.query)), row.match) << row.query;
  }
}

TEST(MatchTest, QueriesWithoutLettersHaveNoKey) {
  for (const char* query : {"", " ", "-", "...", "\u0301", "“”", "\xFF"}) {
    EXPECT_EQ(Pattern::Of(query).key, "") << query;
  }
  EXPECT_EQ(Pattern::Of("Đà-Nẵng đà").words, (std::vector<std::string>{"da", "nang"}));
  EXPECT_EQ(Pattern::Of("01 02-03").digits, "010203");
  EXPECT_EQ(Pattern::Of("01 a").digits, "");
}

TEST(MatchTest, NamesWithoutLettersStayOrdered) {
  const Document document = MakeDocument("48/a", {"***", "ABC"}, "", {});
  EXPECT_EQ(document.text, "\n\nabc\n");
  EXPECT_EQ(NameOf(document.text), "");
  EXPECT_EQ(MatchOf(document.text, Pattern::Of("abc")), Match::kName);
}

}  // namespace
}  // namespace nscl::registry::search
