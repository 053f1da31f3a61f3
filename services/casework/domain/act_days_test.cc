#include "services/casework/domain/act_days.h"

#include "common/status/error.h"
#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using Activity = v1::Activity;

constexpr absl::CivilDay kToday(2023, 12, 31);

v1::Act ActOn(absl::string_view act, const google::type::Date& day) {
  v1::Act row = ActWith(act);
  *row.mutable_acted_on() = day;
  return row;
}

TEST(ActDaysTest, ReceivedTodayOrBefore) {
  Case asked;
  *asked.mutable_received_on() = Day(2023, 12, 31);
  EXPECT_OK(CheckReceived(asked, kToday));
  *asked.mutable_received_on() = Day(2024, 1, 1);
  EXPECT_THAT(CheckReceived(asked, kToday), testing::ReasonIs("DATE_ORDER"));
}

// An approval that budgeting refused binds no later day: the next decision may be of an earlier
// one.
TEST(ActDaysTest, WhatWasUndoneBindsNothing) {
  Case before;
  *before.mutable_received_on() = Day(2023, 2, 10);
  *before.add_acts() = ActOn("appraised", Day(2023, 4, 1));
  *before.add_acts() = ActOn("approvalDecided", Day(2023, 5, 5));
  Case next = before;
  *next.add_acts() = ActOn("approvalDecided", Day(2023, 5, 1));
  EXPECT_THAT(CheckActDays(before, next, kToday), testing::ReasonIs("DATE_ORDER"));
  before.mutable_acts(1)->set_undone(true);
  EXPECT_OK(CheckActDays(before, next, kToday));
  *next.mutable_acts()->rbegin()->mutable_acted_on() = Day(2023, 3, 31);
  EXPECT_THAT(CheckActDays(before, next, kToday), testing::ReasonIs("DATE_ORDER"));
}

// Every act of a case in its order, with the one before it: the day itself is in order, the day
// before it is not.
TEST(ActDaysTest, EveryActOfACaseAfterTheOneBeforeIt) {
  const char* acts[] = {
      "submitted",        "returned",      "resubmitted",      "dossierAccepted",
      "surveyed",         "foundEligible", "outlineSubmitted", "revisionRequested",
      "outlineSubmitted", "appraised",     "selected",         "approvalDecided",
      "contractSigned",   "started",       "progressReported", "delivered",
      "accepted",         "liquidated",    "settled"};
  Case before;
  *before.mutable_received_on() = Day(2023, 2, 10);
  std::string earlier = "received";
  for (const char* act : acts) {
    SCOPED_TRACE(act);
    Case next = before;
    *next.add_acts() = ActOn(act, Day(2023, 2, 9));
    const absl::Status status = CheckActDays(before, next, kToday);
    EXPECT_THAT(status, testing::ReasonIs("DATE_ORDER"));
    EXPECT_EQ(status::MetadataOf(status, "act"), act);
    EXPECT_EQ(status::MetadataOf(status, "acted_on"), "2023-02-09");
    EXPECT_EQ(status::MetadataOf(status, "earlier_act"), earlier);
    EXPECT_EQ(status::MetadataOf(status, "earlier_acted_on"), "2023-02-10");
    // No act is called by its English name to people.
    EXPECT_EQ(status::LocalizedMessageOf(status).find(act), std::string::npos);
    *next.mutable_acts()->rbegin()->mutable_acted_on() = Day(2024, 1, 1);
    EXPECT_THAT(CheckActDays(before, next, kToday), testing::ReasonIs("DATE_ORDER"));
    *next.mutable_acts()->rbegin()->mutable_acted_on() = Day(2023, 2, 10);
    EXPECT_OK(CheckActDays(before, next, kToday));
    before = next;
    earlier = act;
  }
}

TEST(ActDaysTest, NothingEndsBeforeItsLatestPayment) {
  struct {
    const char* act;
    google::type::Date day;
    const char* reason;
  } rows[] = {
      {"progressReported", Day(2023, 9, 1), ""},  // entered after a payment, dated before it
      {"liquidated", Day(2023, 9, 1), "DATE_ORDER"}, {"liquidated", Day(2023, 9, 5), ""},
      {"settled", Day(2023, 9, 4), "DATE_ORDER"},    {"cancelled", Day(2023, 9, 4), "DATE_ORDER"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.act);
    Case before;
    *before.mutable_received_on() = Day(2023, 2, 10);
    *before.mutable_last_paid_on() = Day(2023, 9, 5);
    Case next = before;
    *next.add_acts() = ActOn(row.act, row.day);
    EXPECT_EQ(status::ReasonOf(CheckActDays(before, next, kToday)), row.reason);
  }
}

TEST(ActDaysTest, ActivitiesOpenAfterTheirApprovalAndAreHeldAfterTheirFirstDay) {
  Activity approved;
  approved.set_state(Activity::STATE_APPROVED);
  *approved.add_acts() = ActOn("estimated", Day(2023, 4, 1));
  *approved.add_acts() = ActOn("approvalDecided", Day(2023, 4, 5));
  struct {
    google::type::Date first_day, held_on;
    const char* opened;
    const char* held;
  } rows[] = {
      {Day(2023, 4, 5), Day(2023, 4, 5), "", ""},
      {Day(2023, 4, 4), Day(2023, 4, 5), "DATE_ORDER", ""},
      {Day(2023, 5, 1), Day(2023, 4, 30), "", "DATE_ORDER"},
      {Day(2023, 5, 1), Day(2023, 5, 2), "", ""},
      {Day(2024, 5, 1), Day(2024, 5, 2), "", "DATE_ORDER"},  // to come: it opens, and is not held
  };
  for (const auto& row : rows) {
    Activity open = approved;
    open.set_state(Activity::STATE_OPEN);
    *open.mutable_first_day() = row.first_day;
    SCOPED_TRACE(row.first_day.ShortDebugString());
    EXPECT_EQ(status::ReasonOf(CheckActDays(approved, open, kToday)), row.opened);
    Activity held = open;
    held.set_state(Activity::STATE_HELD);
    *held.add_acts() = ActOn("held", row.held_on);
    EXPECT_EQ(status::ReasonOf(CheckActDays(open, held, kToday)), row.held);
  }
}

}  // namespace
}  // namespace nscl::casework::domain
