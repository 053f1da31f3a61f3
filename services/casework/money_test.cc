// The money path: intents from a case to budgeting and back, with everything that may go wrong
// between.
#include <random>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/casework/clients/backoff.h"
#include "services/casework/clients/budgeting_client.h"
#include "services/casework/service.h"
#include "services/casework/store/intents.h"
#include "services/casework/store/request_id.h"
#include "services/casework/testing/test_service.h"

namespace nscl::casework {
namespace {

using Case = v1::SupportCase;
using v1::Activity;
using Cases = TestService::Cases;
using Activities = TestService::Activities;
using testing::IsOk;
using testing::ReasonIs;

class MoneyTest : public ::testing::Test {
 protected:
  absl::StatusOr<Case> Withdraw(const Case& current) {
    v1::WithdrawSupportCaseRequest r;
    r.set_name(current.name());
    r.set_reason("doanh nghiệp rút");
    *r.mutable_acted_on() = On(2023, 5, 1);
    r.set_request_id(TestService::RequestId());
    return t_.Call(&Cases::WithdrawSupportCase, r);
  }
  // Calls of budgeting so far: every intent once.
  void ExpectNoneSentTwice() {
    for (const auto& [id, count] : t_.peers().calls_by_id()) EXPECT_EQ(count, 1) << id;
  }
  size_t Waiting() { return rows::ListIntents(*t_.store().TakeSnapshot())->size(); }

  TestService t_;
};

TEST(RequestIdTest, OfOwnerStepAndRevision) {
  const std::string id =
      rows::RequestIdOf("provinces/48/supportCases/c1", v1::Intent::STEP_RESERVE, 7);
  EXPECT_EQ(id, rows::RequestIdOf("provinces/48/supportCases/c1", v1::Intent::STEP_RESERVE, 7));
  EXPECT_THAT(id, ::testing::MatchesRegex(
                      "[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
  EXPECT_NE(id, rows::RequestIdOf("provinces/48/supportCases/c1", v1::Intent::STEP_RESERVE, 8));
  EXPECT_NE(id, rows::RequestIdOf("provinces/48/supportCases/c1", v1::Intent::STEP_COMMIT, 7));
  EXPECT_NE(id, rows::RequestIdOf("provinces/48/supportCases/c2", v1::Intent::STEP_RESERVE, 7));
}

TEST(BackoffTest, DoublesFromATenthOfASecondToAMinute) {
  struct {
    int attempts;
    absl::Duration wait;
  } rows[] = {
      {1, absl::Milliseconds(100)},   {2, absl::Milliseconds(200)}, {3, absl::Milliseconds(400)},
      {9, absl::Seconds(25.6)},       {10, absl::Seconds(51.2)},    {11, absl::Seconds(60)},
      {1'000'000, absl::Seconds(60)},
  };
  std::mt19937_64 random(1);
  for (const auto& row : rows) {
    SCOPED_TRACE(row.attempts);
    EXPECT_EQ(WaitAfter(row.attempts), row.wait);
    for (int i = 0; i < 100; ++i) {
      const absl::Duration wait = Jittered(row.wait, random);
      EXPECT_GE(wait, row.wait / 2);
      EXPECT_LE(wait, row.wait);
    }
  }
}

TEST_F(MoneyTest, RefusedForLackOfMoneyWithAvailableAndAsked) {
  Case selected = t_.CaseAt(Case::STATE_SELECTED, "poor");
  t_.peers().Set([&] { t_.peers().available_vnd = 99; });
  ASSERT_OK_AND_ASSIGN(Case pending, t_.NextStep(selected));
  EXPECT_EQ(pending.state(), Case::STATE_APPROVAL_PENDING);
  const Case back = t_.WaitForState(selected.name(), Case::STATE_SELECTED);
  EXPECT_EQ(back.last_refusal().reason(), "INSUFFICIENT_BUDGET");
  EXPECT_EQ(back.last_refusal().available_vnd(), 99);
  EXPECT_EQ(back.last_refusal().asked_vnd(), 100);
  EXPECT_EQ(back.last_refusal().localized_message(), "không đủ");
  EXPECT_TRUE(back.last_refusal().has_refuse_time());
  EXPECT_FALSE(back.has_approval());
  EXPECT_EQ(Waiting(), 0u);

  // Asking again is a new command with an id of its own.
  t_.peers().Set([&] { t_.peers().available_vnd = 100; });
  ASSERT_THAT(t_.NextStep(back), IsOk());
  const Case approved = t_.WaitForState(selected.name(), Case::STATE_APPROVED);
  EXPECT_FALSE(approved.has_last_refusal());
  EXPECT_EQ(t_.peers().calls_by_id().size(), 2u);
  ExpectNoneSentTwice();
}

TEST_F(MoneyTest, ALostAnswerIsAskedForWithTheSameId) {
  for (bool before : {false, true}) {
    SCOPED_TRACE(before ? "lost on the way there" : "lost on the way back");
    const Case selected = t_.CaseAt(Case::STATE_SELECTED, before ? "there" : "back");
    const int live = t_.peers().live_reservations();
    t_.peers().Set([&] {
      t_.peers().before = before;
      t_.peers().lose_answers = 3;
    });
    ASSERT_THAT(t_.NextStep(selected), IsOk());
    t_.WaitForState(selected.name(), Case::STATE_APPROVED);
    EXPECT_EQ(t_.peers().live_reservations(), live + 1);
  }
  for (const auto& [id, count] : t_.peers().calls_by_id()) EXPECT_EQ(count, 4) << id;
}

TEST_F(MoneyTest, ASlowCaseHoldsNobodyUp) {
  const Case slow = t_.CaseAt(Case::STATE_SELECTED, "slow");
  t_.peers().Block(slow.name());
  ASSERT_THAT(t_.NextStep(slow), IsOk());
  t_.CaseAt(Case::STATE_CONTRACTED, "quick");
  EXPECT_EQ(t_.GetCase(slow.name()).state(), Case::STATE_APPROVAL_PENDING);
  t_.peers().Unblock();
  t_.WaitForState(slow.name(), Case::STATE_APPROVED);
  ExpectNoneSentTwice();
}

TEST_F(MoneyTest, ARestartBetweenIntentAndAnswer) {
  const Case selected = t_.CaseAt(Case::STATE_SELECTED, "restart");
  // Carried out, the answer lost for good: budgeting stops, then casework.
  t_.peers().Set([&] { t_.peers().lose_answers = 1'000'000; });
  ASSERT_THAT(t_.NextStep(selected), IsOk());
  t_.Restart([&] {
    EXPECT_LE(t_.peers().live_reservations(), 1);
    t_.peers().Set([&] { t_.peers().lose_answers = 0; });
  });
  t_.WaitForState(selected.name(), Case::STATE_APPROVED);
  EXPECT_EQ(t_.peers().live_reservations(), 1);
  EXPECT_EQ(t_.peers().calls_by_id().size(), 1u) << "one id over the restart";
  EXPECT_EQ(Waiting(), 0u);
}

TEST_F(MoneyTest, ABudgetingThatIsNotThereIsWaitedFor) {
  const Case approved = t_.CaseAt(Case::STATE_APPROVED, "alone");
  t_.peers().StopServing();
  ASSERT_THAT(t_.NextStep(approved), IsOk()) << "signing needs nobody else at once";
  EXPECT_EQ(t_.GetCase(approved.name()).state(), Case::STATE_CONTRACT_PENDING);
  t_.peers().Serve(t_.folder());
  t_.WaitForState(approved.name(), Case::STATE_CONTRACTED);
  EXPECT_EQ(t_.peers().commitments(), 1);
}

TEST_F(MoneyTest, WithdrawnWhileTheHoldIsAskedFor) {
  const Case selected = t_.CaseAt(Case::STATE_SELECTED, "undecided");
  t_.peers().Block(selected.name());
  ASSERT_OK_AND_ASSIGN(Case pending, t_.NextStep(selected));
  ASSERT_OK_AND_ASSIGN(Case withdrawing, Withdraw(pending));
  EXPECT_EQ(withdrawing.state(), Case::STATE_WITHDRAWAL_PENDING);
  t_.peers().Unblock();
  const Case withdrawn = t_.WaitForState(selected.name(), Case::STATE_WITHDRAWN);
  EXPECT_EQ(withdrawn.reservation(), "");
  EXPECT_EQ(t_.peers().live_reservations(), 0) << "what was held was given back";
  EXPECT_EQ(Waiting(), 0u);
}

TEST_F(MoneyTest, WithdrawnAfterTheHold) {
  const Case approved = t_.CaseAt(Case::STATE_APPROVED, "regret");
  EXPECT_EQ(t_.peers().live_reservations(), 1);
  ASSERT_THAT(Withdraw(approved), IsOk());
  t_.WaitForState(approved.name(), Case::STATE_WITHDRAWN);
  EXPECT_EQ(t_.peers().live_reservations(), 0);
}

TEST_F(MoneyTest, AnExpiredHoldSendsTheCaseBackAndSaysWhy) {
  const Case approved = t_.CaseAt(Case::STATE_APPROVED, "expired");
  t_.peers().AddExpiry(approved.name(), approved.reservation());
  const Case back = t_.WaitForState(approved.name(), Case::STATE_APPRAISED);
  EXPECT_EQ(back.last_refusal().reason(), "RESERVATION_EXPIRED");
  EXPECT_TRUE(back.last_refusal().has_refuse_time());
  EXPECT_EQ(back.reservation(), "");
  EXPECT_EQ(back.approved_vnd(), 0);
  // And on again by the council: it meets after the decision that came to nothing.
  v1::SelectByCouncilRequest again;
  again.set_name(back.name());
  again.set_request_id(TestService::RequestId());
  again.mutable_minutes()->set_document_number("5a/BB");
  *again.mutable_minutes()->mutable_held_on() = On(2023, 4, 1);
  again.mutable_minutes()->set_members(9);
  again.mutable_minutes()->set_members_present(9);
  again.mutable_minutes()->set_votes_for(8);
  ASSERT_OK_AND_ASSIGN(Case selected, t_.Call(&Cases::SelectByCouncil, again));
  ASSERT_THAT(t_.NextStep(selected), IsOk());
  EXPECT_NE(t_.WaitForState(approved.name(), Case::STATE_APPROVED).reservation(),
            approved.reservation());
}

TEST_F(MoneyTest, AHoldThatExpiresBeforeItsAnswerComesIsNoHold) {
  const Case selected = t_.CaseAt(Case::STATE_SELECTED, "too-late");
  t_.peers().Block(selected.name());
  ASSERT_THAT(t_.NextStep(selected), IsOk());
  t_.peers().AddExpiry(selected.name(), "provinces/48/reservations/r1");
  ASSERT_TRUE(t_.service().ledger_follower().WaitForPosition(1, absl::Seconds(20)));
  t_.peers().Unblock();
  const Case back = t_.WaitForState(selected.name(), Case::STATE_SELECTED);
  EXPECT_EQ(back.last_refusal().reason(), "RESERVATION_EXPIRED");
}

TEST_F(MoneyTest, AHoldThatExpiresWhileTheContractIsSigned) {
  const Case approved = t_.CaseAt(Case::STATE_APPROVED, "slow-pen");
  t_.peers().Block(approved.reservation());
  ASSERT_THAT(t_.NextStep(approved), IsOk());
  t_.peers().AddExpiry(approved.name(), approved.reservation());
  t_.WaitForCase(approved.name(), [](const Case& c) { return c.reservation().empty(); });
  t_.peers().Unblock();
  const Case back = t_.WaitForState(approved.name(), Case::STATE_APPRAISED);
  EXPECT_EQ(back.last_refusal().reason(), "RESERVATION_STATE");
  EXPECT_FALSE(back.has_contract());
}

TEST_F(MoneyTest, ARefusedContractGoesBackToApproved) {
  const Case approved = t_.CaseAt(Case::STATE_APPROVED, "refused");
  t_.peers().Set([&] { t_.peers().refuse_commits = "EXCEEDS_RESERVED"; });
  ASSERT_THAT(t_.NextStep(approved), IsOk());
  const Case back = t_.WaitForState(approved.name(), Case::STATE_APPROVED);
  EXPECT_EQ(back.last_refusal().reason(), "EXCEEDS_RESERVED");
  t_.peers().Set([&] { t_.peers().refuse_commits.clear(); });
  ASSERT_THAT(t_.NextStep(back), IsOk());
  t_.WaitForState(approved.name(), Case::STATE_CONTRACTED);
}

TEST_F(MoneyTest, PaymentsCountOnceAndTheLastMakesAnAcceptedCasePaid) {
  Case current = t_.CaseAt(Case::STATE_IN_PROGRESS, "paid");
  t_.peers().AddPayment(current.name(), 20, /*final=*/false, /*last=*/false);
  t_.WaitForCase(current.name(), [](const Case& c) { return c.paid_vnd() == 20; });
  t_.Restart();  // the cursor is in the store: nothing is counted again
  t_.peers().AddPayment(current.name(), 40, /*final=*/false, /*last=*/true);
  current = t_.WaitForCase(current.name(), [](const Case& c) { return c.paid_vnd() == 60; });
  EXPECT_EQ(current.state(), Case::STATE_IN_PROGRESS);
  ASSERT_OK_AND_ASSIGN(current, t_.NextStep(current));
  ASSERT_OK_AND_ASSIGN(current, t_.NextStep(current));
  EXPECT_EQ(current.state(), Case::STATE_PAID) << "accepted, and paid before";
}

// The contract is of 60; the final payment of 50 ends it, and 10 go back.
TEST_F(MoneyTest, AFinalPaymentBelowTheContractStrandsNoCase) {
  Case current = t_.CaseAt(Case::STATE_ACCEPTED, "less");
  t_.peers().AddPayment(current.name(), 50, /*final=*/true, /*last=*/false);
  const Case paid = t_.WaitForState(current.name(), Case::STATE_PAID);
  EXPECT_EQ(paid.paid_vnd(), 50);
  t_.peers().Set([&] { t_.peers().refuse_commitment_releases = "DATE_ORDER"; });
  ASSERT_OK_AND_ASSIGN(Case liquidating, t_.NextStep(paid));
  EXPECT_EQ(liquidating.state(), Case::STATE_LIQUIDATION_PENDING);
  const Case back =
      t_.WaitForCase(current.name(), [](const Case& c) { return c.has_last_refusal(); });
  EXPECT_EQ(back.state(), Case::STATE_PAID);
  t_.peers().Set([&] { t_.peers().refuse_commitment_releases.clear(); });
  ASSERT_THAT(t_.NextStep(back), IsOk());
  ASSERT_THAT(t_.NextStep(t_.WaitForState(current.name(), Case::STATE_LIQUIDATED)), IsOk());
  EXPECT_EQ(t_.GetCase(current.name()).state(), Case::STATE_CLOSED);
  EXPECT_EQ(Waiting(), 0u);
}

TEST_F(MoneyTest, ActivitiesAreHeldAndBoundInOneGo) {
  const Activity approved = t_.ActivityAt(Activity::STATE_APPROVED, "a1");
  EXPECT_EQ(approved.commitment(), "provinces/58/commitments/k1");
  EXPECT_EQ(t_.peers().live_reservations(), 0);
  EXPECT_EQ(t_.peers().calls_by_id().size(), 2u);
  ExpectNoneSentTwice();
}

TEST_F(MoneyTest, AnActivityWhoseCommitmentIsRefusedGivesItsHoldBack) {
  const Activity estimated = t_.ActivityAt(Activity::STATE_ESTIMATED, "a1");
  t_.peers().Set([&] { t_.peers().refuse_commits = "EXCEEDS_RESERVED"; });
  v1::ApproveActivityRequest r;
  r.set_name(estimated.name());
  r.set_etag(estimated.etag());
  r.mutable_decision()->set_document_number("5/QĐ");
  *r.mutable_decision()->mutable_decided_on() = On(2024, 4, 5);
  r.set_request_id(TestService::RequestId());
  ASSERT_THAT(t_.Call(&Activities::ApproveActivity, r), IsOk());
  const Activity back = t_.WaitForState(estimated.name(), Activity::STATE_ESTIMATED);
  EXPECT_EQ(back.last_refusal().reason(), "EXCEEDS_RESERVED");
  EXPECT_EQ(t_.peers().live_reservations(), 0);
  EXPECT_EQ(Waiting(), 0u);
}

TEST_F(MoneyTest, AnActivityIsSettledAfterItsFinalPaymentAndTheRestReleased) {
  const Activity held = t_.ActivityAt(Activity::STATE_HELD, "a1");
  v1::SettleActivityRequest r;
  r.set_name(held.name());
  r.set_document_number("7/QT");
  *r.mutable_acted_on() = On(2024, 6, 1);
  r.set_request_id(TestService::RequestId());
  EXPECT_THAT(t_.Call(&Activities::SettleActivity, r), ReasonIs("NOTHING_PAID"));
  t_.peers().AddPayment(held.name(), 90, /*final=*/true, /*last=*/false);
  t_.WaitForActivity(held.name(), [](const Activity& a) { return a.final_paid(); });
  r.set_request_id(TestService::RequestId());
  ASSERT_OK_AND_ASSIGN(Activity settling, t_.Call(&Activities::SettleActivity, r));
  EXPECT_EQ(settling.state(), Activity::STATE_SETTLEMENT_PENDING);
  const Activity settled = t_.WaitForState(held.name(), Activity::STATE_SETTLED);
  EXPECT_EQ(settled.paid_vnd(), 90);
}

TEST_F(MoneyTest, ACancelledActivityReleasesItsCommitment) {
  const Activity open = t_.ActivityAt(Activity::STATE_OPEN, "a1");
  const auto cancel = [&] {
    v1::CancelActivityRequest r;
    r.set_name(open.name());
    r.set_reason("hoãn");
    *r.mutable_acted_on() = On(2024, 5, 1);
    r.set_request_id(TestService::RequestId());
    return t_.Call(&Activities::CancelActivity, r);
  };
  t_.peers().Set([&] { t_.peers().refuse_commitment_releases = "YEAR_CLOSED"; });
  ASSERT_THAT(cancel(), IsOk());
  const Activity back =
      t_.WaitForActivity(open.name(), [](const Activity& a) { return a.has_last_refusal(); });
  EXPECT_EQ(back.state(), Activity::STATE_OPEN);
  EXPECT_EQ(back.last_refusal().reason(), "YEAR_CLOSED");
  t_.peers().Set([&] { t_.peers().refuse_commitment_releases.clear(); });
  ASSERT_THAT(cancel(), IsOk());
  t_.WaitForState(open.name(), Activity::STATE_CANCELLED);
}

// A store that takes no writes has decided nothing: the intent waits for one that does.
TEST(IsRefusalTest, OnlyWhatTheLedgerDecided) {
  struct {
    absl::StatusCode code;
    const char* reason;
    bool refusal;
  } rows[] = {
      {absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_BUDGET", true},
      {absl::StatusCode::kNotFound, "ACCOUNT_NOT_FOUND", true},
      {absl::StatusCode::kInvalidArgument, "DATE", true},
      {absl::StatusCode::kFailedPrecondition, "CLOCK_JUMPED", false},
      {absl::StatusCode::kFailedPrecondition, "STORE_REGRESSED", false},
      {absl::StatusCode::kDataLoss, "STORE_CORRUPT", false},
      {absl::StatusCode::kResourceExhausted, "STORAGE_FULL", false},
      {absl::StatusCode::kUnavailable, "OUTCOME_UNKNOWN", false},
      {absl::StatusCode::kUnauthenticated, "TOKEN_INVALID", false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(IsRefusal(status::Error(row.code, row.reason).En("no").Vi("không")), row.refusal)
        << row.reason;
  }
}

TEST_F(MoneyTest, TheStoreVerifies) {
  t_.CaseAt(Case::STATE_CLOSED, "good");
  t_.ActivityAt(Activity::STATE_HELD, "a1");
  const auto verified = t_.store().Verify();
  EXPECT_TRUE(verified.ok()) << verified.status();
}

}  // namespace
}  // namespace nscl::casework
