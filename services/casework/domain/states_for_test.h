// Cases and activities in every state, for the tables of the rules.
#pragma once

#include <set>
#include <string>

#include "absl/strings/string_view.h"
// tidy: arrows: included by tests only
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/intent.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/casework/domain/answer.h"

namespace nscl::casework::domain {

inline google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

// A case that holds what a case in the state may hold: 100 đồng asked, 80 approved, 60 contracted.
inline v1::SupportCase CaseIn(v1::SupportCase::State state) {
  using Case = v1::SupportCase;
  Case c;
  c.set_name("provinces/48/supportCases/c1");
  c.set_enterprise("provinces/48/enterprises/e1");
  c.mutable_content()->set_family("MANAGEMENT_SYSTEM");
  c.mutable_content()->set_catalogue_name("ISO 9001:2015");
  c.set_plan_line("provinces/48/plans/p1/lines/I-1");
  c.set_budget_year(2023);
  c.set_funding_source("ST_RECURRENT");
  c.mutable_outline()->set_state_part_vnd(100);
  c.mutable_outline()->set_total_cost_vnd(100);
  c.mutable_outline()->set_version(1);
  c.set_state(state);
  const bool withdrawn = state == Case::STATE_WITHDRAWAL_PENDING;
  if ((state >= Case::STATE_APPROVAL_PENDING && state <= Case::STATE_CLOSED) || withdrawn) {
    c.set_approved_vnd(80);
    c.mutable_approval()->set_document_number("12/QĐ-SKHCN");
    c.set_frozen_size("SMALL");
  }
  if ((state >= Case::STATE_APPROVED && state <= Case::STATE_CLOSED) || withdrawn) {
    c.set_reservation("provinces/48/reservations/r1");
  }
  if (state >= Case::STATE_CONTRACT_PENDING && state <= Case::STATE_CLOSED) {
    c.mutable_contract()->set_state_part_vnd(60);
    c.mutable_contract()->set_contract_number("7/HĐ");
  }
  if (state >= Case::STATE_CONTRACTED && state <= Case::STATE_CLOSED) {
    c.set_commitment("provinces/48/commitments/k1");
  }
  return c;
}

// An activity estimated at 100 đồng, bound from APPROVED on.
inline v1::Activity ActivityIn(v1::Activity::State state) {
  using Activity = v1::Activity;
  Activity a;
  a.set_name("provinces/58/activities/a1");
  a.set_title("Lớp tập huấn");
  a.set_plan_line("provinces/58/plans/p1/lines/1");
  a.set_budget_year(2024);
  a.set_funding_source("ST_RECURRENT");
  a.set_estimate_vnd(100);
  a.set_state(state);
  a.mutable_approval()->set_document_number("5/QĐ");
  if (state >= Activity::STATE_APPROVED) {
    a.set_reservation("provinces/58/reservations/r1");
    a.set_commitment("provinces/58/commitments/k1");
  }
  return a;
}

inline v1::Act ActWith(absl::string_view act) {
  v1::Act row;
  row.set_act(std::string(act));
  return row;
}

inline Answer Granted(absl::string_view resource) { return Answer{std::string(resource), {}}; }
inline Answer Refused(absl::string_view reason) {
  v1::Refusal refusal;
  refusal.set_reason(std::string(reason));
  refusal.set_available_vnd(5);
  refusal.set_asked_vnd(80);
  return Answer{"", refusal};
}

// Runs `act` on a case in every state there is: it must be refused with CASE_STATE in all but
// `allowed`.
template <typename Act>
void ExpectOnlyFrom(const std::set<v1::SupportCase::State>& allowed, Act act) {
  const auto* states = v1::SupportCase::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::SupportCase::State>(states->value(i)->number());
    SCOPED_TRACE(states->value(i)->name());
    const auto result = act(CaseIn(state));
    if (allowed.count(state) != 0) {
      EXPECT_THAT(result, testing::IsOk());
    } else {
      EXPECT_THAT(result, testing::Refused(absl::StatusCode::kFailedPrecondition, "CASE_STATE"));
    }
  }
}

// The same for activities and ACTIVITY_STATE.
template <typename Act>
void ExpectOnlyFrom(const std::set<v1::Activity::State>& allowed, Act act) {
  const auto* states = v1::Activity::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::Activity::State>(states->value(i)->number());
    SCOPED_TRACE(states->value(i)->name());
    const auto result = act(ActivityIn(state));
    if (allowed.count(state) != 0) {
      EXPECT_THAT(result, testing::IsOk());
    } else {
      EXPECT_THAT(result,
                  testing::Refused(absl::StatusCode::kFailedPrecondition, "ACTIVITY_STATE"));
    }
  }
}

// Runs `act` on a case whose record of acts is full: it must be refused with ACTS_FULL.
template <typename M, typename Act>
void ExpectRoomNeeded(M current, Act act) {
  for (int i = 0; i < 199; ++i) *current.add_acts() = ActWith("progressReported");
  EXPECT_THAT(act(current), testing::IsOk()) << "the last place";
  *current.add_acts() = ActWith("progressReported");
  EXPECT_THAT(act(current), testing::ReasonIs("ACTS_FULL"));
}

}  // namespace nscl::casework::domain
