#include "common/status/excerpt.h"

#include <gtest/gtest.h>

namespace nscl::status {
namespace {

TEST(ExcerptTest, WholeCharactersOnly) {
  const struct {
    const char* text;
    size_t max_bytes;
    const char* excerpt;
  } rows[] = {
      {"", 0, ""},      {"abc", 3, "abc"}, {"abc", 2, "ab"},        {"aệ", 4, "aệ"},
      {"aệb", 4, "aệ"}, {"aệb", 3, "a"},   {"aệb", 2, "a"},         {"ệ", 2, ""},
      {"ệệ", 5, "ệ"},   {"đ", 1, ""},      {"a\U0001F600", 4, "a"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Excerpt(row.text, row.max_bytes), row.excerpt) << row.text << " " << row.max_bytes;
  }
}

}  // namespace
}  // namespace nscl::status
