#include "services/casework/domain/council.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::Reason;

v1::SelectByCouncilRequest Votes(int members, int present, int votes_for) {
  v1::SelectByCouncilRequest request;
  request.mutable_minutes()->set_members(members);
  request.mutable_minutes()->set_members_present(present);
  request.mutable_minutes()->set_votes_for(votes_for);
  return request;
}

TEST(SelectByCouncilTest, OnlyFromAppraised) {
  auto act = [](const Case& current) { return SelectByCouncil(current, Votes(7, 7, 7)); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_APPRAISED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_APPRAISED), act);
}

TEST(SelectByCouncilTest, VotesThatCanBe) {
  struct {
    int members, present, votes_for;
    const char* reason;
  } rows[] = {
      {11, 11, 11, "OK"},           {11, 11, 6, "OK"},          {11, 11, 12, "COUNCIL_VOTE"},
      {11, 11, 0, "COUNCIL_VOTE"},  {11, 10, 1, "OK"},          {1, 1, 1, "OK"},
      {11, 12, 12, "COUNCIL_VOTE"}, {11, 6, 7, "COUNCIL_VOTE"}, {0, 0, 0, "COUNCIL_VOTE"},
      {11, 0, 0, "COUNCIL_VOTE"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.votes_for, " of ", row.present, " of ", row.members));
    EXPECT_EQ(Reason(SelectByCouncil(CaseIn(Case::STATE_APPRAISED),
                                     Votes(row.members, row.present, row.votes_for))),
              row.reason);
  }
}

TEST(RejectByCouncilTest, FromAppraisedOrSelected) {
  v1::RejectByCouncilRequest request;
  request.set_reason("không đủ năng lực");
  auto act = [&](const Case& current) { return RejectByCouncil(current, request); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_APPRAISED, Case::STATE_SELECTED}, act);
  const CaseChange change = *act(CaseIn(Case::STATE_SELECTED));
  EXPECT_EQ(change.next.state(), Case::STATE_REJECTED);
  EXPECT_EQ(change.next.closing_reason(), "không đủ năng lực");
  EXPECT_EQ(change.next.acts(0).reason(), "không đủ năng lực");
}

}  // namespace
}  // namespace nscl::casework::domain
