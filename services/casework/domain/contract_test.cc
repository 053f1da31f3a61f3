#include "services/casework/domain/contract.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::Reason;

v1::SignContractRequest Request(int64_t state_part, int64_t advance_limit = 0) {
  v1::SignContractRequest request;
  request.set_etag("e");
  request.mutable_contract()->set_contract_number("7/HĐ");
  *request.mutable_contract()->mutable_signed_on() = Day(2023, 6, 1);
  request.mutable_contract()->set_state_part_vnd(state_part);
  request.mutable_contract()->set_advance_limit_vnd(advance_limit);
  return request;
}

v1::Intent Commit() {
  v1::Intent intent;
  intent.set_step(v1::Intent::STEP_COMMIT);
  intent.set_return_state(Case::STATE_APPROVED);
  return intent;
}

TEST(SignContractTest, OnlyFromApproved) {
  auto act = [](const Case& current) { return SignContract(current, Request(80)); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_APPROVED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_APPROVED), act);
}

TEST(SignContractTest, PartsAndAdvance) {
  struct {
    int64_t approved, state_part, advance;
    const char* reason;
  } rows[] = {
      {80, 80, 0, "OK"},  {80, 1, 0, "OK"},
      {80, 80, 80, "OK"}, {80, 81, 82, "CONTRACT_PARTS"},
      {80, 60, 60, "OK"}, {80, 60, 61, "ADVANCE_LIMIT"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.state_part, " of ", row.approved, ", advance ", row.advance));
    Case current = CaseIn(Case::STATE_APPROVED);
    current.set_approved_vnd(row.approved);
    EXPECT_EQ(Reason(SignContract(current, Request(row.state_part, row.advance))), row.reason);
  }
  EXPECT_OK(Check(Request(1, 0)));
  v1::SignContractRequest without_etag = Request(1);
  without_etag.clear_etag();
  EXPECT_EQ(Reason(Check(without_etag)), "ETAG");
  EXPECT_EQ(Reason(Check(Request(0, 0))), "AMOUNT_RANGE");
  EXPECT_EQ(Reason(Check(Request(1, -1))), "AMOUNT_RANGE");
}

TEST(SignContractTest, AsksBudgetingToBindTheMoney) {
  ASSERT_OK_AND_ASSIGN(CaseChange change, SignContract(CaseIn(Case::STATE_APPROVED), Request(60)));
  EXPECT_EQ(change.next.state(), Case::STATE_CONTRACT_PENDING);
  ASSERT_TRUE(change.intent.has_value());
  EXPECT_EQ(change.intent->step(), v1::Intent::STEP_COMMIT);
  EXPECT_EQ(change.intent->subject(), "provinces/48/reservations/r1");
  EXPECT_EQ(change.intent->amount_vnd(), 60);
  EXPECT_EQ(change.intent->document_number(), "7/HĐ");
}

TEST(CommitmentAnsweredTest, OnlyWhileItIsWaitedFor) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_CONTRACT_PENDING}, [](const Case& current) {
    return CommitmentAnswered(current, Commit(), Granted("provinces/48/commitments/k1"));
  });
}

TEST(CommitmentAnsweredTest, GrantedOrBack) {
  Case current = CaseIn(Case::STATE_CONTRACT_PENDING);
  ASSERT_OK_AND_ASSIGN(
      CaseChange granted,
      CommitmentAnswered(current, Commit(), Granted("provinces/48/commitments/k1")));
  EXPECT_EQ(granted.next.state(), Case::STATE_CONTRACTED);
  EXPECT_EQ(granted.next.commitment(), "provinces/48/commitments/k1");

  ASSERT_OK_AND_ASSIGN(CaseChange refused,
                       CommitmentAnswered(current, Commit(), Refused("RESERVATION_EXPIRED")));
  EXPECT_EQ(refused.next.state(), Case::STATE_APPROVED) << "until budgeting's feed says it is gone";
  EXPECT_EQ(refused.next.last_refusal().reason(), "RESERVATION_EXPIRED");
  EXPECT_FALSE(refused.next.has_contract());

  current.clear_reservation();  // the feed was quicker than the answer
  ASSERT_OK_AND_ASSIGN(CaseChange expired,
                       CommitmentAnswered(current, Commit(), Refused("RESERVATION_EXPIRED")));
  EXPECT_EQ(expired.next.state(), Case::STATE_APPRAISED);
  EXPECT_EQ(expired.next.last_refusal().reason(), "RESERVATION_EXPIRED");
  EXPECT_FALSE(expired.next.has_approval());
}

}  // namespace
}  // namespace nscl::casework::domain
