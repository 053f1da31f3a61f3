#include "common/sheet/encoding.h"

#include <gtest/gtest.h>

namespace nscl::sheet {
namespace {

// The same four lines in each encoding.
TEST(NarrowEncodingTest, NamesTheEncoding) {
  struct {
    const char* name;
    const char* text;
  } table[] = {
      {"Windows-1258",
       "C\xF4ng ty tr\xE1"
       "ch nhi\xEA\xF2m h\xFD\xDEu ha\xF2n \xD0\xE0 N\xE3\xDEng"},
      {"Windows-1258",
       "\xD0i\xF2"
       "a chi\xD2: \xF0\xFD\xF5\xCCng Nguy\xEA\xDEn V\xE3n Linh"},
      {"Windows-1258", "Ma\xDE s\xF4\xEC thu\xEA\xEC, t\xEAn doanh nghi\xEA\xF2p"},
      {"Windows-1258",
       "H\xF5\xF2p t\xE1"
       "c xa\xDE di\xF2"
       "ch vu\xF2 n\xF4ng nghi\xEA\xF2p"},
      {"Windows-1258",
       "C\xF4ng ty tr\xE1"
       "ch nhi\xEA\xF2m h\xFD\xDEu ha\xF2n \xD0\xE0 N\xE3\xDEng, \xD0i\xF2"
       "a chi\xD2: \xF0\xFD\xF5\xCCng Nguy\xEA\xDEn V\xE3n Linh, Ma\xDE s\xF4\xEC thu\xEA\xEC, "
       "t\xEAn doanh nghi\xEA\xF2p, H\xF5\xF2p t\xE1"
       "c xa\xDE di\xF2"
       "ch vu\xF2 n\xF4ng nghi\xEA\xF2p"},
      {"TCVN3 (ABC)",
       "C\xABng ty tr\xB8"
       "ch nhi\xD6m h\xF7u h\xB9n \xA7\xB5 N\xBDng"},
      {"TCVN3 (ABC)",
       "\xA7\xDE"
       "a ch\xD8: \xAE\xAD\xEAng Nguy\xD4n V\xA8n Linh"},
      {"TCVN3 (ABC)", "M\xB7 s\xE8 thu\xD5, t\xAAn doanh nghi\xD6p"},
      {"TCVN3 (ABC)",
       "H\xEEp t\xB8"
       "c x\xB7 d\xDE"
       "ch v\xF4 n\xABng nghi\xD6p"},
      {"TCVN3 (ABC)",
       "C\xABng ty tr\xB8"
       "ch nhi\xD6m h\xF7u h\xB9n \xA7\xB5 N\xBDng, \xA7\xDE"
       "a ch\xD8: \xAE\xAD\xEAng Nguy\xD4n V\xA8n Linh, M\xB7 s\xE8 thu\xD5, t\xAAn doanh "
       "nghi\xD6p, H\xEEp t\xB8"
       "c x\xB7 d\xDE"
       "ch v\xF4 n\xABng nghi\xD6p"},
      {"VNI-Windows",
       "Co\xE2ng ty tra\xF9"
       "ch nhie\xE4m h\xF6\xF5u ha\xEFn \xD1"
       "a\xF8 Na\xFCng"},
      {"VNI-Windows",
       "\xD1\xF2"
       "a ch\xE6: \xF1\xF6\xF4\xF8ng Nguye\xE3n Va\xEAn Linh"},
      {"VNI-Windows", "Ma\xF5 so\xE1 thue\xE1, te\xE2n doanh nghie\xE4p"},
      {"VNI-Windows",
       "H\xF4\xEFp ta\xF9"
       "c xa\xF5 d\xF2"
       "ch vu\xEF no\xE2ng nghie\xE4p"},
      {"VNI-Windows",
       "Co\xE2ng ty tra\xF9"
       "ch nhie\xE4m h\xF6\xF5u ha\xEFn \xD1"
       "a\xF8 Na\xFCng, \xD1\xF2"
       "a ch\xE6: \xF1\xF6\xF4\xF8ng Nguye\xE3n Va\xEAn Linh, Ma\xF5 so\xE1 thue\xE1, te\xE2n "
       "doanh nghie\xE4p, H\xF4\xEFp ta\xF9"
       "c xa\xF5 d\xF2"
       "ch vu\xEF no\xE2ng nghie\xE4p"},
      {"", "plain"},
  };
  for (const auto& row : table) EXPECT_EQ(NarrowEncodingOf(row.text), row.name) << row.text;
}

TEST(WideEncodingTest, ByMarkOrByZeros) {
  struct {
    absl::string_view start;
    const char* name;
  } table[] = {
      {absl::string_view("\xFF\xFE"
                         "a\0",
                         4),
       "UTF-16LE"},
      {absl::string_view("\xFE\xFF\0a", 4), "UTF-16BE"},
      {absl::string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
      {absl::string_view("\0\0\xFE\xFF", 4), "UTF-32BE"},
      {absl::string_view("M\0\xE3\0,\0t\0e\0n\0", 12), "UTF-16LE"},
      {absl::string_view("\0M\0\xE3\0,\0t\0e\0n", 12), "UTF-16BE"},
      {"M\xC3\xA3 s\xE1\xBB\x91 thu\xE1\xBA\xBF", ""},
      {"", ""},
  };
  for (const auto& row : table) EXPECT_EQ(WideEncodingOf(row.start), row.name);
}

}  // namespace
}  // namespace nscl::sheet
