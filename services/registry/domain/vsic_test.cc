#include "services/registry/domain/vsic.h"

#include <gtest/gtest.h>

namespace nscl::registry::domain {
namespace {

TEST(VsicTest, FormsSectionsAndDigits) {
  struct {
    const char* value;
    bool form;
    const char *section, *digits;
  } rows[] = {
      {"C", true, "C", "C"},
      {"C10", true, "C", "10"},
      {"C10201", true, "C", "10201"},
      {"10", true, "", "10"},
      {"1020", true, "", "1020"},
      {"10201", true, "", "10201"},
      {"1", false, "", "1"},
      {"102011", false, "", "102011"},
      {"C102011", false, "C", "102011"},
      {"c10", false, "", "c10"},
      {"", false, "", ""},
      {"10.20", false, "", "10.20"},
      {"１０", false, "", "１０"},  // full-width digits
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.value);
    EXPECT_EQ(IsVsicForm(row.value), row.form);
    EXPECT_EQ(VsicSectionOf(row.value), row.section);
    EXPECT_EQ(VsicDigitsOf(row.value), row.digits);
  }
}

}  // namespace
}  // namespace nscl::registry::domain
