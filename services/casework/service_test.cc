// Casework's server from outside: every method, every refusal, lists, repetitions, the feed.
#include "services/casework/service.h"

#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/resource/name.h"
#include "common/testing/status_matchers.h"
#include "common/time/legal_date.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/casework/testing/test_service.h"

namespace nscl::casework {
namespace {

using Case = v1::SupportCase;
using v1::Activity;
using Cases = TestService::Cases;
using Activities = TestService::Activities;
using testing::FieldsAre;
using testing::IsOk;
using testing::MetadataIs;
using testing::Reason;
using testing::ReasonIs;
using testing::Refused;

class ServiceTest : public ::testing::Test {
 protected:
  v1::CreateSupportCaseRequest Need(const std::string& enterprise, const std::string& solution) {
    v1::CreateSupportCaseRequest r;
    r.set_parent("provinces/48");
    r.set_request_id(TestService::RequestId());
    Case& asked = *r.mutable_support_case();
    asked.set_enterprise(absl::StrCat("provinces/48/enterprises/", enterprise));
    asked.mutable_content()->set_family("MANAGEMENT_SYSTEM");
    asked.mutable_content()->set_catalogue_name(solution);
    asked.set_plan_line("provinces/48/plans/p1/lines/L1");
    asked.set_budget_year(2023);
    asked.set_funding_source("ST_RECURRENT");
    *asked.mutable_received_on() = On(2023, 2, 1);
    return r;
  }

  TestService t_;
};

TEST_F(ServiceTest, FromNeedToSettlement) {
  const Case closed = t_.CaseAt(Case::STATE_CLOSED, "good");
  EXPECT_EQ(closed.case_number(), "48-2023-0001");
  EXPECT_EQ(closed.frozen_size(), "SMALL");
  EXPECT_EQ(closed.approved_vnd(), 100);
  EXPECT_EQ(closed.paid_vnd(), 60);
  EXPECT_EQ(closed.settlement_number(), "11/QT");
  EXPECT_EQ(closed.process_version(), "support-case:1");
  EXPECT_GT(closed.revision(), 0);
  std::vector<std::string> acts;
  for (const v1::Act& act : closed.acts()) acts.push_back(act.act());
  EXPECT_THAT(acts,
              ::testing::ElementsAre("submitted", "dossierAccepted", "surveyed", "foundEligible",
                                     "outlineSubmitted", "appraised", "selected", "approvalDecided",
                                     "contractSigned", "started", "delivered", "accepted",
                                     "liquidated", "settled"));
  EXPECT_EQ(t_.peers().commitments(), 1);
  EXPECT_EQ(t_.peers().live_reservations(), 0);
}

TEST_F(ServiceTest, EveryStepIsOneEventWithTheResource) {
  const Case closed = t_.CaseAt(Case::STATE_CLOSED, "good");
  nscl::event::v1::ListEventsRequest request;
  request.set_parent("provinces/48");
  ASSERT_OK_AND_ASSIGN(v1::ListEventsResponse feed,
                       t_.Call(&v1::EventService::Stub::ListEvents, request));
  std::vector<std::string> types;
  int64_t position = 0;
  for (const v1::Event& event : feed.events()) {
    EXPECT_EQ(event.metadata().position(), ++position);
    EXPECT_EQ(event.metadata().resource_name(), closed.name());
    EXPECT_EQ(event.support_case().revision(), event.metadata().revision());
    types.push_back(event.metadata().type());
  }
  EXPECT_THAT(types, ::testing::IsSupersetOf({"supportCase.created", "supportCase.approvalDecided",
                                              "supportCase.approved", "supportCase.contractSigned",
                                              "supportCase.contracted", "supportCase.accepted",
                                              "supportCase.paid", "supportCase.settled"}));
  EXPECT_EQ(feed.events(feed.events_size() - 1).support_case().SerializeAsString(),
            closed.SerializeAsString());
}

// Every arrow of a case: what it is sent with when all is well; refused in the states that the
// domain's tables have, here once each with NOT_FOUND, ETAG_MISMATCH, CASE_STATE, no request id,
// another province.
TEST_F(ServiceTest, EveryArrowRefusesInOrder) {
  const Case closed = t_.CaseAt(Case::STATE_CLOSED, "closed");
  const Case other = t_.CaseAt(Case::STATE_NEED_REGISTERED, "other");
  int arrows = 0;
  const auto check = [&](const char* what, auto method, auto request) {
    SCOPED_TRACE(what);
    ++arrows;
    using Request = decltype(request);
    const auto call = [&](auto&& change) {
      Request r = request;
      r.set_name(closed.name());
      r.set_etag(closed.etag());
      r.set_request_id(TestService::RequestId());
      change(r);
      return t_.Call(method, r);
    };
    EXPECT_THAT(call([](Request& r) { r.set_name("provinces/48/supportCases/none"); }),
                Refused(absl::StatusCode::kNotFound, "NOT_FOUND"));
    EXPECT_THAT(call([](Request& r) { r.set_etag("\"stale\""); }),
                Refused(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
    EXPECT_THAT(call([](Request&) {}),
                Refused(absl::StatusCode::kFailedPrecondition, "CASE_STATE"));
    EXPECT_THAT(call([](Request& r) { r.set_validate_only(true); }), ReasonIs("CASE_STATE"));
    EXPECT_THAT(call([](Request& r) { r.clear_request_id(); }), ReasonIs("REQUEST_ID"));
    EXPECT_THAT(call([](Request& r) { r.set_request_id("x"); }), ReasonIs("REQUEST_ID"));
    EXPECT_THAT(call([](Request& r) { r.set_name("provinces/01/supportCases/good"); }),
                Refused(absl::StatusCode::kPermissionDenied, "SCOPE_DENIED"));
    EXPECT_THAT(call([](Request& r) { r.set_name("supportCases/good"); }),
                Refused(absl::StatusCode::kInvalidArgument, "RESOURCE_NAME"));
    Request empty;
    empty.set_name(closed.name());
    empty.set_request_id(TestService::RequestId());
    EXPECT_EQ(t_.Call(method, empty).status().code(), absl::StatusCode::kInvalidArgument);
  };
  const auto date = On(2023, 5, 5);
  v1::Decision decision;
  decision.set_document_number("1/QĐ");
  *decision.mutable_decided_on() = date;
  v1::Minutes minutes;
  minutes.set_document_number("1/BB");
  *minutes.mutable_held_on() = date;
  {
    v1::SubmitSupportCaseRequest r;
    r.add_document_numbers("1");
    *r.mutable_acted_on() = date;
    check("submit", &Cases::SubmitSupportCase, r);
  }
  {
    v1::ReturnSupportCaseRequest r;
    r.set_reason("thiếu");
    *r.mutable_acted_on() = date;
    check("return", &Cases::ReturnSupportCase, r);
  }
  {
    v1::ResubmitSupportCaseRequest r;
    r.add_document_numbers("1");
    *r.mutable_acted_on() = date;
    check("resubmit", &Cases::ResubmitSupportCase, r);
  }
  {
    v1::AcceptDossierRequest r;
    *r.mutable_acted_on() = date;
    check("acceptDossier", &Cases::AcceptDossier, r);
  }
  {
    v1::RecordSurveyRequest r;
    *r.mutable_survey()->mutable_surveyed_on() = date;
    r.mutable_survey()->set_baseline("b");
    r.mutable_survey()->set_needs("n");
    check("recordSurvey", &Cases::RecordSurvey, r);
  }
  {
    v1::DecideEligibleRequest r;
    *r.mutable_decision() = decision;
    check("decideEligible", &Cases::DecideEligible, r);
  }
  {
    v1::DecideIneligibleRequest r;
    *r.mutable_decision() = decision;
    r.set_reason("ngoài đối tượng");
    check("decideIneligible", &Cases::DecideIneligible, r);
  }
  {
    v1::SubmitOutlineRequest r;
    r.mutable_outline()->set_summary("s");
    r.mutable_outline()->set_total_cost_vnd(1);
    r.mutable_outline()->set_state_part_vnd(1);
    *r.mutable_outline()->mutable_estimated_on() = date;
    check("submitOutline", &Cases::SubmitOutline, r);
  }
  {
    v1::RequestRevisionRequest r;
    r.set_reason("sửa");
    *r.mutable_acted_on() = date;
    check("requestRevision", &Cases::RequestRevision, r);
  }
  {
    v1::AppraiseEstimateRequest r;
    *r.mutable_minutes() = minutes;
    check("appraiseEstimate", &Cases::AppraiseEstimate, r);
  }
  {
    v1::SelectByCouncilRequest r;
    *r.mutable_minutes() = minutes;
    check("selectByCouncil", &Cases::SelectByCouncil, r);
  }
  {
    v1::RejectByCouncilRequest r;
    *r.mutable_minutes() = minutes;
    r.set_reason("không đạt");
    check("rejectByCouncil", &Cases::RejectByCouncil, r);
  }
  {
    v1::ApproveSupportCaseRequest r;
    r.set_approved_vnd(1);
    *r.mutable_decision() = decision;
    check("approve", &Cases::ApproveSupportCase, r);
  }
  {
    v1::SignContractRequest r;
    r.mutable_contract()->set_contract_number("1/HĐ");
    *r.mutable_contract()->mutable_signed_on() = date;
    r.mutable_contract()->set_state_part_vnd(1);
    check("signContract", &Cases::SignContract, r);
  }
  {
    v1::StartSupportCaseRequest r;
    *r.mutable_acted_on() = date;
    check("start", &Cases::StartSupportCase, r);
  }
  {
    v1::ReportProgressRequest r;
    r.add_evidence_numbers("1");
    *r.mutable_acted_on() = date;
    check("reportProgress", &Cases::ReportProgress, r);
  }
  {
    v1::SubmitResultsRequest r;
    r.add_document_numbers("1");
    *r.mutable_acted_on() = date;
    check("submitResults", &Cases::SubmitResults, r);
  }
  {
    v1::AcceptResultsRequest r;
    r.mutable_acceptance()->set_document_number("1");
    *r.mutable_acceptance()->mutable_accepted_on() = date;
    check("acceptResults", &Cases::AcceptResults, r);
  }
  {
    v1::LiquidateSupportCaseRequest r;
    r.set_document_number("1");
    *r.mutable_acted_on() = date;
    check("liquidate", &Cases::LiquidateSupportCase, r);
  }
  {
    v1::SettleSupportCaseRequest r;
    r.set_document_number("1");
    *r.mutable_acted_on() = date;
    check("settle", &Cases::SettleSupportCase, r);
  }
  {
    v1::WithdrawSupportCaseRequest r;
    r.set_reason("rút");
    *r.mutable_acted_on() = date;
    check("withdraw", &Cases::WithdrawSupportCase, r);
  }
  const auto* service = v1::SubmitSupportCaseRequest::descriptor()->file()->service(0);
  EXPECT_EQ(arrows + 3, service->method_count()) << "Get, List and Create have tests of their own";
  EXPECT_EQ(t_.GetCase(closed.name()).SerializeAsString(), closed.SerializeAsString());
}

TEST_F(ServiceTest, ActivityArrowsRefuseInOrder) {
  const Activity planned = t_.ActivityAt(Activity::STATE_PLANNED, "planned");
  int arrows = 0;
  const auto check = [&](const char* what, auto method, auto request, const char* in_state) {
    SCOPED_TRACE(what);
    ++arrows;
    using Request = decltype(request);
    const auto call = [&](auto&& change) {
      Request r = request;
      r.set_name(planned.name());
      r.set_etag(planned.etag());
      r.set_request_id(TestService::RequestId());
      r.set_validate_only(true);
      change(r);
      return t_.Call(method, r);
    };
    EXPECT_THAT(call([](Request& r) { r.set_name("provinces/58/activities/none"); }),
                Refused(absl::StatusCode::kNotFound, "NOT_FOUND"));
    EXPECT_THAT(call([](Request& r) { r.set_etag("\"stale\""); }),
                Refused(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
    EXPECT_EQ(Reason(call([](Request&) {})), in_state);
    EXPECT_THAT(call([](Request& r) { r.set_name("provinces/01/activities/planned"); }),
                Refused(absl::StatusCode::kPermissionDenied, "SCOPE_DENIED"));
    Request empty;
    empty.set_name(planned.name());
    empty.set_request_id(TestService::RequestId());
    EXPECT_EQ(t_.Call(method, empty).status().code(), absl::StatusCode::kInvalidArgument);
  };
  const auto date = On(2024, 5, 5);
  {
    v1::EstimateActivityRequest r;
    r.set_estimate_vnd(1);
    *r.mutable_acted_on() = date;
    check("estimate", &Activities::EstimateActivity, r, "OK");
  }
  {
    v1::ApproveActivityRequest r;
    r.mutable_decision()->set_document_number("1");
    *r.mutable_decision()->mutable_decided_on() = date;
    check("approve", &Activities::ApproveActivity, r, "ACTIVITY_STATE");
  }
  {
    v1::OpenActivityRequest r;
    *r.mutable_first_day() = date;
    r.set_place("p");
    check("open", &Activities::OpenActivity, r, "ACTIVITY_STATE");
  }
  {
    v1::RecordAttendanceRequest r;
    r.add_attendances()->set_list_number("1");
    r.mutable_attendances(0)->set_organisation_kind(v1::Attendance::ORGANISATION_KIND_COMMUNE);
    check("recordAttendance", &Activities::RecordAttendance, r, "ACTIVITY_STATE");
  }
  {
    v1::HoldActivityRequest r;
    r.set_completion_number("1");
    *r.mutable_acted_on() = date;
    check("hold", &Activities::HoldActivity, r, "ACTIVITY_STATE");
  }
  {
    v1::SettleActivityRequest r;
    r.set_document_number("1");
    *r.mutable_acted_on() = date;
    check("settle", &Activities::SettleActivity, r, "ACTIVITY_STATE");
  }
  {
    v1::CancelActivityRequest r;
    r.set_reason("hủy");
    *r.mutable_acted_on() = date;
    check("cancel", &Activities::CancelActivity, r, "OK");
  }
  EXPECT_EQ(arrows, 7);
  EXPECT_EQ(t_.GetActivity(planned.name()).SerializeAsString(), planned.SerializeAsString())
      << "validate_only stores nothing";
}

TEST_F(ServiceTest, NeedsAreCheckedAgainstRegistryBudgetingAndTheCatalogue) {
  t_.peers().Set([&] {
    t_.peers().unknown_enterprises = {"provinces/48/enterprises/nobody"};
    t_.peers().suspended_enterprises = {"provinces/48/enterprises/asleep"};
    t_.peers().draft_plans = {"provinces/48/plans/draft"};
  });
  struct {
    const char* what;
    std::function<void(v1::CreateSupportCaseRequest&)> spoil;
    const char* reason;
  } rows[] = {
      {"all well", [](auto&) {}, "OK"},
      {"unknown enterprise",
       [](auto& r) { r.mutable_support_case()->set_enterprise("provinces/48/enterprises/nobody"); },
       "ENTERPRISE_UNKNOWN"},
      {"suspended enterprise",
       [](auto& r) { r.mutable_support_case()->set_enterprise("provinces/48/enterprises/asleep"); },
       "ENTERPRISE_NOT_ACTIVE"},
      {"no plan",
       [](auto& r) { r.mutable_support_case()->set_plan_line("provinces/48/plans/none/lines/L1"); },
       "PLAN_LINE_UNKNOWN"},
      {"an item, which is no line",
       [](auto& r) { r.mutable_support_case()->set_plan_line("provinces/48/plans/p1/lines/L1.a"); },
       "PLAN_LINE_UNKNOWN"},
      {"draft",
       [](auto& r) {
         r.mutable_support_case()->set_plan_line("provinces/48/plans/draft/lines/L1");
       },
       "PLAN_NOT_ISSUED"},
      {"year", [](auto& r) { r.mutable_support_case()->set_budget_year(2031); },
       "YEAR_NOT_OF_PLAN"},
      {"family", [](auto& r) { r.mutable_support_case()->mutable_content()->set_family("MAGIC"); },
       "CONTENT_FAMILY"},
      {"source", [](auto& r) { r.mutable_support_case()->set_funding_source("LOTTERY"); },
       "FUNDING_SOURCE"},
      {"pseudo source", [](auto& r) { r.mutable_support_case()->set_funding_source("INTEGRATED"); },
       "FUNDING_SOURCE"},
      {"id", [](auto& r) { r.set_support_case_id("a b"); }, "RESOURCE_ID"},
      {"name taken", [](auto& r) { r.set_support_case_id("taken"); }, "SUPPORT_CASE_EXISTS"},
      {"all provinces", [](auto& r) { r.set_parent("provinces/-"); }, "RESOURCE_NAME"},
      {"other province", [](auto& r) { r.set_parent("provinces/01"); }, "SCOPE_DENIED"},
      {"no request id", [](auto& r) { r.clear_request_id(); }, "REQUEST_ID"},
  };
  t_.CaseAt(Case::STATE_NEED_REGISTERED, "taken");
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    v1::CreateSupportCaseRequest request = Need("e", "ISO 9001:2015");
    row.spoil(request);
    EXPECT_EQ(Reason(t_.Call(&Cases::CreateSupportCase, request)), row.reason);
  }
  t_.peers().Set([&] { t_.peers().facts_down = true; });
  const auto down = t_.Call(&Cases::CreateSupportCase, Need("e", "5S"));
  EXPECT_EQ(down.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(down, MetadataIs("peer", "registry"));
}

TEST_F(ServiceTest, FactsOfLaterArrows) {
  Case need = t_.CaseAt(Case::STATE_NEED_REGISTERED, "late");
  t_.peers().Set([&] { t_.peers().suspended_enterprises = {need.enterprise()}; });
  EXPECT_THAT(t_.NextStep(need), ReasonIs("ENTERPRISE_NOT_ACTIVE"));
  t_.peers().Set([&] { t_.peers().suspended_enterprises.clear(); });
  EXPECT_THAT(t_.NextStep(need), IsOk());

  Case surveyed = t_.CaseAt(Case::STATE_SURVEYED, "unsized");
  t_.peers().Set([&] { t_.peers().unsized_enterprises = {surveyed.enterprise()}; });
  EXPECT_THAT(t_.NextStep(surveyed), ReasonIs("SIZE_UNKNOWN"));
}

TEST_F(ServiceTest, OneOpenCaseForAnEnterpriseAndContent) {
  const auto create = [&](const std::string& enterprise, const std::string& solution) {
    absl::StatusOr<Case> made = t_.Call(&Cases::CreateSupportCase, Need(enterprise, solution));
    EXPECT_THAT(made, IsOk());
    return *made;
  };
  ASSERT_OK_AND_ASSIGN(Case first, t_.NextStep(create("e1", "ISO 9001:2015")));
  Case same = create("e1", "iso  9001:2015");
  const auto refused = t_.NextStep(same);
  EXPECT_THAT(refused, ReasonIs("OPEN_CASE_EXISTS"));
  EXPECT_THAT(refused, MetadataIs("open_case", first.name()));
  EXPECT_THAT(t_.NextStep(create("e1", "HACCP")), IsOk());
  EXPECT_THAT(t_.NextStep(create("e2", "ISO 9001:2015")), IsOk());

  v1::WithdrawSupportCaseRequest withdraw;
  withdraw.set_name(first.name());
  withdraw.set_reason("rút");
  *withdraw.mutable_acted_on() = On(2023, 3, 1);
  withdraw.set_request_id(TestService::RequestId());
  ASSERT_OK_AND_ASSIGN(Case withdrawn, t_.Call(&Cases::WithdrawSupportCase, withdraw));
  EXPECT_EQ(withdrawn.state(), Case::STATE_WITHDRAWN);
  EXPECT_THAT(t_.NextStep(same), IsOk());
}

// The same request gets the same answer, whatever the code lists and the peers say by then.
TEST_F(ServiceTest, ARepetitionOutlivesTheCodeLists) {
  const v1::CreateSupportCaseRequest request = Need("e1", "5S");
  ASSERT_OK_AND_ASSIGN(const Case first, t_.Call(&Cases::CreateSupportCase, request));
  t_.Restart([&] {
    const std::string dir = t_.folder() + "/catalogue";
    std::filesystem::copy(NSCL_SOURCE_DIR "/deploy/catalogue", dir);
    std::ofstream(dir + "/support_contents.json")
        << R"({"schema": "nscl.catalogue.support_contents.v1", "rows": []})";
    t_.set_catalogue_dir(dir);
  });
  ASSERT_OK_AND_ASSIGN(const Case again, t_.Call(&Cases::CreateSupportCase, request));
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_THAT(t_.Call(&Cases::CreateSupportCase, Need("e1", "5S")), ReasonIs("CONTENT_FAMILY"));
}

TEST_F(ServiceTest, DaysOfActsAreInOrderAndNotAfterToday) {
  v1::CreateSupportCaseRequest tomorrow = Need("e1", "5S");
  *tomorrow.mutable_support_case()->mutable_received_on() =
      time::ToDate(time::VietnamDay(absl::Now()) + 1);
  EXPECT_THAT(t_.Call(&Cases::CreateSupportCase, tomorrow), ReasonIs("DATE_ORDER"));
  ASSERT_OK_AND_ASSIGN(const Case need, t_.Call(&Cases::CreateSupportCase, Need("e1", "5S")));
  v1::SubmitSupportCaseRequest submit;
  submit.set_name(need.name());
  submit.add_document_numbers("1");
  struct {
    google::type::Date day;
    const char* reason;
  } rows[] = {
      {On(2023, 1, 31), "DATE_ORDER"},  // received on 01/02
      {time::ToDate(time::VietnamDay(absl::Now()) + 1), "DATE_ORDER"},
      {On(2023, 2, 1), "OK"},
  };
  for (const auto& row : rows) {
    *submit.mutable_acted_on() = row.day;
    submit.set_request_id(TestService::RequestId());
    EXPECT_EQ(Reason(t_.Call(&Cases::SubmitSupportCase, submit)), row.reason);
  }
}

TEST_F(ServiceTest, TextsAreKeptInNfc) {
  v1::CreateSupportCaseRequest request = Need("e1", "5S");
  request.mutable_support_case()->mutable_content()->set_description(
      "\u0110a\u0323t");  // a, dot below
  ASSERT_OK_AND_ASSIGN(const Case created, t_.Call(&Cases::CreateSupportCase, request));
  EXPECT_EQ(created.content().description(), "Đạt");
}

TEST_F(ServiceTest, TheSchemeIsOfTheCase) {
  v1::CreateSupportCaseRequest request = Need("e1", "5S");
  ASSERT_OK_AND_ASSIGN(const Case task, t_.Call(&Cases::CreateSupportCase, request));
  EXPECT_EQ(task.scheme(), Case::SCHEME_ST_TASK);
  request.mutable_support_case()->set_scheme(Case::SCHEME_SME);
  request.set_request_id(TestService::RequestId());
  ASSERT_OK_AND_ASSIGN(const Case sme, t_.Call(&Cases::CreateSupportCase, request));
  EXPECT_EQ(sme.scheme(), Case::SCHEME_SME);
}

TEST_F(ServiceTest, NumbersRunByProvinceAndYear) {
  const auto number = [&](int year) {
    v1::CreateSupportCaseRequest request = Need("e", "5S");
    *request.mutable_support_case()->mutable_received_on() = On(year, 2, 1);
    return t_.Call(&Cases::CreateSupportCase, request)->case_number();
  };
  EXPECT_EQ(number(2023), "48-2023-0001");
  EXPECT_EQ(number(2023), "48-2023-0002");
  EXPECT_EQ(number(2024), "48-2024-0001");
  v1::CreateSupportCaseRequest check_only = Need("e", "5S");
  check_only.set_validate_only(true);
  EXPECT_EQ(t_.Call(&Cases::CreateSupportCase, check_only)->case_number(), "48-2023-0003");
  EXPECT_EQ(number(2023), "48-2023-0003") << "a check takes no number";
}

TEST_F(ServiceTest, ListsFilterPageAndKeepToTheScope) {
  for (int i = 0; i < 5; ++i) {
    v1::CreateSupportCaseRequest request = Need(absl::StrCat("e", i), "5S");
    request.set_support_case_id(absl::StrCat("c", i));
    request.mutable_support_case()->set_demo(i % 2 == 0);
    ASSERT_OK_AND_ASSIGN(Case made, t_.Call(&Cases::CreateSupportCase, request));
    if (i == 4) {
      ASSERT_THAT(t_.NextStep(made), IsOk());
    }
  }
  t_.ActivityAt(Activity::STATE_PLANNED, "a1");

  v1::ListSupportCasesRequest list;
  list.set_parent("provinces/48");
  list.set_page_size(2);
  std::vector<std::string> ids;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(v1::ListSupportCasesResponse page,
                         t_.Call(&Cases::ListSupportCases, list));
    for (const Case& c : page.support_cases()) {
      ids.emplace_back(resource::LastIdOf(c.name()));
      EXPECT_TRUE(c.acts().empty()) << "long lists are left out";
    }
    list.set_page_token(page.next_page_token());
    ++pages;
  } while (!list.page_token().empty());
  EXPECT_THAT(ids, ::testing::ElementsAre("c0", "c1", "c2", "c3", "c4"));
  EXPECT_EQ(pages, 3);

  const auto matching = [&](const std::string& filter) {
    v1::ListSupportCasesRequest filtered;
    filtered.set_parent("provinces/-");
    filtered.set_filter(filter);
    const auto page = t_.Call(&Cases::ListSupportCases, filtered);
    return page.ok() ? absl::StrCat(page->support_cases_size()) : Reason(page);
  };
  EXPECT_EQ(matching("demo = true"), "3");
  EXPECT_EQ(matching("state = STATE_SUBMITTED"), "1");
  EXPECT_EQ(matching("enterprise = \"provinces/48/enterprises/e1\" AND budget_year = 2023"), "1");
  EXPECT_EQ(matching("content.family = \"TRACEABILITY\""), "0");
  EXPECT_EQ(matching("paid_vnd = 0"), "FILTER");
  EXPECT_EQ(matching("state = "), "FILTER");

  v1::ListSupportCasesRequest with_mask;
  with_mask.set_parent("provinces/48");
  with_mask.mutable_read_mask()->add_paths("acts");
  with_mask.set_filter("state = STATE_SUBMITTED");
  ASSERT_OK_AND_ASSIGN(v1::ListSupportCasesResponse masked,
                       t_.Call(&Cases::ListSupportCases, with_mask));
  ASSERT_EQ(masked.support_cases_size(), 1);
  EXPECT_EQ(masked.support_cases(0).acts_size(), 1);
  EXPECT_EQ(masked.support_cases(0).name(), "");

  v1::ListActivitiesRequest everywhere;
  everywhere.set_parent("provinces/-");
  EXPECT_EQ(t_.Call(&Activities::ListActivities, everywhere)->activities_size(), 1);
  EXPECT_EQ(t_.CallAs(t_.only48(), &Activities::ListActivities, everywhere)->activities_size(), 0)
      << "58 is outside the scope";

  list.set_page_token("nonsense");
  EXPECT_THAT(t_.Call(&Cases::ListSupportCases, list), ReasonIs("PAGE_TOKEN"));
  list.clear_page_token();
  list.set_page_size(-1);
  EXPECT_THAT(t_.Call(&Cases::ListSupportCases, list), ReasonIs("PAGE_SIZE"));
}

TEST_F(ServiceTest, OtherProvincesLookTheSameWhetherOrNotTheThingExists) {
  t_.ActivityAt(Activity::STATE_PLANNED, "a1");
  v1::GetActivityRequest there, not_there;
  there.set_name("provinces/58/activities/a1");
  not_there.set_name("provinces/58/activities/none");
  const rpc::Peer only48 = t_.only48();
  const absl::Status a = t_.CallAs(only48, &Activities::GetActivity, there).status();
  const absl::Status b = t_.CallAs(only48, &Activities::GetActivity, not_there).status();
  EXPECT_EQ(a.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(a.message(), b.message());
  EXPECT_EQ(rpc::ToGrpcStatus(a).error_details(), rpc::ToGrpcStatus(b).error_details());
}

TEST_F(ServiceTest, RepeatedRequestsGetTheSameAnswer) {
  v1::CreateSupportCaseRequest create = Need("e", "5S");
  ASSERT_OK_AND_ASSIGN(Case first, t_.Call(&Cases::CreateSupportCase, create));
  t_.peers().Set([&] { t_.peers().facts_down = true; });
  ASSERT_OK_AND_ASSIGN(Case again, t_.Call(&Cases::CreateSupportCase, create));
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString())
      << "even while the peers are down";
  t_.peers().Set([&] { t_.peers().facts_down = false; });
  create.mutable_support_case()->set_budget_year(2024);
  EXPECT_THAT(t_.Call(&Cases::CreateSupportCase, create),
              Refused(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED"));

  // A refusal that depends on the state stays a refusal for its id.
  v1::AcceptDossierRequest accept;
  accept.set_name(first.name());
  *accept.mutable_acted_on() = On(2023, 3, 1);
  accept.set_request_id(TestService::RequestId());
  EXPECT_THAT(t_.Call(&Cases::AcceptDossier, accept), ReasonIs("CASE_STATE"));
  ASSERT_THAT(t_.NextStep(first), IsOk());
  EXPECT_THAT(t_.Call(&Cases::AcceptDossier, accept), ReasonIs("CASE_STATE"));
  accept.set_request_id(TestService::RequestId());
  EXPECT_THAT(t_.Call(&Cases::AcceptDossier, accept), IsOk());
}

TEST_F(ServiceTest, AHundredRepetitionsAtOnceAreOneApproval) {
  const Case selected = t_.CaseAt(Case::STATE_SELECTED, "hundred");
  v1::ApproveSupportCaseRequest approve;
  approve.set_name(selected.name());
  approve.set_etag(selected.etag());
  approve.set_approved_vnd(100);
  approve.mutable_decision()->set_document_number("12/QĐ");
  *approve.mutable_decision()->mutable_decided_on() = On(2023, 4, 1);
  approve.set_request_id(TestService::RequestId());
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 100; ++i) {
    answers.push_back(std::async(std::launch::async, [&] {
      const auto answer = t_.Call(&Cases::ApproveSupportCase, approve);
      return answer.ok() ? answer->SerializeAsString() : answer.status().ToString();
    }));
  }
  std::set<std::string> distinct;
  for (auto& answer : answers) distinct.insert(answer.get());
  EXPECT_EQ(distinct.size(), 1u);
  const Case approved = t_.WaitForState(selected.name(), Case::STATE_APPROVED);
  EXPECT_EQ(t_.peers().live_reservations(), 1);
  EXPECT_EQ(t_.peers().calls(), 1);
  EXPECT_EQ(approved.reservation(), "provinces/48/reservations/r1");
}

TEST_F(ServiceTest, AttendanceListsAreLeftOutOfLists) {
  const Activity held = t_.ActivityAt(Activity::STATE_HELD, "class");
  EXPECT_EQ(held.attendances_size(), 1);
  v1::ListActivitiesRequest list;
  list.set_parent("provinces/58");
  ASSERT_OK_AND_ASSIGN(v1::ListActivitiesResponse page, t_.Call(&Activities::ListActivities, list));
  ASSERT_EQ(page.activities_size(), 1);
  EXPECT_TRUE(page.activities(0).attendances().empty());
  EXPECT_EQ(page.activities(0).state(), Activity::STATE_HELD);
}

}  // namespace
}  // namespace nscl::casework
