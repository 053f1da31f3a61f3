// The bytes of the keys: a change here is a migration.
#include "services/reporting/store/keys.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace nscl::reporting::rows {
namespace {

using std::string_literals::operator""s;

TEST(KeysTest, BytesAreForever) {
  EXPECT_EQ(CursorKey("casework"), "kcasework");
  EXPECT_EQ(*KeyOf(kPlan, "provinces/48/plans/dn"), "p48\0dn\0"s);
  EXPECT_EQ(*KeyOf(kCase, "provinces/48/supportCases/c1"), "c48\0c1\0"s);
  budgeting::v1::Account account;
  account.set_plan_line("provinces/48/plans/dn/lines/IV-1");
  account.set_budget_year(2023);
  account.set_funding_source("ST_TASK");
  EXPECT_EQ(*BalanceKey(account), "b48\0dn\0\0\0\x07\xe7IV-1\0ST_TASK\0"s);
  EXPECT_EQ(*BalancePrefix("provinces/48/plans/dn", 2023), "b48\0dn\0\0\0\x07\xe7"s);
  EXPECT_EQ(*OfPlanKey("provinces/48/plans/dn", kActivity, "provinces/48/activities/k"),
            "x48\0dn\0aprovinces/48/activities/k"s);
  EXPECT_EQ(kReports.kind, 'R');
  EXPECT_EQ(kObligations.kind, 'O');
}

TEST(KeysTest, PlanOfALine) {
  EXPECT_EQ(PlanOfLine("provinces/48/plans/dn/lines/IV-1"), "provinces/48/plans/dn");
  for (const char* other : {"", "provinces/48/plans/dn", "provinces/48/plans//lines/I",
                            "provinces/48/cases/dn/lines/I", "provinces/48/plans/dn/lines/I/x"}) {
    EXPECT_EQ(PlanOfLine(other), "") << other;
  }
}

TEST(KeysTest, WhatIsNoNameHasNoKey) {
  for (const std::string& name :
       {""s, "provinces/48"s, "48/plans/dn"s, "provinces//plans/dn"s, "provinces/48/plans/a\0b"s}) {
    EXPECT_EQ(status::ReasonOf(KeyOf(kPlan, name).status()), "RESOURCE_NAME") << name;
  }
}

}  // namespace
}  // namespace nscl::reporting::rows
