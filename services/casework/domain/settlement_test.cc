#include "services/casework/domain/settlement.h"

#include "services/casework/domain/answers.h"
#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;

v1::LiquidateSupportCaseRequest Liquidation() {
  v1::LiquidateSupportCaseRequest request;
  request.set_document_number("10/TL");
  *request.mutable_acted_on() = Day(2023, 11, 1);
  return request;
}

Case PaidWith(int64_t paid_vnd) {
  Case current = CaseIn(Case::STATE_PAID);  // contract of 60
  current.set_paid_vnd(paid_vnd);
  return current;
}

TEST(LiquidateTest, OnlyWhatIsAcceptedOrPaid) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_ACCEPTED, Case::STATE_PAID},
                 [](const Case& c) { return Liquidate(c, Liquidation()); });
}

// The case is paid by a final payment; what it left of the contract goes back.
TEST(LiquidateTest, ReleasesTheUnpaidRest) {
  struct {
    int64_t paid_vnd;
    Case::State state;
  } rows[] = {
      {60, Case::STATE_LIQUIDATED},
      {59, Case::STATE_LIQUIDATION_PENDING},
      {1, Case::STATE_LIQUIDATION_PENDING},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.paid_vnd);
    const auto change = Liquidate(PaidWith(row.paid_vnd), Liquidation());
    ASSERT_OK(change);
    EXPECT_EQ(change->next.state(), row.state);
    ASSERT_EQ(change->intent.has_value(), row.state == Case::STATE_LIQUIDATION_PENDING);
    if (!change->intent.has_value()) continue;
    EXPECT_EQ(change->intent->step(), v1::Intent::STEP_RELEASE_COMMITMENT);
    EXPECT_EQ(change->intent->subject(), "provinces/48/commitments/k1");
    EXPECT_EQ(change->intent->return_state(), Case::STATE_PAID);
  }
}

TEST(LiquidateTest, ByBudgetingsAnswer) {
  struct {
    Answer answer;
    Case::State state;
  } rows[] = {
      {Granted("provinces/48/commitments/k1"), Case::STATE_LIQUIDATED},
      {Refused("COMMITMENT_STATE"), Case::STATE_LIQUIDATED},  // paid in full in the meantime
      {Refused("DATE_ORDER"), Case::STATE_PAID},
  };
  const CaseChange asked = *Liquidate(PaidWith(50), Liquidation());
  for (const auto& row : rows) {
    const auto change = Answered(asked.next, *asked.intent, row.answer);
    ASSERT_OK(change);
    EXPECT_EQ(change->next.state(), row.state);
    EXPECT_EQ(change->next.has_last_refusal(), row.state == Case::STATE_PAID);
    EXPECT_EQ(change->next.acts().rbegin()->undone(), row.state == Case::STATE_PAID);
  }
}

TEST(LiquidateTest, MayBeTriedAgainAndAgain) {
  ExpectRoomNeeded(PaidWith(50), [](const Case& c) { return Liquidate(c, Liquidation()); });
}

}  // namespace
}  // namespace nscl::casework::domain
