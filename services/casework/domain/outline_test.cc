#include "services/casework/domain/outline.h"

#include "common/money/money.h"
#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::Reason;

v1::SubmitOutlineRequest Request(int64_t total, int64_t state, int64_t enterprise, int64_t other) {
  v1::SubmitOutlineRequest request;
  v1::Outline& outline = *request.mutable_outline();
  outline.set_summary("Áp dụng ISO 9001:2015");
  outline.set_total_cost_vnd(total);
  outline.set_state_part_vnd(state);
  outline.set_enterprise_part_vnd(enterprise);
  outline.set_other_part_vnd(other);
  *outline.mutable_estimated_on() = Day(2023, 4, 1);
  return request;
}

TEST(SubmitOutlineTest, FromEligibleOrRevisionRequested) {
  auto act = [](const Case& current) { return SubmitOutline(current, Request(3, 1, 1, 1)); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_ELIGIBLE, Case::STATE_REVISION_REQUESTED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_ELIGIBLE), act);
}

TEST(SubmitOutlineTest, PartsAreTheWhole) {
  const int64_t most = money::kMaxAmountVnd;
  struct {
    int64_t total, state, enterprise, other;
    const char* check;
    const char* reason;
  } rows[] = {
      {245, 196, 49, 0, "OK", "OK"},
      {245, 196, 48, 1, "OK", "OK"},
      {245, 196, 48, 0, "OK", "PARTS_DO_NOT_ADD_UP"},
      {245, 196, 50, 0, "OK", "PARTS_DO_NOT_ADD_UP"},
      {most, most, most, most, "OK", "PARTS_DO_NOT_ADD_UP"},
      {most, most, 0, 0, "OK", "OK"},
      {most + 1, most, 1, 0, "AMOUNT_RANGE", "OK"},
      {0, 0, 0, 0, "AMOUNT_RANGE", "OK"},
      {1, 2, -1, 0, "AMOUNT_RANGE", "OK"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(
        absl::StrCat(row.total, " = ", row.state, " + ", row.enterprise, " + ", row.other));
    const auto request = Request(row.total, row.state, row.enterprise, row.other);
    EXPECT_EQ(Reason(Check(request)), row.check);
    if (std::string(row.check) != "OK") continue;
    EXPECT_EQ(Reason(SubmitOutline(CaseIn(Case::STATE_ELIGIBLE), request)), row.reason);
  }
}

TEST(SubmitOutlineTest, RevisionsCountUp) {
  Case current = CaseIn(Case::STATE_ELIGIBLE);
  current.clear_outline();
  ASSERT_OK_AND_ASSIGN(CaseChange first, SubmitOutline(current, Request(100, 100, 0, 0)));
  EXPECT_EQ(first.next.outline().version(), 1);
  v1::RequestRevisionRequest revision;
  revision.set_reason("tách nguồn");
  ASSERT_OK_AND_ASSIGN(CaseChange returned, RequestRevision(first.next, revision));
  ASSERT_OK_AND_ASSIGN(CaseChange second, SubmitOutline(returned.next, Request(90, 90, 0, 0)));
  EXPECT_EQ(second.next.outline().version(), 2);
  EXPECT_EQ(second.next.closing_reason(), "");
}

TEST(RequestRevisionTest, FromOutlineSubmittedOrAppraised) {
  auto act = [](const Case& current) {
    return RequestRevision(current, v1::RequestRevisionRequest());
  };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_OUTLINE_SUBMITTED, Case::STATE_APPRAISED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_APPRAISED), act);
}

TEST(AppraiseEstimateTest, OnlyFromOutlineSubmitted) {
  auto act = [](const Case& current) {
    return AppraiseEstimate(current, v1::AppraiseEstimateRequest());
  };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_OUTLINE_SUBMITTED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_OUTLINE_SUBMITTED), act);
}

}  // namespace
}  // namespace nscl::casework::domain
