#include "services/casework/domain/withdrawal.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;

v1::WithdrawSupportCaseRequest Request() {
  v1::WithdrawSupportCaseRequest request;
  request.set_reason("doanh nghiệp rút");
  *request.mutable_acted_on() = Day(2023, 6, 1);
  return request;
}

v1::Intent Release() {
  v1::Intent intent;
  intent.set_step(v1::Intent::STEP_RELEASE_RESERVATION);
  intent.set_return_state(Case::STATE_APPROVED);
  return intent;
}

TEST(WithdrawTest, EveryStateBeforeTheContract) {
  ExpectOnlyFrom(
      std::set<Case::State>{
          Case::STATE_NEED_REGISTERED, Case::STATE_SUBMITTED, Case::STATE_INCOMPLETE,
          Case::STATE_UNDER_SURVEY, Case::STATE_SURVEYED, Case::STATE_ELIGIBLE,
          Case::STATE_OUTLINE_SUBMITTED, Case::STATE_REVISION_REQUESTED, Case::STATE_APPRAISED,
          Case::STATE_SELECTED, Case::STATE_APPROVAL_PENDING, Case::STATE_APPROVED},
      [](const Case& current) { return Withdraw(current, Request()); });
}

TEST(WithdrawTest, WhereItGoes) {
  struct {
    Case::State from, to;
    bool releases;
  } rows[] = {
      {Case::STATE_NEED_REGISTERED, Case::STATE_WITHDRAWN, false},
      {Case::STATE_SELECTED, Case::STATE_WITHDRAWN, false},
      {Case::STATE_APPROVAL_PENDING, Case::STATE_WITHDRAWAL_PENDING, false},
      {Case::STATE_APPROVED, Case::STATE_WITHDRAWAL_PENDING, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(Case::State_Name(row.from));
    ASSERT_OK_AND_ASSIGN(CaseChange change, Withdraw(CaseIn(row.from), Request()));
    EXPECT_EQ(change.next.state(), row.to);
    EXPECT_EQ(change.next.closing_reason(), "doanh nghiệp rút");
    ASSERT_EQ(change.intent.has_value(), row.releases);
    if (!row.releases) continue;
    EXPECT_EQ(change.intent->step(), v1::Intent::STEP_RELEASE_RESERVATION);
    EXPECT_EQ(change.intent->subject(), "provinces/48/reservations/r1");
    EXPECT_EQ(change.intent->return_state(), row.from);
  }
}

TEST(ReleaseAnsweredTest, OnlyWhileItIsWaitedFor) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_WITHDRAWAL_PENDING}, [](const Case& current) {
    return ReleaseAnswered(current, Release(), Granted("provinces/48/reservations/r1"));
  });
}

TEST(ReleaseAnsweredTest, NothingLeftIsAsGoodAsReleased) {
  struct {
    const char* refusal;
    Case::State to;
    const char* reservation;
  } rows[] = {
      {"", Case::STATE_WITHDRAWN, ""},
      {"RESERVATION_STATE", Case::STATE_WITHDRAWN, ""},
      {"RESERVATION_EXPIRED", Case::STATE_WITHDRAWN, ""},
      {"YEAR_CLOSED", Case::STATE_APPROVED, "provinces/48/reservations/r1"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.refusal);
    const std::string refusal = row.refusal;
    ASSERT_OK_AND_ASSIGN(CaseChange change,
                         ReleaseAnswered(CaseIn(Case::STATE_WITHDRAWAL_PENDING), Release(),
                                         refusal.empty() ? Granted("provinces/48/reservations/r1")
                                                         : Refused(refusal)));
    EXPECT_EQ(change.next.state(), row.to);
    EXPECT_EQ(change.next.reservation(), row.reservation);
    EXPECT_EQ(change.next.has_last_refusal(), row.to == Case::STATE_APPROVED);
  }
}

}  // namespace
}  // namespace nscl::casework::domain
