// The rules of activities: planning, approval, holding, ending.
#include "services/casework/domain/activity_approval.h"
#include "services/casework/domain/activity_ending.h"
#include "services/casework/domain/activity_holding.h"
#include "services/casework/domain/activity_planning.h"
#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Activity = v1::Activity;
using States = std::set<Activity::State>;
using testing::Reason;
using testing::ReasonIs;

constexpr char kReservation[] = "provinces/58/reservations/r1";

v1::Attendance Row(const std::string& number) {
  v1::Attendance row;
  row.set_list_number(number);
  row.set_organisation_kind(v1::Attendance::ORGANISATION_KIND_ENTERPRISE);
  return row;
}

v1::Intent IntentOf(v1::Intent::Step step, Activity::State return_state) {
  v1::Intent intent;
  intent.set_step(step);
  intent.set_return_state(return_state);
  return intent;
}

TEST(ActivityTest, OneArrowEach) {
  v1::EstimateActivityRequest estimate;
  estimate.set_estimate_vnd(1);
  ExpectOnlyFrom(States{Activity::STATE_PLANNED, Activity::STATE_ESTIMATED},
                 [&](const Activity& current) { return Estimate(current, estimate); });
  ExpectOnlyFrom(States{Activity::STATE_ESTIMATED},
                 [](const Activity& current) { return Approve(current, {}); });
  ExpectOnlyFrom(States{Activity::STATE_APPROVED},
                 [](const Activity& current) { return Open(current, {}); });
  ExpectOnlyFrom(States{Activity::STATE_OPEN},
                 [](const Activity& current) { return RecordAttendance(current, {}); });
  ExpectOnlyFrom(States{Activity::STATE_OPEN}, [](Activity current) {
    *current.add_attendances() = Row("1");
    return Hold(current, {});
  });
  ExpectOnlyFrom(States{Activity::STATE_HELD}, [](Activity current) {
    current.set_final_paid(true);
    return SettleActivity(current, {});
  });
  ExpectOnlyFrom(States{Activity::STATE_PLANNED, Activity::STATE_ESTIMATED,
                        Activity::STATE_APPROVED, Activity::STATE_OPEN},
                 [](const Activity& current) { return Cancel(current, {}); });
}

TEST(ActivityTest, ActsThatRepeatNeedRoom) {
  ExpectRoomNeeded(ActivityIn(Activity::STATE_PLANNED),
                   [](const Activity& current) { return Estimate(current, {}); });
  ExpectRoomNeeded(ActivityIn(Activity::STATE_ESTIMATED),
                   [](const Activity& current) { return Approve(current, {}); });
  ExpectRoomNeeded(ActivityIn(Activity::STATE_OPEN),
                   [](const Activity& current) { return Cancel(current, {}); });
}

TEST(PlanActivityTest, PlanThenYear) {
  Activity asked = ActivityIn(Activity::STATE_SETTLED);
  PlanFacts plan;
  EXPECT_THAT(PlanActivity(asked, plan), ReasonIs("PLAN_LINE_UNKNOWN"));
  plan.line_known = true;
  EXPECT_THAT(PlanActivity(asked, plan), ReasonIs("PLAN_NOT_ISSUED"));
  plan.issued = true;
  EXPECT_THAT(PlanActivity(asked, plan), ReasonIs("YEAR_NOT_OF_PLAN"));
  plan.first_year = plan.last_year = 2024;
  ASSERT_OK_AND_ASSIGN(ActivityChange change, PlanActivity(asked, plan));
  EXPECT_EQ(change.next.state(), Activity::STATE_PLANNED);
  EXPECT_EQ(change.next.commitment(), "");
  EXPECT_EQ(change.next.estimate_vnd(), 0);
}

TEST(PlanActivityTest, EveryBadFieldAtOnce) {
  v1::CreateActivityRequest request;
  request.set_parent("provinces/58");
  request.mutable_activity()->set_days(367);
  EXPECT_THAT(Check(request),
              testing::FieldsAre(::testing::ElementsAre(
                  "activity.title", "activity.kind", "activity.plan_line", "activity.budget_year",
                  "activity.funding_source", "activity.days")));
}

TEST(ActivityApprovalTest, HeldThenBound) {
  ASSERT_OK_AND_ASSIGN(ActivityChange asked, Approve(ActivityIn(Activity::STATE_ESTIMATED), [] {
                         v1::ApproveActivityRequest request;
                         request.mutable_decision()->set_document_number("5/QĐ");
                         return request;
                       }()));
  EXPECT_EQ(asked.next.state(), Activity::STATE_APPROVAL_PENDING);
  ASSERT_TRUE(asked.intent.has_value());
  EXPECT_EQ(asked.intent->step(), v1::Intent::STEP_RESERVE);
  EXPECT_EQ(asked.intent->amount_vnd(), 100);

  ASSERT_OK_AND_ASSIGN(ActivityChange held,
                       HoldAnswered(asked.next, *asked.intent, Granted(kReservation)));
  EXPECT_EQ(held.next.state(), Activity::STATE_APPROVAL_PENDING);
  EXPECT_EQ(held.next.reservation(), kReservation);
  ASSERT_TRUE(held.intent.has_value());
  EXPECT_EQ(held.intent->step(), v1::Intent::STEP_COMMIT);
  EXPECT_EQ(held.intent->subject(), kReservation);
  EXPECT_EQ(held.intent->amount_vnd(), 100);
  EXPECT_EQ(held.intent->document_number(), "5/QĐ");
  EXPECT_EQ(held.intent->return_state(), Activity::STATE_ESTIMATED);

  ASSERT_OK_AND_ASSIGN(
      ActivityChange bound,
      CommitmentAnswered(held.next, *held.intent, Granted("provinces/58/commitments/k1")));
  EXPECT_EQ(bound.next.state(), Activity::STATE_APPROVED);
  EXPECT_EQ(bound.next.commitment(), "provinces/58/commitments/k1");
  EXPECT_FALSE(bound.intent.has_value());
}

TEST(ActivityApprovalTest, AnswersOnlyWhileTheyAreWaitedFor) {
  const v1::Intent intent = IntentOf(v1::Intent::STEP_RESERVE, Activity::STATE_ESTIMATED);
  ExpectOnlyFrom(States{Activity::STATE_APPROVAL_PENDING}, [&](const Activity& current) {
    return HoldAnswered(current, intent, Granted(kReservation));
  });
  ExpectOnlyFrom(States{Activity::STATE_APPROVAL_PENDING}, [&](const Activity& current) {
    return CommitmentAnswered(current, intent, Granted("k"));
  });
  ExpectOnlyFrom(States{Activity::STATE_APPROVAL_PENDING}, [&](const Activity& current) {
    return ReleaseAnswered(current, intent, Granted("k"));
  });
  ExpectOnlyFrom(
      States{Activity::STATE_SETTLEMENT_PENDING, Activity::STATE_CANCELLATION_PENDING},
      [&](const Activity& current) { return RestReleased(current, intent, Granted("k")); });
}

TEST(ActivityApprovalTest, NoHoldNoApproval) {
  const v1::Intent intent = IntentOf(v1::Intent::STEP_RESERVE, Activity::STATE_ESTIMATED);
  ASSERT_OK_AND_ASSIGN(ActivityChange change,
                       HoldAnswered(ActivityIn(Activity::STATE_APPROVAL_PENDING), intent,
                                    Refused("INSUFFICIENT_BUDGET")));
  EXPECT_EQ(change.next.state(), Activity::STATE_ESTIMATED);
  EXPECT_EQ(change.next.last_refusal().reason(), "INSUFFICIENT_BUDGET");
  EXPECT_FALSE(change.next.has_approval());
}

TEST(ActivityApprovalTest, ARefusedCommitmentReleasesTheHoldFirst) {
  Activity current = ActivityIn(Activity::STATE_APPROVAL_PENDING);
  current.set_reservation(kReservation);
  const v1::Intent commit = IntentOf(v1::Intent::STEP_COMMIT, Activity::STATE_ESTIMATED);
  ASSERT_OK_AND_ASSIGN(ActivityChange refused,
                       CommitmentAnswered(current, commit, Refused("EXCEEDS_RESERVED")));
  EXPECT_EQ(refused.next.state(), Activity::STATE_APPROVAL_PENDING);
  ASSERT_TRUE(refused.intent.has_value());
  EXPECT_EQ(refused.intent->step(), v1::Intent::STEP_RELEASE_RESERVATION);
  for (const Answer& answer : {Granted(kReservation), Refused("RESERVATION_STATE")}) {
    ASSERT_OK_AND_ASSIGN(ActivityChange released,
                         ReleaseAnswered(refused.next, *refused.intent, answer));
    EXPECT_EQ(released.next.state(), Activity::STATE_ESTIMATED);
    EXPECT_EQ(released.next.last_refusal().reason(), "EXCEEDS_RESERVED");
    EXPECT_EQ(released.next.reservation(), "");
  }
  current.clear_reservation();  // it has expired: nothing to release
  ASSERT_OK_AND_ASSIGN(ActivityChange expired,
                       CommitmentAnswered(current, commit, Refused("RESERVATION_EXPIRED")));
  EXPECT_EQ(expired.next.state(), Activity::STATE_ESTIMATED);
  EXPECT_FALSE(expired.intent.has_value());
}

TEST(RecordAttendanceTest, NumbersAreUniqueAndTheListIsBounded) {
  Activity current = ActivityIn(Activity::STATE_OPEN);
  v1::RecordAttendanceRequest request;
  *request.add_attendances() = Row("1");
  *request.add_attendances() = Row("2");
  ASSERT_OK_AND_ASSIGN(ActivityChange change, RecordAttendance(current, request));
  EXPECT_EQ(change.next.attendances_size(), 2);
  EXPECT_THAT(RecordAttendance(change.next, request),
              testing::Refused(absl::StatusCode::kAlreadyExists, "ATTENDANCE_EXISTS"));
  *request.add_attendances() = Row("1");
  EXPECT_THAT(RecordAttendance(current, request), ReasonIs("ATTENDANCE_EXISTS"))
      << "within a request";

  for (int i = 0; i < 1999; ++i) *current.add_attendances() = Row(absl::StrCat("n", i));
  v1::RecordAttendanceRequest one;
  *one.add_attendances() = Row("2000");
  ASSERT_OK_AND_ASSIGN(ActivityChange full, RecordAttendance(current, one));
  one.mutable_attendances(0)->set_list_number("2001");
  EXPECT_THAT(RecordAttendance(full.next, one), ReasonIs("ATTENDANCE_FULL"));
}

TEST(RecordAttendanceTest, RowsOfARequest) {
  v1::RecordAttendanceRequest request;
  EXPECT_THAT(Check(request), ReasonIs("NUMBER_RANGE"));
  for (int i = 0; i < 500; ++i) *request.add_attendances() = Row(absl::StrCat(i));
  EXPECT_OK(Check(request));
  *request.add_attendances() = Row("500");
  EXPECT_THAT(Check(request), ReasonIs("NUMBER_RANGE"));
  request.mutable_attendances()->DeleteSubrange(1, 500);
  request.mutable_attendances(0)->set_enterprise("provinces/48/enterprises/guest");
  EXPECT_OK(Check(request)) << "a guest from another province";
  request.mutable_attendances(0)->set_enterprise("e1");
  EXPECT_THAT(Check(request), ReasonIs("RESOURCE_NAME"));
}

TEST(HoldTest, CountsOnlyWithAList) {
  EXPECT_THAT(Hold(ActivityIn(Activity::STATE_OPEN), {}), ReasonIs("NO_ATTENDANCE"));
}

TEST(SettleActivityTest, AfterTheFinalPayment) {
  struct {
    int64_t paid;
    bool final_paid;
    const char* reason;
    Activity::State to;
    bool releases;
  } rows[] = {
      {0, false, "NOTHING_PAID", Activity::STATE_HELD, false},
      {50, false, "NOTHING_PAID", Activity::STATE_HELD, false},
      {90, true, "OK", Activity::STATE_SETTLEMENT_PENDING, true},
      {100, true, "OK", Activity::STATE_SETTLED, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat("paid ", row.paid));
    Activity current = ActivityIn(Activity::STATE_HELD);
    current.set_paid_vnd(row.paid);
    current.set_final_paid(row.final_paid);
    const auto change = SettleActivity(current, {});
    EXPECT_EQ(Reason(change), row.reason);
    if (!change.ok()) continue;
    EXPECT_EQ(change->next.state(), row.to);
    ASSERT_EQ(change->intent.has_value(), row.releases);
    if (row.releases) {
      EXPECT_EQ(change->intent->step(), v1::Intent::STEP_RELEASE_COMMITMENT);
    }
  }
}

TEST(CancelTest, ReleasesWhatIsBound) {
  struct {
    Activity::State from, to;
    bool releases;
  } rows[] = {
      {Activity::STATE_PLANNED, Activity::STATE_CANCELLED, false},
      {Activity::STATE_ESTIMATED, Activity::STATE_CANCELLED, false},
      {Activity::STATE_APPROVED, Activity::STATE_CANCELLATION_PENDING, true},
      {Activity::STATE_OPEN, Activity::STATE_CANCELLATION_PENDING, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(Activity::State_Name(row.from));
    ASSERT_OK_AND_ASSIGN(ActivityChange change, Cancel(ActivityIn(row.from), {}));
    EXPECT_EQ(change.next.state(), row.to);
    ASSERT_EQ(change.intent.has_value(), row.releases);
    if (row.releases) {
      EXPECT_EQ(change.intent->subject(), "provinces/58/commitments/k1");
    }
  }
}

TEST(RestReleasedTest, DoneOrBack) {
  struct {
    Activity::State from;
    const char* refusal;
    Activity::State to;
  } rows[] = {
      {Activity::STATE_SETTLEMENT_PENDING, "", Activity::STATE_SETTLED},
      {Activity::STATE_SETTLEMENT_PENDING, "COMMITMENT_STATE", Activity::STATE_SETTLED},
      {Activity::STATE_SETTLEMENT_PENDING, "YEAR_CLOSED", Activity::STATE_HELD},
      {Activity::STATE_CANCELLATION_PENDING, "", Activity::STATE_CANCELLED},
      {Activity::STATE_CANCELLATION_PENDING, "COMMITMENT_STATE", Activity::STATE_CANCELLED},
      {Activity::STATE_CANCELLATION_PENDING, "YEAR_CLOSED", Activity::STATE_HELD},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(Activity::State_Name(row.from), " ", row.refusal));
    const std::string refusal = row.refusal;
    ASSERT_OK_AND_ASSIGN(
        ActivityChange change,
        RestReleased(ActivityIn(row.from),
                     IntentOf(v1::Intent::STEP_RELEASE_COMMITMENT, Activity::STATE_HELD),
                     refusal.empty() ? Granted("k") : Refused(refusal)));
    EXPECT_EQ(change.next.state(), row.to);
  }
}

}  // namespace
}  // namespace nscl::casework::domain
