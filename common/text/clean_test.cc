#include "common/text/clean.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::text {
namespace {

using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

// "Đà Nẵng" with its marks as characters of their own.
constexpr char kDecomposed[] = "Đa\u0300 Na\u0306\u0303ng";

TEST(CleanTest, KeepsNfc) {
  struct {
    std::string text, clean;
  } rows[] = {
      {"Cong ty", "Cong ty"},
      {"Đà Nẵng", "Đà Nẵng"},
      {kDecomposed, "Đà Nẵng"},
      {"", ""},
      {"👩‍🌾", "👩‍🌾"},                // with a joiner
      {"=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"},  // stored as data; who writes CSV escapes it
      {"<b>\"x\"</b>", "<b>\"x\"</b>"},
  };
  for (const auto& row : rows) {
    absl::StatusOr<std::string> clean = Clean(row.text, {});
    ASSERT_OK(clean);
    EXPECT_EQ(*clean, row.clean);
  }
}

TEST(CleanTest, RefusesWithThePlace) {
  struct {
    const char* what;
    std::string text;
    int position;
    const char* code_point;
  } rows[] = {
      {"NUL", std::string("a\0b", 3), 1, "U+0000"},
      {"control", "Đà\x07", 2, "U+0007"},
      {"delete", "a\x7f", 1, "U+007F"},
      {"C1 control", "a\u0085", 1, "U+0085"},
      {"line break", "a\nb", 1, "U+000A"},
      {"right-to-left override", "ab\u202Ecd", 2, "U+202E"},
      {"isolate", "\u2066x", 0, "U+2066"},
      {"left-to-right mark", "x\u200E", 1, "U+200E"},
      {"zero width space", "a\u200Bb", 1, "U+200B"},
      {"byte order mark", "\uFEFFx", 0, "U+FEFF"},
      {"line separator", "a\u2028", 1, "U+2028"},
      {"private use", "\uE000", 0, "U+E000"},
      {"noncharacter", "\uFFFE", 0, "U+FFFE"},
      {"tag", "x\U000E0041", 1, "U+E0041"},
      {"lone surrogate", "a\xED\xA0\x80", 1, ""},
      {"overlong", "a\xC0\x80", 1, ""},
      {"cut", "Đ\xE1\xBA", 1, ""},
      {"above Unicode", "\xF4\x90\x80\x80", 0, ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    absl::StatusOr<std::string> clean = Clean(row.text, {});
    EXPECT_EQ(Reason(clean), "INVALID_TEXT");
    EXPECT_THAT(clean, MetadataIs("position", absl::StrCat(row.position)));
    EXPECT_THAT(clean, MetadataIs("code_point", row.code_point));
  }
}

TEST(CleanTest, SeveralLinesWhereTheyAreTaken) {
  TextRule rule{.max_chars = 100, .multiline = true};
  EXPECT_OK(Clean("a\n\tb", rule));
  EXPECT_EQ(Reason(Clean("a\r\nb", rule)), "INVALID_TEXT");
}

TEST(CleanTest, LengthIsInCharacters) {
  TextRule rule{.min_chars = 2, .max_chars = 4};
  struct {
    std::string text;
    const char* reason;
  } rows[] = {
      {"", "TEXT_LENGTH"},
      {"a", "TEXT_LENGTH"},
      {"ab", "OK"},
      {"ẵẵẵẵ", "OK"},
      {"ẵẵẵẵẵ", "TEXT_LENGTH"},
      {"a\u0306\u0303a\u0306\u0303a\u0306\u0303a\u0306\u0303", "OK"},  // four after NFC
      {"🌾🌾🌾🌾", "OK"},
      {"   ", "TEXT_LENGTH"},
      {"\u3000\u00A0", "TEXT_LENGTH"},
      {std::string(10'000'000, 'a'), "TEXT_LENGTH"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text.substr(0, 40));
    EXPECT_EQ(Reason(Clean(row.text, rule)), row.reason);
  }
  EXPECT_EQ(Reason(Clean("   ", {.min_chars = 0, .max_chars = 4})), "OK");
}

TEST(CleanTest, FieldsInPlace) {
  status::Violations violations;
  std::string good = kDecomposed, bad = "a\nb";
  EXPECT_TRUE(CleanField(violations, "enterprise.display_name", &good, {}));
  EXPECT_FALSE(CleanField(violations, "enterprise.address", &bad, {}));
  EXPECT_EQ(good, "Đà Nẵng");
  EXPECT_EQ(bad, "a\nb");
  EXPECT_THAT(violations.ToStatus(),
              nscl::testing::FieldsAre(::testing::ElementsAre("enterprise.address")));
}

}  // namespace
}  // namespace nscl::text
