#include "services/casework/domain/need.h"

#include "services/casework/domain/fields.h"
#include "services/casework/domain/states_for_test.h"

namespace nscl::casework::domain {
namespace {

using ::testing::ElementsAre;
using testing::FieldsAre;
using testing::Reason;

v1::CreateSupportCaseRequest Request() {
  v1::CreateSupportCaseRequest request;
  request.set_parent("provinces/48");
  v1::SupportCase& asked = *request.mutable_support_case();
  asked = CaseIn(v1::SupportCase::STATE_UNSPECIFIED);
  asked.clear_outline();
  *asked.mutable_received_on() = Day(2023, 2, 1);
  return request;
}

EnterpriseFacts Active() { return {.known = true, .active = true, .operating_status = "ACTIVE"}; }
PlanFacts Issued() {
  return {
      .line_known = true, .issued = true, .state = "ISSUED", .first_year = 2022, .last_year = 2025};
}

TEST(NeedTest, EnterpriseThenPlanThenYear) {
  struct {
    const char* what;
    bool known, active, line_known, issued;
    int year;
    const char* reason;
  } rows[] = {
      {"all well", true, true, true, true, 2023, "OK"},
      {"first year", true, true, true, true, 2022, "OK"},
      {"last year", true, true, true, true, 2025, "OK"},
      {"enterprise not registered", false, false, false, false, 1999, "ENTERPRISE_UNKNOWN"},
      {"enterprise suspended", true, false, false, false, 1999, "ENTERPRISE_NOT_ACTIVE"},
      {"no such line", true, true, false, false, 1999, "PLAN_LINE_UNKNOWN"},
      {"plan in draft", true, true, true, false, 1999, "PLAN_NOT_ISSUED"},
      {"year before the plan", true, true, true, true, 2021, "YEAR_NOT_OF_PLAN"},
      {"year after the plan", true, true, true, true, 2026, "YEAR_NOT_OF_PLAN"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::SupportCase asked = Request().support_case();
    asked.set_budget_year(row.year);
    EnterpriseFacts enterprise = Active();
    enterprise.known = row.known;
    enterprise.active = row.active;
    PlanFacts plan = Issued();
    plan.line_known = row.line_known;
    plan.issued = row.issued;
    EXPECT_EQ(Reason(RegisterNeed(asked, enterprise, plan)), row.reason);
  }
}

TEST(NeedTest, TakesOverOnlyWhatACallerMaySet) {
  v1::SupportCase asked = CaseIn(v1::SupportCase::STATE_CLOSED);
  asked.set_paid_vnd(1);
  asked.set_case_number("48-2023-9999");
  asked.set_demo(true);
  *asked.mutable_received_on() = Day(2023, 2, 1);
  ASSERT_OK_AND_ASSIGN(CaseChange change, RegisterNeed(asked, Active(), Issued()));
  EXPECT_EQ(change.next.state(), v1::SupportCase::STATE_NEED_REGISTERED);
  EXPECT_EQ(change.next.process_version(), kCaseProcess);
  EXPECT_TRUE(change.next.demo());
  EXPECT_EQ(change.next.enterprise(), asked.enterprise());
  EXPECT_EQ(change.next.paid_vnd(), 0);
  EXPECT_EQ(change.next.case_number(), "");
  EXPECT_EQ(change.next.reservation(), "");
  EXPECT_FALSE(change.next.has_outline());
  EXPECT_FALSE(change.intent.has_value());
}

TEST(NeedTest, EveryBadFieldAtOnce) {
  EXPECT_OK(Check(Request()));
  v1::CreateSupportCaseRequest empty;
  empty.set_parent("provinces/48");
  EXPECT_THAT(Check(empty),
              FieldsAre(ElementsAre("support_case.enterprise", "support_case.content.family",
                                    "support_case.content.catalogue_name", "support_case.plan_line",
                                    "support_case.budget_year", "support_case.funding_source",
                                    "support_case.received_on")));
}

TEST(NeedTest, OneBadField) {
  struct {
    const char* what;
    void (*spoil)(v1::SupportCase&);
    const char* reason;
  } rows[] = {
      {"enterprise of another province",
       [](v1::SupportCase& c) { c.set_enterprise("provinces/58/enterprises/e"); },
       "OTHER_PROVINCE"},
      {"an enterprise's name that is a case's",
       [](v1::SupportCase& c) { c.set_enterprise("provinces/48/supportCases/e"); },
       "RESOURCE_NAME"},
      {"plan without line", [](v1::SupportCase& c) { c.set_plan_line("provinces/48/plans/p"); },
       "RESOURCE_NAME"},
      {"line of another province",
       [](v1::SupportCase& c) { c.set_plan_line("provinces/58/plans/p/lines/1"); },
       "OTHER_PROVINCE"},
      {"family in lower case", [](v1::SupportCase& c) { c.mutable_content()->set_family("iso"); },
       "CODE"},
      {"catalogue name of blanks",
       [](v1::SupportCase& c) { c.mutable_content()->set_catalogue_name("   "); }, "TEXT_LENGTH"},
      {"catalogue name of 101 letters",
       [](v1::SupportCase& c) { c.mutable_content()->set_catalogue_name(std::string(101, 'x')); },
       "TEXT_LENGTH"},
      {"a control character",
       [](v1::SupportCase& c) { c.mutable_content()->set_catalogue_name("ISO\x01"); },
       "INVALID_TEXT"},
      {"30 February", [](v1::SupportCase& c) { *c.mutable_received_on() = Day(2023, 2, 30); },
       "DATE"},
      {"a month without a day",
       [](v1::SupportCase& c) { *c.mutable_received_on() = Day(2023, 2, 0); }, "DATE"},
      {"year 1999", [](v1::SupportCase& c) { c.set_budget_year(1999); }, "NUMBER_RANGE"},
      {"year 2101", [](v1::SupportCase& c) { c.set_budget_year(2101); }, "NUMBER_RANGE"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::CreateSupportCaseRequest request = Request();
    row.spoil(*request.mutable_support_case());
    EXPECT_THAT(Check(request), testing::Refused(absl::StatusCode::kInvalidArgument, row.reason));
  }
  v1::CreateSupportCaseRequest vietnamese = Request();
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "ế";
  vietnamese.mutable_support_case()->mutable_content()->set_catalogue_name(hundred);
  EXPECT_OK(Check(vietnamese)) << "100 characters of three bytes";
}

}  // namespace
}  // namespace nscl::casework::domain
