#include "services/casework/domain/approval.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::Reason;

constexpr char kReservation[] = "provinces/48/reservations/r1";

v1::ApproveSupportCaseRequest Request(int64_t approved_vnd, bool without_council = false) {
  v1::ApproveSupportCaseRequest request;
  request.set_approved_vnd(approved_vnd);
  request.set_without_council(without_council);
  request.mutable_decision()->set_document_number("12/QĐ-SKHCN");
  *request.mutable_decision()->mutable_decided_on() = Day(2023, 5, 10);
  return request;
}

SizeFacts Small() { return {.known = true, .size = "SMALL", .rule_version = "sme:2021-10-15"}; }

v1::Intent Reserve(Case::State return_state) {
  v1::Intent intent;
  intent.set_step(v1::Intent::STEP_RESERVE);
  intent.set_return_state(return_state);
  return intent;
}

TEST(ApproveTest, SelectedCasesOnly) {
  auto act = [](const Case& current) { return Approve(current, Request(100), Small()); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_SELECTED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_SELECTED), act);
}

TEST(ApproveTest, AppraisedCasesWhereTheCouncilIsSkipped) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_SELECTED, Case::STATE_APPRAISED},
                 [](const Case& current) { return Approve(current, Request(100, true), Small()); });
}

TEST(ApproveTest, WithinTheRequestOnly) {
  struct {
    Case::State state;
    int64_t asked, granted;
    bool size_known;
    const char* reason;
  } rows[] = {
      {Case::STATE_SUBMITTED, 100, 0, false, "CASE_STATE"},
      {Case::STATE_SELECTED, 100, 0, false, "APPROVED_AMOUNT"},
      {Case::STATE_SELECTED, 100, -1, true, "APPROVED_AMOUNT"},
      {Case::STATE_SELECTED, 100, 1, true, "OK"},
      {Case::STATE_SELECTED, 100, 100, true, "OK"},
      {Case::STATE_SELECTED, 100, 101, true, "APPROVED_AMOUNT"},
      {Case::STATE_SELECTED, 100, INT64_MAX, true, "APPROVED_AMOUNT"},
      {Case::STATE_SELECTED, 100, 100, false, "SIZE_UNKNOWN"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(Case::State_Name(row.state), " granted ", row.granted));
    Case current = CaseIn(row.state);
    current.mutable_outline()->set_state_part_vnd(row.asked);
    SizeFacts size = Small();
    size.known = row.size_known;
    EXPECT_EQ(Reason(Approve(current, Request(row.granted), size)), row.reason);
  }
}

TEST(ApproveTest, AsksBudgetingToHoldTheMoney) {
  Case current = CaseIn(Case::STATE_SELECTED);
  current.mutable_last_refusal()->set_reason("INSUFFICIENT_BUDGET");
  ASSERT_OK_AND_ASSIGN(CaseChange change, Approve(current, Request(80), Small()));
  EXPECT_EQ(change.next.state(), Case::STATE_APPROVAL_PENDING);
  EXPECT_EQ(change.next.approved_vnd(), 80);
  EXPECT_EQ(change.next.frozen_size(), "SMALL");
  EXPECT_EQ(change.next.frozen_size_rule(), "sme:2021-10-15");
  EXPECT_FALSE(change.next.has_last_refusal());
  ASSERT_TRUE(change.intent.has_value());
  EXPECT_EQ(change.intent->step(), v1::Intent::STEP_RESERVE);
  EXPECT_EQ(change.intent->amount_vnd(), 80);
  EXPECT_EQ(change.intent->plan_line(), current.plan_line());
  EXPECT_EQ(change.intent->budget_year(), 2023);
  EXPECT_EQ(change.intent->funding_source(), "ST_RECURRENT");
  EXPECT_EQ(change.intent->acted_on().month(), 5);
  EXPECT_EQ(change.intent->return_state(), Case::STATE_SELECTED);
}

TEST(HoldAnsweredTest, OnlyWhileItIsWaitedFor) {
  ExpectOnlyFrom(
      std::set<Case::State>{Case::STATE_APPROVAL_PENDING, Case::STATE_WITHDRAWAL_PENDING},
      [](const Case& current) {
        return HoldAnswered(current, Reserve(Case::STATE_SELECTED), Granted(kReservation));
      });
}

TEST(HoldAnsweredTest, Granted) {
  ASSERT_OK_AND_ASSIGN(CaseChange change,
                       HoldAnswered(CaseIn(Case::STATE_APPROVAL_PENDING),
                                    Reserve(Case::STATE_SELECTED), Granted(kReservation)));
  EXPECT_EQ(change.next.state(), Case::STATE_APPROVED);
  EXPECT_EQ(change.next.reservation(), kReservation);
  EXPECT_FALSE(change.intent.has_value());
}

TEST(HoldAnsweredTest, RefusedGoesBackToWhereItWas) {
  for (Case::State from : {Case::STATE_SELECTED, Case::STATE_APPRAISED}) {
    SCOPED_TRACE(Case::State_Name(from));
    ASSERT_OK_AND_ASSIGN(CaseChange change,
                         HoldAnswered(CaseIn(Case::STATE_APPROVAL_PENDING), Reserve(from),
                                      Refused("INSUFFICIENT_BUDGET")));
    EXPECT_EQ(change.next.state(), from);
    EXPECT_EQ(change.next.last_refusal().reason(), "INSUFFICIENT_BUDGET");
    EXPECT_EQ(change.next.last_refusal().available_vnd(), 5);
    EXPECT_EQ(change.next.last_refusal().asked_vnd(), 80);
    EXPECT_FALSE(change.next.has_approval());
    EXPECT_EQ(change.next.approved_vnd(), 0);
    EXPECT_EQ(change.next.frozen_size(), "");
    EXPECT_FALSE(change.intent.has_value());
  }
}

TEST(HoldAnsweredTest, GrantedAndExpiredBeforeTheAnswerCame) {
  v1::Intent intent = Reserve(Case::STATE_SELECTED);
  intent.set_expired_reservation(kReservation);
  ASSERT_OK_AND_ASSIGN(CaseChange change, HoldAnswered(CaseIn(Case::STATE_APPROVAL_PENDING), intent,
                                                       Granted(kReservation)));
  EXPECT_EQ(change.next.state(), Case::STATE_SELECTED);
  EXPECT_EQ(change.next.last_refusal().reason(), "RESERVATION_EXPIRED");
  EXPECT_EQ(change.next.reservation(), "");
}

TEST(HoldAnsweredTest, WithdrawnInTheMeantime) {
  Case current = CaseIn(Case::STATE_WITHDRAWAL_PENDING);
  current.clear_reservation();
  ASSERT_OK_AND_ASSIGN(CaseChange granted,
                       HoldAnswered(current, Reserve(Case::STATE_SELECTED), Granted(kReservation)));
  EXPECT_EQ(granted.next.state(), Case::STATE_WITHDRAWAL_PENDING);
  ASSERT_TRUE(granted.intent.has_value());
  EXPECT_EQ(granted.intent->step(), v1::Intent::STEP_RELEASE_RESERVATION);
  EXPECT_EQ(granted.intent->subject(), kReservation);

  ASSERT_OK_AND_ASSIGN(CaseChange refused, HoldAnswered(current, Reserve(Case::STATE_SELECTED),
                                                        Refused("INSUFFICIENT_BUDGET")));
  EXPECT_EQ(refused.next.state(), Case::STATE_WITHDRAWN);
  EXPECT_FALSE(refused.intent.has_value());
}

}  // namespace
}  // namespace nscl::casework::domain
