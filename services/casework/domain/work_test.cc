#include "services/casework/domain/work.h"

#include "services/casework/domain/settlement.h"
#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::Reason;

v1::ReportProgressRequest Spent(int64_t vnd) {
  v1::ReportProgressRequest request;
  request.set_enterprise_spent_vnd(vnd);
  request.add_evidence_numbers("HĐ-1");
  *request.mutable_acted_on() = Day(2023, 8, 1);
  return request;
}

TEST(WorkTest, OneArrowEach) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_CONTRACTED},
                 [](const Case& current) { return Start(current, v1::StartSupportCaseRequest()); });
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_IN_PROGRESS},
                 [](const Case& current) { return ReportProgress(current, Spent(1)); });
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_IN_PROGRESS}, [](const Case& current) {
    return SubmitResults(current, v1::SubmitResultsRequest());
  });
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_DELIVERED}, [](const Case& current) {
    return AcceptResults(current, v1::AcceptResultsRequest());
  });
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_LIQUIDATED}, [](const Case& current) {
    return Settle(current, v1::SettleSupportCaseRequest());
  });
}

TEST(WorkTest, WhereTheArrowsLead) {
  EXPECT_EQ(Start(CaseIn(Case::STATE_CONTRACTED), {})->next.state(), Case::STATE_IN_PROGRESS);
  EXPECT_EQ(SubmitResults(CaseIn(Case::STATE_IN_PROGRESS), {})->next.state(),
            Case::STATE_DELIVERED);
  EXPECT_EQ(AcceptResults(CaseIn(Case::STATE_DELIVERED), {})->next.state(), Case::STATE_ACCEPTED);
  v1::SettleSupportCaseRequest settle;
  settle.set_document_number("QT-01");
  const CaseChange settled = *Settle(CaseIn(Case::STATE_LIQUIDATED), settle);
  EXPECT_EQ(settled.next.state(), Case::STATE_CLOSED);
  EXPECT_EQ(settled.next.settlement_number(), "QT-01");
}

TEST(ReportProgressTest, SpendingNeverGoesDown) {
  struct {
    int64_t recorded, given;
    const char* reason;
  } rows[] = {
      {0, 0, "OK"}, {0, 5, "OK"}, {5, 5, "OK"}, {5, 6, "OK"}, {5, 4, "SPENDING_DECREASED"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.recorded, " then ", row.given));
    Case current = CaseIn(Case::STATE_IN_PROGRESS);
    current.set_enterprise_spent_vnd(row.recorded);
    EXPECT_EQ(Reason(ReportProgress(current, Spent(row.given))), row.reason);
  }
  ExpectRoomNeeded(CaseIn(Case::STATE_IN_PROGRESS),
                   [](const Case& current) { return ReportProgress(current, Spent(1)); });
  EXPECT_OK(Check(Spent(0)));
  EXPECT_EQ(Reason(Check(Spent(-1))), "AMOUNT_RANGE");
}

}  // namespace
}  // namespace nscl::casework::domain
