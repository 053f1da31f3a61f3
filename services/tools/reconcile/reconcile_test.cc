// What the reconciliation says of a case and its commitment, through a door that answers lists.
#include "services/tools/reconcile/reconcile.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/casework/v1/support_case_service.pb.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;
using casework::v1::SupportCase;

constexpr char kCase[] = "provinces/48/supportCases/c";

// One case and the commitments made for it; every other list is empty.
class TwoLists : public Door {
 public:
  absl::Status Call(absl::string_view, const google::protobuf::Message&,
                    google::protobuf::Message* response) override {
    if (response->GetDescriptor() == cases.GetDescriptor()) response->CopyFrom(cases);
    if (response->GetDescriptor() == commitments.GetDescriptor()) response->CopyFrom(commitments);
    return absl::OkStatus();
  }

  casework::v1::ListSupportCasesResponse cases;
  bd::ListCommitmentsResponse commitments;
};

TEST(ReconcileTest, WhatACaseMustHaveBound) {
  constexpr auto kOpen = bd::Commitment::STATE_OPEN;
  constexpr auto kClosed = bd::Commitment::STATE_CLOSED;
  struct {
    SupportCase::State state;
    bd::Commitment::State commitment;
    int64_t paid_vnd;  // of 60
    bool agrees;
  } rows[] = {
      {SupportCase::STATE_IN_PROGRESS, kOpen, 0, true},
      {SupportCase::STATE_IN_PROGRESS, kOpen, 20, true},
      {SupportCase::STATE_IN_PROGRESS, kClosed, 60, true},  // paid before the acceptance
      {SupportCase::STATE_IN_PROGRESS, kClosed, 20, false},
      {SupportCase::STATE_IN_PROGRESS, kClosed, 0, false},
      {SupportCase::STATE_ACCEPTED, kClosed, 50, false},
      {SupportCase::STATE_PAID, kOpen, 50, true},  // the rest goes back at liquidation
      {SupportCase::STATE_PAID, kClosed, 60, true},
      {SupportCase::STATE_PAID, kClosed, 50, false},
      {SupportCase::STATE_LIQUIDATION_PENDING, kOpen, 50, true},  // in motion
      {SupportCase::STATE_LIQUIDATION_PENDING, kClosed, 50, true},
      {SupportCase::STATE_LIQUIDATED, kClosed, 50, true},
      {SupportCase::STATE_LIQUIDATED, kClosed, 60, true},
      {SupportCase::STATE_LIQUIDATED, kOpen, 50, false},
      {SupportCase::STATE_CLOSED, kOpen, 50, false},
      {SupportCase::STATE_WITHDRAWN, kOpen, 0, false},
      {SupportCase::STATE_WITHDRAWN, kClosed, 0, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(SupportCase::State_Name(row.state), ", ",
                              bd::Commitment::State_Name(row.commitment), ", paid ", row.paid_vnd));
    TwoLists door;
    SupportCase& support_case = *door.cases.add_support_cases();
    support_case.set_name(kCase);
    support_case.set_state(row.state);
    bd::Commitment& commitment = *door.commitments.add_commitments();
    commitment.set_name("provinces/48/commitments/k");
    commitment.set_owner(kCase);
    commitment.set_state(row.commitment);
    commitment.set_amount_vnd(60);
    commitment.set_paid_vnd(row.paid_vnd);
    if (row.commitment == kClosed) commitment.set_released_vnd(60 - row.paid_vnd);
    const absl::StatusOr<Reconciliation> result = Reconcile(door);
    ASSERT_TRUE(result.ok()) << result.status();
    std::string found;
    for (const Disagreement& disagreement : result->disagreements) {
      if (disagreement.invariant == "I6") found = disagreement.found;
    }
    EXPECT_EQ(found.empty(), row.agrees) << found;
  }
}

}  // namespace
}  // namespace nscl::tools
