#include "services/casework/domain/ledger_events.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using Activity = v1::Activity;

constexpr char kReservation[] = "provinces/48/reservations/r1";

TEST(PaymentMadeTest, PaidWhenAcceptedAndFinalOrTheLast) {
  const auto* states = Case::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<Case::State>(states->value(i)->number());
    // A final payment below the contract is the last, too: nothing else leads on from ACCEPTED.
    struct {
      bool final, last;
    } rows[] = {{false, false}, {false, true}, {true, false}, {true, true}};
    for (const auto& row : rows) {
      SCOPED_TRACE(absl::StrCat(states->value(i)->name(), row.final ? " final" : "",
                                row.last ? " last" : ""));
      Case current = CaseIn(state);
      current.set_paid_vnd(20);
      const CaseChange change = PaymentMade(
          current,
          {.amount_vnd = 30, .final = row.final, .last = row.last, .paid_on = Day(2023, 9, 5)});
      EXPECT_EQ(change.next.paid_vnd(), 50);
      EXPECT_EQ(change.next.last_paid_on().day(), 5);
      EXPECT_EQ(change.next.state(), state == Case::STATE_ACCEPTED && (row.final || row.last)
                                         ? Case::STATE_PAID
                                         : state);
    }
  }
}

TEST(PaidBeforeAcceptanceTest, AcceptedAndPaidInFull) {
  struct {
    Case::State state;
    int64_t paid;
    bool moves;
  } rows[] = {
      {Case::STATE_ACCEPTED, 60, true},  // contract of 60
      {Case::STATE_ACCEPTED, 59, false},
      {Case::STATE_DELIVERED, 60, false},
      {Case::STATE_PAID, 60, false},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(Case::State_Name(row.state), " paid ", row.paid));
    Case current = CaseIn(row.state);
    current.set_paid_vnd(row.paid);
    const auto change = PaidBeforeAcceptance(current);
    ASSERT_EQ(change.has_value(), row.moves);
    if (row.moves) {
      EXPECT_EQ(change->next.state(), Case::STATE_PAID);
    }
  }
}

TEST(HoldExpiredTest, NeverSilently) {
  struct {
    Case::State state;
    const char* reservation;
    bool changes;
    Case::State to;
  } rows[] = {
      {Case::STATE_APPROVED, kReservation, true, Case::STATE_APPRAISED},
      {Case::STATE_APPROVED, "provinces/48/reservations/other", false, Case::STATE_APPROVED},
      {Case::STATE_APPROVED, "", false, Case::STATE_APPROVED},
      {Case::STATE_CONTRACT_PENDING, kReservation, true, Case::STATE_CONTRACT_PENDING},
      {Case::STATE_WITHDRAWAL_PENDING, kReservation, true, Case::STATE_WITHDRAWAL_PENDING},
      {Case::STATE_CONTRACTED, kReservation, false, Case::STATE_CONTRACTED},
      {Case::STATE_APPRAISED, kReservation, false, Case::STATE_APPRAISED},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(Case::State_Name(row.state), " ", row.reservation));
    const auto change = HoldExpired(CaseIn(row.state), row.reservation);
    ASSERT_EQ(change.has_value(), row.changes);
    if (!row.changes) continue;
    EXPECT_EQ(change->next.state(), row.to);
    EXPECT_EQ(change->next.reservation(), "");
    if (row.to != Case::STATE_APPRAISED) continue;
    EXPECT_EQ(change->next.last_refusal().reason(), "RESERVATION_EXPIRED");
    EXPECT_FALSE(change->next.has_approval());
    EXPECT_EQ(change->next.approved_vnd(), 0);
  }
}

TEST(ActivityEventsTest, PaymentsAndExpiry) {
  const ActivityChange interim = PaymentMade(ActivityIn(Activity::STATE_HELD), {.amount_vnd = 40});
  EXPECT_EQ(interim.next.paid_vnd(), 40);
  EXPECT_FALSE(interim.next.final_paid());
  const ActivityChange final = PaymentMade(interim.next, {.amount_vnd = 50, .final = true});
  EXPECT_EQ(final.next.paid_vnd(), 90);
  EXPECT_TRUE(final.next.final_paid());

  Activity pending = ActivityIn(Activity::STATE_APPROVAL_PENDING);
  pending.set_reservation(kReservation);
  ASSERT_TRUE(HoldExpired(pending, kReservation).has_value());
  EXPECT_EQ(HoldExpired(pending, kReservation)->next.reservation(), "");
  EXPECT_FALSE(HoldExpired(pending, "other").has_value());
  EXPECT_FALSE(
      HoldExpired(ActivityIn(Activity::STATE_OPEN), "provinces/58/reservations/r1").has_value());
}

}  // namespace
}  // namespace nscl::casework::domain
