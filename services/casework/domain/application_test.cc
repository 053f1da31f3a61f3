#include "services/casework/domain/application.h"

#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using Case = v1::SupportCase;
using testing::Reason;
using testing::ReasonIs;

EnterpriseFacts Active() { return {.known = true, .active = true, .operating_status = "ACTIVE"}; }

v1::SubmitSupportCaseRequest SubmitRequest() {
  v1::SubmitSupportCaseRequest request;
  request.add_document_numbers("1/ĐN");
  *request.mutable_acted_on() = Day(2023, 2, 2);
  return request;
}

TEST(SubmitTest, OnlyFromNeedRegistered) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_NEED_REGISTERED}, [](const Case& current) {
    return Submit(current, SubmitRequest(), Active(), "");
  });
}

TEST(SubmitTest, StateThenEnterpriseThenOpenCase) {
  struct {
    Case::State state;
    bool known, active;
    const char* open_case;
    const char* reason;
  } rows[] = {
      {Case::STATE_NEED_REGISTERED, true, true, "", "OK"},
      {Case::STATE_SUBMITTED, false, false, "x", "CASE_STATE"},
      {Case::STATE_NEED_REGISTERED, false, false, "x", "ENTERPRISE_UNKNOWN"},
      {Case::STATE_NEED_REGISTERED, true, false, "x", "ENTERPRISE_NOT_ACTIVE"},
      {Case::STATE_NEED_REGISTERED, true, true, "provinces/48/supportCases/x", "OPEN_CASE_EXISTS"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.reason);
    EnterpriseFacts facts{
        .known = row.known, .active = row.active, .operating_status = "SUSPENDED"};
    EXPECT_EQ(Reason(Submit(CaseIn(row.state), SubmitRequest(), facts, row.open_case)), row.reason);
  }
}

TEST(SubmitTest, KeepsThePapers) {
  ASSERT_OK_AND_ASSIGN(CaseChange change,
                       Submit(CaseIn(Case::STATE_NEED_REGISTERED), SubmitRequest(), Active(), ""));
  EXPECT_EQ(change.next.state(), Case::STATE_SUBMITTED);
  ASSERT_EQ(change.next.acts_size(), 1);
  EXPECT_EQ(change.next.acts(0).act(), "submitted");
  EXPECT_EQ(change.next.acts(0).document_numbers(0), "1/ĐN");
  EXPECT_EQ(change.next.acts(0).acted_on().day(), 2);
}

TEST(ReturnTest, OnlyFromSubmitted) {
  v1::ReturnSupportCaseRequest request;
  request.set_reason("thiếu giấy chứng nhận");
  auto act = [&](const Case& current) { return Return(current, request); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_SUBMITTED}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_SUBMITTED), act);
  const CaseChange change = *act(CaseIn(Case::STATE_SUBMITTED));
  EXPECT_EQ(change.next.state(), Case::STATE_INCOMPLETE);
  EXPECT_EQ(change.next.closing_reason(), request.reason());
}

TEST(ResubmitTest, OnlyFromIncomplete) {
  v1::ResubmitSupportCaseRequest request;
  auto act = [&](const Case& current) { return Resubmit(current, request); };
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_INCOMPLETE}, act);
  ExpectRoomNeeded(CaseIn(Case::STATE_INCOMPLETE), act);
  Case current = CaseIn(Case::STATE_INCOMPLETE);
  current.set_closing_reason("thiếu");
  const CaseChange change = *act(current);
  EXPECT_EQ(change.next.state(), Case::STATE_SUBMITTED);
  EXPECT_EQ(change.next.closing_reason(), "");
}

TEST(AcceptDossierTest, OnlyFromSubmitted) {
  ExpectOnlyFrom(std::set<Case::State>{Case::STATE_SUBMITTED}, [](const Case& current) {
    return AcceptDossier(current, v1::AcceptDossierRequest());
  });
}

TEST(ApplicationChecksTest, DocumentsFromOneToFifty) {
  v1::SubmitSupportCaseRequest request = SubmitRequest();
  EXPECT_OK(Check(request));
  for (int i = 1; i < 50; ++i) request.add_document_numbers("n");
  EXPECT_OK(Check(request));
  request.add_document_numbers("51");
  EXPECT_THAT(Check(request), ReasonIs("NUMBER_RANGE"));
  request.clear_document_numbers();
  EXPECT_THAT(Check(request), ReasonIs("NUMBER_RANGE"));
  request.add_document_numbers("");
  EXPECT_THAT(Check(request), testing::FieldsAre(::testing::ElementsAre("document_numbers[0]")));
}

}  // namespace
}  // namespace nscl::casework::domain
