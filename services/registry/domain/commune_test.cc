#include "services/registry/domain/commune.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace nscl::registry::domain {
namespace {

using ::nscl::testing::Reason;
using Day = absl::CivilDay;

// A commune renamed on 01/07/2025 and moved to another province; it ended on 31/12/2027.
v1::AdminUnit Unit() {
  v1::AdminUnit unit;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "name: 'adminUnits/22597' "
      "forms { parent_unit: 'adminUnits/584' valid_to { year: 2025 month: 6 day: 30 } } "
      "forms { parent_unit: 'adminUnits/56' valid_from { year: 2025 month: 7 day: 1 } "
      "        valid_to { year: 2027 month: 12 day: 31 } }",
      &unit));
  return unit;
}

TEST(CommuneTest, MeansWhatItMeantOnTheDay) {
  const v1::AdminUnit unit = Unit();
  struct {
    Day day;
    const char* parent;  // "": nothing
  } rows[] = {
      {Day(2000, 1, 1), "adminUnits/584"},
      {Day(2025, 6, 30), "adminUnits/584"},
      {Day(2025, 7, 1), "adminUnits/56"},
      {Day(2027, 12, 31), "adminUnits/56"},
      {Day(2028, 1, 1), ""},
  };
  for (const auto& row : rows) {
    const v1::AdminUnitForm* form = FormOn(unit, row.day);
    EXPECT_EQ(form == nullptr ? "" : form->parent_unit(), row.parent) << row.day;
  }
  status::Violations none, unknown, over, wrong, right;
  EXPECT_EQ(CheckCommuneOn(unknown, "x", "99999", nullptr, Day(2026, 1, 1)), nullptr);
  EXPECT_EQ(Reason(unknown.ToStatus()), "COMMUNE_UNKNOWN");
  EXPECT_EQ(CheckCommuneOn(over, "x", "22597", &unit, Day(2028, 1, 1)), nullptr);
  EXPECT_EQ(Reason(over.ToStatus()), "COMMUNE_NOT_VALID");
  EXPECT_NE(CheckCommuneOn(none, "x", "22597", &unit, Day(2026, 1, 1)), nullptr);
  EXPECT_OK(none.ToStatus());
  CheckCommuneProvince(wrong, "x", "22597", "48", "56");
  EXPECT_EQ(Reason(wrong.ToStatus()), "COMMUNE_PROVINCE");
  CheckCommuneProvince(right, "x", "22597", "56", "56");
  EXPECT_OK(right.ToStatus());
}

}  // namespace
}  // namespace nscl::registry::domain
