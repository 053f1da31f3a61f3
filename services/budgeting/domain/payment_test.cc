// The guards of payments: each refuses at its edge, and in the documented order.
#include "services/budgeting/domain/payment.h"

#include <functional>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "services/budgeting/domain/dates.h"

namespace nscl::budgeting::domain {
namespace {

using nscl::casework::v1::Activity;
using nscl::casework::v1::SupportCase;
using testing::MetadataIs;
using testing::Reason;

constexpr int64_t kMillion = 1'000'000;

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// Figures of this test, not of a law.
PaymentRules Rules() {
  PaymentRules rules;
  rules.advances.push_back(
      {"SME", {absl::CivilDay(2023, 9, 23), absl::CivilDay::max()}, 50 * kMillion, 500, "TT 52"});
  rules.ratios.push_back({{v1::Payment::KIND_INTERIM, v1::Payment::KIND_FINAL}, {}, 0, "TT 35"});
  rules.years.push_back({{}, 1, 31, "budget law"});
  return rules;
}

// The worked example of the guards: 245 million approved, 196 of the state, 49 of the enterprise.
struct Situation {
  v1::Commitment commitment;
  v1::Payment payment;
  PaymentFacts facts;
  PaidBefore before;
  PaymentRules rules = Rules();

  Situation() {
    commitment.set_name("provinces/48/commitments/c");
    commitment.set_owner("provinces/48/supportCases/s");
    commitment.mutable_account()->set_budget_year(2023);
    commitment.set_amount_vnd(196 * kMillion);
    commitment.set_state(v1::Commitment::STATE_OPEN);
    payment.set_kind(v1::Payment::KIND_INTERIM);
    payment.set_amount_vnd(50 * kMillion);
    *payment.mutable_acted_on() = Day(2023, 10, 1);
    facts.state = "IN_PROGRESS";
    facts.contract_active = true;
    facts.scheme = "SME";
    facts.advance_limit_vnd = 196 * kMillion;
    facts.state_part_vnd = 196 * kMillion;
    facts.enterprise_part_vnd = 49 * kMillion;
    facts.enterprise_spent_vnd = 49 * kMillion;
  }
  absl::StatusOr<Paid> Pay() const {
    return domain::Pay(commitment, payment, facts, before, rules);
  }
};

TEST(PayTest, EveryGuardAtItsEdge) {
  struct {
    const char* name;
    std::function<void(Situation&)> change;
    const char* reason;
  } rows[] = {
      {"interim", [](Situation&) {}, "OK"},
      {"closed commitment",
       [](Situation& s) { s.commitment.set_state(v1::Commitment::STATE_CLOSED); },
       "COMMITMENT_STATE"},
      {"suspended", [](Situation& s) { s.facts.suspended = true; }, "CASE_SUSPENDED"},
      {"no contract", [](Situation& s) { s.facts.contract_active = false; }, "CONTRACT_NOT_ACTIVE"},
      {"all that is committed", [](Situation& s) { s.payment.set_amount_vnd(196 * kMillion); },
       "OK"},
      {"a đồng more", [](Situation& s) { s.payment.set_amount_vnd(196 * kMillion + 1); },
       "EXCEEDS_COMMITTED"},
      {"after payments",
       [](Situation& s) {
         s.commitment.set_paid_vnd(100 * kMillion);
         s.payment.set_amount_vnd(96 * kMillion + 1);
       },
       "EXCEEDS_COMMITTED"},
      {"advance of half",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(98 * kMillion);
         s.facts.enterprise_spent_vnd = 0;
       },
       "OK"},
      {"advance of half and a đồng",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(98 * kMillion + 1);
       },
       "ADVANCE_CEILING"},
      {"second advance",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(kMillion);
         s.before.advanced_vnd = 98 * kMillion;
       },
       "ADVANCE_CEILING"},
      {"advance after the acceptance",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.facts.accepted = true;
         s.facts.accepted_on = DayOf(s.payment.acted_on()) - 1;
       },
       "PAYMENT_ORDER"},
      {"advance of before, entered after the acceptance",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.facts.accepted = true;
         s.facts.accepted_on = DayOf(s.payment.acted_on());
       },
       "OK"},
      {"interim after the final payment",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_INTERIM);
         s.before.final = true;
       },
       "PAYMENT_ORDER"},
      {"a second final payment", [](Situation& s) { s.before.final = true; }, "PAYMENT_ORDER"},
      {"advance before the rule was in force",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(98 * kMillion + 1);
         *s.payment.mutable_acted_on() = Day(2023, 9, 22);
       },
       "OK"},
      {"advance of an S&T task: the contract alone",
       [](Situation& s) {
         s.facts.scheme = "ST_TASK";
         s.facts.advance_limit_vnd = 60 * kMillion;
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(60 * kMillion);
       },
       "OK"},
      {"more than the contract lets",
       [](Situation& s) {
         s.facts.scheme = "ST_TASK";
         s.facts.advance_limit_vnd = 60 * kMillion;
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(60 * kMillion + 1);
       },
       "ADVANCE_CEILING"},
      {"a contract of no more than 50 million has no general ceiling",
       [](Situation& s) {
         s.facts.state_part_vnd = 40 * kMillion;
         s.facts.enterprise_part_vnd = 10 * kMillion;
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(40 * kMillion);
       },
       "OK"},
      {"an activity has no contract and no ceiling",
       [](Situation& s) {
         s.facts.advance_limit_vnd.reset();
         s.facts.enterprise_part_vnd = 0;
         s.payment.set_kind(v1::Payment::KIND_ADVANCE);
         s.payment.set_amount_vnd(196 * kMillion);
       },
       "OK"},
      {"state money level with the enterprise's",
       [](Situation& s) {
         s.commitment.set_paid_vnd(100 * kMillion);
         s.facts.enterprise_spent_vnd = 37'500'000;  // 150/196 of 49 million
       },
       "OK"},
      {"a đồng behind",
       [](Situation& s) {
         s.commitment.set_paid_vnd(100 * kMillion);
         s.facts.enterprise_spent_vnd = 37'499'999;
       },
       "COUNTERPART_BEHIND"},
      {"no counterpart is due",
       [](Situation& s) { s.facts.enterprise_part_vnd = s.facts.enterprise_spent_vnd = 0; }, "OK"},
      {"first day of the year",
       [](Situation& s) { *s.payment.mutable_acted_on() = Day(2023, 1, 1); }, "OK"},
      {"the day before", [](Situation& s) { *s.payment.mutable_acted_on() = Day(2022, 12, 31); },
       "YEAR_CLOSED"},
      {"last day of the year",
       [](Situation& s) { *s.payment.mutable_acted_on() = Day(2023, 12, 31); }, "OK"},
      {"the adjustment period takes no interim payment",
       [](Situation& s) { *s.payment.mutable_acted_on() = Day(2024, 1, 1); }, "YEAR_CLOSED"},
      {"but the final one",
       [](Situation& s) {
         *s.payment.mutable_acted_on() = Day(2024, 1, 31);
         s.payment.set_kind(v1::Payment::KIND_FINAL);
         s.facts.accepted = true;
       },
       "OK"},
      {"to its end",
       [](Situation& s) {
         *s.payment.mutable_acted_on() = Day(2024, 2, 1);
         s.payment.set_kind(v1::Payment::KIND_FINAL);
         s.facts.accepted = true;
       },
       "YEAR_CLOSED"},
      {"final before acceptance", [](Situation& s) { s.payment.set_kind(v1::Payment::KIND_FINAL); },
       "ACCEPTANCE_MISSING"},
      {"final after acceptance",
       [](Situation& s) {
         s.payment.set_kind(v1::Payment::KIND_FINAL);
         s.facts.accepted = true;
       },
       "OK"},
      {"a guard without data is not applied",
       [](Situation& s) {
         s.rules = {};
         s.facts.enterprise_spent_vnd = 0;
         *s.payment.mutable_acted_on() = Day(2030, 1, 1);
       },
       "OK"},
      // 2^53 everywhere: the ratio's products need more than 64 bits.
      {"the largest figures",
       [](Situation& s) {
         const int64_t most = (int64_t{1} << 53) - 1;
         s.commitment.set_amount_vnd(most);
         s.payment.set_amount_vnd(most);
         s.facts.state_part_vnd = s.facts.enterprise_part_vnd = most;
         s.facts.enterprise_spent_vnd = most - 1;
       },
       "COUNTERPART_BEHIND"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Situation situation;
    row.change(situation);
    EXPECT_EQ(Reason(situation.Pay()), row.reason);
  }
}

// Everything wrong at once; each guard gives way to the next when its fault is mended.
TEST(PayTest, RefusesInTheDocumentedOrder) {
  Situation situation;
  situation.commitment.set_state(v1::Commitment::STATE_CLOSED);
  situation.facts.suspended = true;
  situation.facts.contract_active = false;
  situation.facts.advance_limit_vnd = 0;
  situation.facts.enterprise_spent_vnd = 0;
  situation.payment.set_kind(v1::Payment::KIND_ADVANCE);
  situation.payment.set_amount_vnd(500 * kMillion);
  *situation.payment.mutable_acted_on() = Day(2030, 1, 1);
  EXPECT_EQ(Reason(situation.Pay()), "COMMITMENT_STATE");
  situation.commitment.set_state(v1::Commitment::STATE_OPEN);
  EXPECT_EQ(Reason(situation.Pay()), "CASE_SUSPENDED");
  situation.facts.suspended = false;
  EXPECT_EQ(Reason(situation.Pay()), "CONTRACT_NOT_ACTIVE");
  situation.facts.contract_active = true;
  EXPECT_EQ(Reason(situation.Pay()), "EXCEEDS_COMMITTED");
  situation.payment.set_amount_vnd(kMillion);
  EXPECT_EQ(Reason(situation.Pay()), "ADVANCE_CEILING");
  situation.payment.set_kind(v1::Payment::KIND_FINAL);
  EXPECT_EQ(Reason(situation.Pay()), "COUNTERPART_BEHIND");
  EXPECT_THAT(situation.Pay().status(), MetadataIs("enterprise_needed_vnd", "250000"));
  situation.facts.enterprise_spent_vnd = kMillion;
  EXPECT_EQ(Reason(situation.Pay()), "YEAR_CLOSED");
  *situation.payment.mutable_acted_on() = Day(2023, 10, 1);
  EXPECT_EQ(Reason(situation.Pay()), "ACCEPTANCE_MISSING");
  situation.facts.accepted = true;
  ASSERT_OK_AND_ASSIGN(const Paid paid, situation.Pay());
  EXPECT_FALSE(paid.payment.last());
  EXPECT_EQ(paid.commitment.paid_vnd(), kMillion);
}

TEST(PayTest, TheLastDongClosesTheCommitment) {
  Situation situation;
  situation.payment.set_amount_vnd(196 * kMillion);
  ASSERT_OK_AND_ASSIGN(const Paid paid, situation.Pay());
  EXPECT_TRUE(paid.payment.last());
  EXPECT_EQ(paid.commitment.state(), v1::Commitment::STATE_CLOSED);
}

TEST(PayTest, DaysInOrder) {
  struct {
    const char* name;
    v1::Payment::Kind kind;
    google::type::Date day;
    const char* earlier_act;  // "" where it may be paid
  } rows[] = {
      {"advance on the day of the contract", v1::Payment::KIND_ADVANCE, Day(2023, 5, 15), ""},
      {"advance before the contract", v1::Payment::KIND_ADVANCE, Day(2023, 5, 14), "commit"},
      {"interim before the acceptance", v1::Payment::KIND_INTERIM, Day(2023, 11, 19), ""},
      {"final on the day of the acceptance", v1::Payment::KIND_FINAL, Day(2023, 11, 20), ""},
      {"final before the acceptance", v1::Payment::KIND_FINAL, Day(2023, 11, 19), "accepted"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Situation s;
    *s.commitment.mutable_acted_on() = Day(2023, 5, 15);
    s.facts.accepted = true;
    s.facts.accepted_on = absl::CivilDay(2023, 11, 20);
    s.payment.set_kind(row.kind);
    *s.payment.mutable_acted_on() = row.day;
    const absl::StatusOr<Paid> paid = s.Pay();
    EXPECT_EQ(status::MetadataOf(paid.status(), "earlier_act"), row.earlier_act);
    EXPECT_EQ(paid.ok(), *row.earlier_act == 0) << paid.status();
    if (!paid.ok()) continue;
    // And the next not before this one.
    s.commitment = paid->commitment;
    s.payment.set_kind(v1::Payment::KIND_INTERIM);
    EXPECT_TRUE(s.Pay().ok());
    s.payment.mutable_acted_on()->set_day(row.day.day() - 1);
    EXPECT_EQ(status::MetadataOf(s.Pay().status(), "earlier_act"),
              row.day.day() == 15 ? "commit" : "pay");
  }
}

// The worked example of PAY-P5 from the case itself: 245 million, 196 of the state: half may be
// advanced under the scheme for small and medium enterprises, what the contract says under the
// other.
TEST(FactsTest, TheSchemeOfTheCaseDecidesTheCeilingOfAdvances) {
  struct {
    SupportCase::Scheme scheme;
    int64_t advance_vnd;
    const char* reason;
  } rows[] = {
      {SupportCase::SCHEME_SME, 98 * kMillion, ""},
      {SupportCase::SCHEME_SME, 98 * kMillion + 1, "ADVANCE_CEILING"},
      {SupportCase::SCHEME_ST_TASK, 98 * kMillion + 1, ""},
      {SupportCase::SCHEME_ST_TASK, 120 * kMillion, ""},
      {SupportCase::SCHEME_ST_TASK, 120 * kMillion + 1, "ADVANCE_CEILING"},
      {SupportCase::SCHEME_UNSPECIFIED, 120 * kMillion, ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(SupportCase::Scheme_Name(row.scheme), " ", row.advance_vnd));
    SupportCase support_case;
    support_case.set_state(SupportCase::STATE_CONTRACTED);
    support_case.set_scheme(row.scheme);
    support_case.mutable_contract()->set_state_part_vnd(196 * kMillion);
    support_case.mutable_contract()->set_enterprise_part_vnd(49 * kMillion);
    support_case.mutable_contract()->set_advance_limit_vnd(120 * kMillion);
    Situation s;
    s.facts = FactsOf(support_case);
    s.payment.set_kind(v1::Payment::KIND_ADVANCE);
    s.payment.set_amount_vnd(row.advance_vnd);
    EXPECT_EQ(status::ReasonOf(s.Pay().status()), row.reason);
  }
}

TEST(FactsTest, EveryStateOfACase) {
  for (int state = SupportCase::STATE_NEED_REGISTERED; state <= SupportCase::State_MAX; ++state) {
    SupportCase support_case;
    support_case.set_state(static_cast<SupportCase::State>(state));
    const PaymentFacts facts = FactsOf(support_case);
    SCOPED_TRACE(facts.state);
    EXPECT_EQ(facts.contract_active,
              state >= SupportCase::STATE_CONTRACTED && state <= SupportCase::STATE_PAID);
    EXPECT_EQ(facts.accepted,
              state == SupportCase::STATE_ACCEPTED || state == SupportCase::STATE_PAID);
    EXPECT_EQ(facts.suspended, state == SupportCase::STATE_WITHDRAWAL_PENDING);
  }
}

TEST(FactsTest, EveryStateOfAnActivity) {
  for (int state = Activity::STATE_PLANNED; state <= Activity::State_MAX; ++state) {
    Activity activity;
    activity.set_state(static_cast<Activity::State>(state));
    const PaymentFacts facts = FactsOf(activity);
    SCOPED_TRACE(facts.state);
    EXPECT_EQ(facts.contract_active, state == Activity::STATE_APPROVED ||
                                         state == Activity::STATE_OPEN ||
                                         state == Activity::STATE_HELD);
    EXPECT_EQ(facts.accepted, state == Activity::STATE_HELD);
    EXPECT_EQ(facts.suspended, state == Activity::STATE_CANCELLATION_PENDING);
    EXPECT_FALSE(facts.advance_limit_vnd.has_value());
  }
}

}  // namespace
}  // namespace nscl::budgeting::domain
