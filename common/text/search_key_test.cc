#include "common/text/search_key.h"

#include <gtest/gtest.h>

namespace nscl::text {
namespace {

TEST(SearchKeyTest, FoldsMarksAndCase) {
  struct {
    const char *text, *folded;
  } rows[] = {
      {"Công ty TNHH Đà Lạt", "cong ty tnhh da lat"},
      {"Co\u0302ng ty TNHH Đa\u0300 La\u0323t", "cong ty tnhh da lat"},
      {"ĐƯỜNG đường Ưu Ơ Ê Ă Â", "duong duong uu o e a a"},
      {"ISO 9001:2015", "iso 9001:2015"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(Fold(row.text), row.folded);
}

TEST(SearchKeyTest, SpellingsThatMeanTheSameAreOne) {
  const char* pairs[][2] = {
      {"Kỹ thuật", "kĩ thuật"},
      {"5 tỷ", "5 tỉ"},
      {"hằng năm", "hàng năm"},
      {"mười ngàn", "mười nghìn"},
      {"Cty  \"An-Bình\"", "cty an bình"},
      {"Hồ Chí Minh", "Ho\u0302\u0300 Chi\u0301 Minh"},
      {"Quý", "quí"},
      {" Đà Nẵng ", "DA NANG"},
  };
  for (const auto& pair : pairs) EXPECT_EQ(SearchKey(pair[0]), SearchKey(pair[1])) << pair[0];
  EXPECT_NE(SearchKey("An Bình"), SearchKey("Anbình"));
  EXPECT_EQ(SearchKey("Công ty TNHH Đà Lạt, số 1"), "cong ti tnhh da lat so 1");
}

// What is typed so far finds what it is the beginning of.
TEST(SearchKeyTest, BeginningsHaveKeysThatAreBeginnings) {
  const std::string name = "Ngân hàng TMCP “Kỹ Thương” Đà-Nẵng";
  const std::string key = WordsKey(name);
  EXPECT_EQ(key, "ngan hang tmcp ki thuong da nang");
  for (size_t end = 0; end <= name.size(); ++end) {
    // Not within a character.
    if (end < name.size() && (name[end] & 0xC0) == 0x80) continue;
    EXPECT_EQ(key.find(WordsKey(name.substr(0, end))), 0u) << name.substr(0, end);
  }
}

TEST(SearchKeyTest, AnyBytes) {
  EXPECT_EQ(WordsKey("a\xFF\tb\n"), "a b");
  EXPECT_EQ(WordsKey("ﬁ Ⅳ ½ КОТ 会社"), "fi iv 1 2 кот 会社");
  EXPECT_EQ(Fold("a\xFF"), "a\uFFFD");
  EXPECT_EQ(SearchKey("\xFF\xFF"), "");
}

}  // namespace
}  // namespace nscl::text
