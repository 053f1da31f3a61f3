// The service as its callers see it: real stores behind real feeds, a real server, real tokens.
#include "services/reporting/service.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/feed/event_handlers.h"
#include "common/rpc/testing/test_door.h"
#include "common/testing/status_matchers.h"
#include "common/time/legal_date.h"
#include "nscl/budgeting/v1/event_service.grpc.pb.h"
#include "nscl/casework/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "nscl/reporting/v1/event_service.grpc.pb.h"
#include "nscl/reporting/v1/obligation_service.grpc.pb.h"
#include "nscl/reporting/v1/report_service.grpc.pb.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting {
namespace {

using budgeting::v1::LedgerEntry;
using budgeting::v1::Plan;
using casework::v1::Activity;
using casework::v1::SupportCase;
using testing::Refused;

constexpr char kPlan[] = "provinces/48/plans/dn";

// A service that is followed, reduced to what followers see of it: a store whose journal is served.
// Other services' code stays out; the store and the feed are the real ones.
template <typename Service, typename Event, typename List, typename Watch>
class Feed {
 public:
  Feed(rpc::Door& door, const std::string& service, const std::filesystem::path& folder,
       const time::Clock& clock) {
    store::Options options;
    options.service = service;
    options.path = folder / service;
    options.init = true;
    options.clock = &clock;
    auto store = store::Store::Open(options);
    EXPECT_OK(store);
    store_ = *std::move(store);
    handlers_ = std::make_unique<feed::EventHandlers<Service, Event, List, Watch>>(
        door, *store_, absl::Milliseconds(50));
  }

  grpc::Service* service() { return handlers_.get(); }
  store::Store& store() { return *store_; }

  // Writes a row and raises an event, as any command of that service would.
  void Emit(const std::string& type, int field, const google::protobuf::Message& resource,
            const std::string& name) {
    store::Command command;
    command.origin.actor = "user:test|x";
    command.origin.method = "internal:test";
    command.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
      txn.Put("r" + name, resource.SerializeAsString());
      event::v1::EventMetadata metadata;
      metadata.set_type(type);
      metadata.set_resource_name(name);
      metadata.set_province(name.substr(10, 2));
      txn.Emit(metadata, field, resource.SerializeAsString());
      return std::string();
    };
    ASSERT_OK(store_->Run(std::move(command)).status());
  }
  int64_t head() { return store_->TakeSnapshot()->event_position(); }

 private:
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<feed::EventHandlers<Service, Event, List, Watch>> handlers_;
};

using RegistryFeed = Feed<registry::v1::EventService, registry::v1::Event,
                          registry::v1::ListEventsResponse, registry::v1::WatchEventsResponse>;
using CaseworkFeed = Feed<casework::v1::EventService, casework::v1::Event,
                          casework::v1::ListEventsResponse, casework::v1::WatchEventsResponse>;
using BudgetingFeed = Feed<budgeting::v1::EventService, budgeting::v1::Event,
                           budgeting::v1::ListEventsResponse, budgeting::v1::WatchEventsResponse>;

class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) /
              absl::StrCat("reporting_service_",
                           ::testing::UnitTest::GetInstance()->current_test_info()->name(), "_",
                           getpid());
    std::filesystem::remove_all(folder_);
    peers_ = std::make_unique<rpc::TestDoor>("registry");
    registry_ = std::make_unique<RegistryFeed>(peers_->door(), "registry", folder_, clock_);
    casework_ = std::make_unique<CaseworkFeed>(peers_->door(), "casework", folder_, clock_);
    budgeting_ = std::make_unique<BudgetingFeed>(peers_->door(), "budgeting", folder_, clock_);
    peer_ = peers_->Serve({registry_->service(), casework_->service(), budgeting_->service()},
                          peers_->ServiceToken("reporting"));
    OpenService(/*rebuild=*/false);
  }
  void TearDown() override {
    CloseService();
    peers_->door().Drain();
    peers_->Stop();
    budgeting_.reset();
    casework_.reset();
    registry_.reset();
    std::filesystem::remove_all(folder_);
  }

  void OpenService(bool rebuild) {
    door_ = std::make_unique<rpc::TestDoor>("reporting");
    Options options;
    options.data_dir = folder_;
    options.catalogue_dir = std::string(NSCL_SOURCE_DIR) + "/deploy/catalogue";
    options.init = true;
    options.rebuild_projections = rebuild;
    options.clock = &clock_;
    options.door = &door_->door();
    options.registry = options.casework = options.budgeting = peer_;
    ASSERT_OK_AND_ASSIGN(service_, Service::Open(options));
    officer_ = door_->Serve(service_->grpc_services(),
                            door_->Token({"dost_officer", "dost_leader"}, {"48"}));
    reports_ = v1::ReportService::NewStub(officer_.channel);
    obligations_ = v1::ObligationService::NewStub(officer_.channel);
    service_->Start();
  }
  void CloseService() {
    service_->Stop();
    door_->door().Drain();
    door_->Stop();
    service_.reset();
    door_.reset();
  }

  // A plan that is issued, money, two cases and a class.
  void EmitYear() {
    Plan plan;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(
                    domain::ShippedFile("plans/danang-2022-2025.json"), &plan)
                    .ok());
    plan.set_name(kPlan);
    plan.set_state(Plan::STATE_ISSUED);
    for (auto& row : *plan.mutable_annex()->mutable_rows()) {
      for (auto& cell : *row.mutable_cells()) {
        if (!cell.has_printed()) continue;
        cell.mutable_printed()->set_amount_vnd(std::stoll(cell.printed().text()) * 1000000);
      }
    }
    budgeting_->Emit("plan.issued", 2, plan, plan.name());
    Entry(LedgerEntry::COLUMN_SOURCE, LedgerEntry::COLUMN_AVAILABLE, 800000000);
    Entry(LedgerEntry::COLUMN_AVAILABLE, LedgerEntry::COLUMN_RESERVED, 300000000);
    Entry(LedgerEntry::COLUMN_RESERVED, LedgerEntry::COLUMN_COMMITTED, 200000000);
    Entry(LedgerEntry::COLUMN_COMMITTED, LedgerEntry::COLUMN_PAID, 120000000);

    registry::v1::Enterprise enterprise;
    enterprise.set_name("provinces/48/enterprises/e1");
    enterprise.set_tax_code("0400101394");
    registry_->Emit("enterprise.created", 2, enterprise, enterprise.name());
    SupportCase c;
    c.set_name("provinces/48/supportCases/c1");
    c.set_enterprise(enterprise.name());
    c.set_plan_line(absl::StrCat(kPlan, "/lines/IV-1"));
    c.set_budget_year(2023);
    c.set_funding_source("ST_TASK");
    c.set_state(SupportCase::STATE_CLOSED);
    c.mutable_approval()->mutable_decided_on()->set_year(2023);
    c.mutable_acceptance()->mutable_accepted_on()->set_year(2023);
    casework_->Emit("supportCase.settled", 2, c, c.name());
    c.set_name("provinces/48/supportCases/c2");
    c.set_state(SupportCase::STATE_REJECTED);
    casework_->Emit("supportCase.rejected", 2, c, c.name());
    Activity activity;
    activity.set_name("provinces/48/activities/k1");
    activity.set_kind(Activity::KIND_CLASS);
    activity.set_plan_line(absl::StrCat(kPlan, "/lines/I-3"));
    activity.set_budget_year(2023);
    activity.set_state(Activity::STATE_HELD);
    casework_->Emit("activity.held", 3, activity, activity.name());
  }
  void Entry(LedgerEntry::Column from, LedgerEntry::Column to, int64_t amount) {
    LedgerEntry entry;
    entry.set_name(absl::StrCat("provinces/48/ledgerEntries/", ++entries_));
    entry.mutable_account()->set_plan_line(absl::StrCat(kPlan, "/lines/IV-1"));
    entry.mutable_account()->set_budget_year(2023);
    entry.mutable_account()->set_funding_source("ST_TASK");
    entry.set_from_column(from);
    entry.set_to_column(to);
    entry.set_amount_vnd(amount);
    budgeting_->Emit("ledgerEntry.made", 7, entry, entry.name());
  }

  // A request of a report that rests on all that was emitted.
  v1::CreateReportRequest Request() {
    v1::CreateReportRequest request;
    request.set_parent("provinces/48");
    request.set_plan(kPlan);
    request.set_year(2023);
    request.set_request_id(Uuid());
    for (const auto& [service, head] :
         {std::pair{"registry", registry_->head()}, std::pair{"casework", casework_->head()},
          std::pair{"budgeting", budgeting_->head()}}) {
      v1::FeedPosition& position = *request.add_min_as_of();
      position.set_service(service);
      position.set_position(head);
    }
    return request;
  }
  std::string Uuid() { return absl::StrFormat("00000000-0000-4000-8000-%012d", ++uuids_); }

  absl::StatusOr<v1::Report> Create(const v1::CreateReportRequest& request) {
    return rpc::Call(officer_, *reports_, &v1::ReportService::Stub::CreateReport, request);
  }
  absl::StatusOr<v1::Report> CreateWhenCaughtUp(const v1::CreateReportRequest& request) {
    for (const v1::FeedPosition& asked : request.min_as_of()) {
      EXPECT_TRUE(service_->WaitForPosition(asked.service(), asked.position(), absl::Seconds(30)))
          << asked.service();
    }
    return Create(request);
  }

  time::ManualClock clock_{absl::FromCivil(absl::CivilDay(2023, 11, 20), absl::UTCTimeZone())};
  std::filesystem::path folder_;
  std::unique_ptr<rpc::TestDoor> peers_, door_;
  std::unique_ptr<RegistryFeed> registry_;
  std::unique_ptr<CaseworkFeed> casework_;
  std::unique_ptr<BudgetingFeed> budgeting_;
  rpc::Peer peer_, officer_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<v1::ReportService::Stub> reports_;
  std::unique_ptr<v1::ObligationService::Stub> obligations_;
  int entries_ = 0;
  int uuids_ = 0;
};

TEST_F(ServiceTest, TheReportIsBuiltFrozenAndAnsweredOnce) {
  EmitYear();
  v1::CreateReportRequest request = Request();
  ASSERT_OK_AND_ASSIGN(v1::Report report, CreateWhenCaughtUp(request));
  ASSERT_EQ(report.targets_size(), 10);
  for (const auto& target : report.targets()) {
    if (target.target().metric() == "ENTERPRISES_SUPPORTED") {
      EXPECT_EQ(target.year_result_thousandths(), 1000);
      EXPECT_EQ(target.counted(0), "provinces/48/supportCases/c1");
    }
  }
  ASSERT_GT(report.money_by_source_size(), 0);
  for (const auto& row : report.money_by_source()) {
    if (row.funding_source() != "ST_TASK") continue;
    EXPECT_EQ(row.planned_vnd(), 1100000000);
    EXPECT_EQ(row.allocated_vnd(), 800000000);
    EXPECT_EQ(row.reserved_vnd(), 100000000);
    EXPECT_EQ(row.committed_vnd(), 80000000);
    EXPECT_EQ(row.paid_vnd(), 120000000);
    EXPECT_EQ(row.available_vnd(), 500000000);
  }
  ASSERT_EQ(report.cases_size(), 2);
  EXPECT_EQ(report.activities_size(), 1);
  ASSERT_EQ(report.obligations_size(), 6);
  EXPECT_EQ(report.as_of_size(), 3);
  EXPECT_EQ(report.as_of(2).position(), budgeting_->head());

  // The same request id gets the same report, whatever has happened since; the report itself stays
  // too.
  request.set_request_id(Uuid());
  request.set_report_id("kept");
  ASSERT_OK_AND_ASSIGN(v1::Report kept, Create(request));
  Entry(LedgerEntry::COLUMN_SOURCE, LedgerEntry::COLUMN_AVAILABLE, 1);
  ASSERT_OK_AND_ASSIGN(v1::Report replayed, Create(request));
  EXPECT_EQ(replayed.SerializeAsString(), kept.SerializeAsString());
  v1::GetReportRequest get;
  get.set_name("provinces/48/reports/kept");
  ASSERT_OK_AND_ASSIGN(v1::Report got,
                       rpc::Call(officer_, *reports_, &v1::ReportService::Stub::GetReport, get));
  EXPECT_EQ(got.SerializeAsString(), kept.SerializeAsString());
  request.set_request_id(Uuid());
  EXPECT_THAT(Create(request), Refused(absl::StatusCode::kAlreadyExists, "REPORT_EXISTS"));

  // Only what is asked for.
  get.mutable_read_mask()->add_paths("year");
  ASSERT_OK_AND_ASSIGN(got,
                       rpc::Call(officer_, *reports_, &v1::ReportService::Stub::GetReport, get));
  EXPECT_EQ(got.ShortDebugString(), "year: 2023");
  get.mutable_read_mask()->add_paths("colour");
  EXPECT_THAT(rpc::Call(officer_, *reports_, &v1::ReportService::Stub::GetReport, get),
              Refused(absl::StatusCode::kInvalidArgument, "READ_MASK"));

  // Two pages of one, without their names.
  v1::ListReportsRequest list;
  list.set_parent("provinces/48");
  list.set_page_size(1);
  list.set_filter("year = 2023");
  list.mutable_read_mask()->add_paths("plan");
  int listed = 0;
  do {
    ASSERT_OK_AND_ASSIGN(
        v1::ListReportsResponse page,
        rpc::Call(officer_, *reports_, &v1::ReportService::Stub::ListReports, list));
    EXPECT_LE(page.reports_size(), 1);
    for (const v1::Report& listed_report : page.reports()) {
      EXPECT_EQ(listed_report.ShortDebugString(), "plan: \"provinces/48/plans/dn\"");
    }
    listed += page.reports_size();
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(listed, 2);
}

TEST_F(ServiceTest, WhatIsRefused) {
  EmitYear();
  ASSERT_OK(CreateWhenCaughtUp(Request()));
  const struct {
    std::function<void(v1::CreateReportRequest&)> change;
    absl::StatusCode code;
    const char* reason;
  } rows[] = {
      {[](auto& r) { r.set_request_id(""); }, absl::StatusCode::kInvalidArgument, "REQUEST_ID"},
      {[](auto& r) { r.set_plan("provinces/48/plans"); }, absl::StatusCode::kInvalidArgument,
       "RESOURCE_NAME"},
      {[](auto& r) { r.set_plan("provinces/58/plans/nt"); }, absl::StatusCode::kInvalidArgument,
       "PLAN_PROVINCE"},
      {[](auto& r) { r.set_plan("provinces/48/plans/none"); }, absl::StatusCode::kNotFound,
       "PLAN_NOT_FOUND"},
      {[](auto& r) { r.set_year(2021); }, absl::StatusCode::kInvalidArgument, "YEAR_NOT_OF_PLAN"},
      {[](auto& r) { r.set_report_id("a b"); }, absl::StatusCode::kInvalidArgument, "RESOURCE_ID"},
      {[](auto& r) { r.mutable_min_as_of(0)->set_service("gateway"); },
       absl::StatusCode::kInvalidArgument, "UNKNOWN_FEED"},
      {[](auto& r) { r.mutable_min_as_of(0)->set_position(1000); },
       absl::StatusCode::kFailedPrecondition, "NOT_CAUGHT_UP"},
      {[](auto& r) { r.mutable_min_as_of(0)->set_epoch(1000); },
       absl::StatusCode::kFailedPrecondition, "NOT_CAUGHT_UP"},
      {[](auto& r) { r.set_parent("provinces/58"); }, absl::StatusCode::kPermissionDenied, ""},
  };
  for (const auto& row : rows) {
    v1::CreateReportRequest request = Request();
    row.change(request);
    auto report = Create(request);
    EXPECT_EQ(report.status().code(), row.code) << report.status();
    if (row.reason[0] != 0) {
      EXPECT_EQ(testing::Reason(report), row.reason);
    }
  }
  // Nothing of it was stored, nor of a call that only checks.
  v1::CreateReportRequest check = Request();
  check.set_validate_only(true);
  ASSERT_OK(Create(check));
  v1::ListReportsRequest list;
  list.set_parent("provinces/48");
  ASSERT_OK_AND_ASSIGN(v1::ListReportsResponse page,
                       rpc::Call(officer_, *reports_, &v1::ReportService::Stub::ListReports, list));
  EXPECT_EQ(page.reports_size(), 1);
}

TEST_F(ServiceTest, AnObligationIsFiledOnce) {
  EmitYear();
  ASSERT_OK(CreateWhenCaughtUp(Request()));
  v1::ListObligationsRequest list;
  list.set_parent("provinces/48");
  list.set_filter("year = 2023 AND state = STATE_OPEN");
  ASSERT_OK_AND_ASSIGN(
      v1::ListObligationsResponse open,
      rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::ListObligations, list));
  ASSERT_EQ(open.obligations_size(), 6);

  v1::FileObligationRequest file;
  file.set_name(open.obligations(1).name());
  file.set_document_number("45/BC-SCT");
  file.mutable_filed_on()->set_year(2023);
  file.mutable_filed_on()->set_month(11);
  file.mutable_filed_on()->set_day(15);
  file.set_request_id(Uuid());
  file.set_etag("\"0\"");
  auto call = [&] {
    return rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::FileObligation, file);
  };
  EXPECT_THAT(call(), Refused(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  file.set_etag(open.obligations(1).etag());
  file.set_request_id(Uuid());
  ASSERT_OK_AND_ASSIGN(v1::Obligation filed, call());
  // "Trước ngày 15/11": the 15th is late.
  EXPECT_EQ(filed.state(), v1::Obligation::STATE_FILED_LATE);
  EXPECT_NE(filed.etag(), open.obligations(1).etag());
  ASSERT_OK_AND_ASSIGN(v1::Obligation replayed, call());
  EXPECT_EQ(replayed.SerializeAsString(), filed.SerializeAsString());
  file.set_request_id(Uuid());
  file.clear_etag();
  EXPECT_THAT(call(), Refused(absl::StatusCode::kFailedPrecondition, "OBLIGATION_STATE"));

  v1::GetObligationRequest get;
  get.set_name(filed.name());
  ASSERT_OK_AND_ASSIGN(
      v1::Obligation got,
      rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::GetObligation, get));
  EXPECT_EQ(got.SerializeAsString(), filed.SerializeAsString());
  get.mutable_read_mask()->add_paths("document_number");
  ASSERT_OK_AND_ASSIGN(
      got, rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::GetObligation, get));
  EXPECT_EQ(got.ShortDebugString(), "document_number: \"45/BC-SCT\"");
  list.set_filter("year = 2023 AND state = STATE_FILED_LATE");
  list.mutable_read_mask()->add_paths("document_number");
  ASSERT_OK_AND_ASSIGN(open, rpc::Call(officer_, *obligations_,
                                       &v1::ObligationService::Stub::ListObligations, list));
  ASSERT_EQ(open.obligations_size(), 1);
  EXPECT_EQ(open.obligations(0).ShortDebugString(), got.ShortDebugString());
  list.mutable_read_mask()->add_paths("colour");
  EXPECT_THAT(
      rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::ListObligations, list),
      Refused(absl::StatusCode::kInvalidArgument, "READ_MASK"));
  get.set_name("provinces/48/obligations/none");
  EXPECT_EQ(rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::GetObligation, get)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

// The clock stands half a minute before a day ends in Viet Nam (17:00 UTC).
class DayEdgeTest : public ServiceTest {
 protected:
  DayEdgeTest(int month, int day) {
    clock_.Set(
        absl::FromCivil(absl::CivilSecond(2023, month, day, 16, 59, 30), absl::UTCTimeZone()));
  }
  v1::Report Report() {
    absl::StatusOr<v1::Report> report = CreateWhenCaughtUp(Request());
    EXPECT_OK(report);
    return report.ok() ? *report : v1::Report();
  }
};

class YearEndTest : public DayEdgeTest {
 protected:
  YearEndTest() : DayEdgeTest(12, 31) {}
};

TEST_F(YearEndTest, AYearlyTargetIsMissedWhenTheYearIsOverInVietnam) {
  EmitYear();
  // One class was held in 2023, and about three a year are planned.
  const auto standing = [](const v1::Report& report) {
    for (const v1::TargetResult& result : report.targets()) {
      if (result.target().metric() == "TRAINING_CLASSES" &&
          result.target().aggregation() == budgeting::v1::PlanTarget::AGGREGATION_ANNUAL) {
        return v1::TargetResult::Status_Name(result.status());
      }
    }
    return std::string("none");
  };
  EXPECT_EQ(standing(Report()), "STATUS_IN_PROGRESS");
  clock_.Advance(absl::Seconds(30));
  EXPECT_EQ(standing(Report()), "STATUS_MISSED");
}

class DeadlineTest : public DayEdgeTest {
 protected:
  DeadlineTest() : DayEdgeTest(11, 14) {}
};

// The units owe their reports before 15 November, the default of Sơn La.
TEST_F(DeadlineTest, OverdueFromTheDayThatBeginsInVietnam) {
  EmitYear();
  const auto overdue = [](const v1::Report& report) {
    int count = 0;
    for (const v1::ObligationRow& row : report.obligations()) count += row.overdue();
    return count;
  };
  const auto noted = [](const v1::Report& report, const std::string& text) {
    return std::count_if(
        report.notes().begin(), report.notes().end(),
        [&](const std::string& note) { return note.find(text) != std::string::npos; });
  };
  v1::Report before = Report();
  EXPECT_EQ(overdue(before), 0);
  EXPECT_EQ(noted(before, "Quá hạn"), 0);
  EXPECT_EQ(noted(before, "Sơn La"), 2);  // the day of the units, and that of the focal body

  v1::FileObligationRequest file;
  file.set_name(before.obligations(1).obligation().name());
  file.set_document_number("45/BC-SCT");
  *file.mutable_filed_on() = time::ToDate(absl::CivilDay(2023, 11, 15));
  const auto call = [&] {
    file.set_request_id(Uuid());
    return rpc::Call(officer_, *obligations_, &v1::ObligationService::Stub::FileObligation, file);
  };
  EXPECT_EQ(call().status().code(), absl::StatusCode::kInvalidArgument);  // it is still the 14th

  clock_.Advance(absl::Seconds(30));
  v1::Report after = Report();
  EXPECT_EQ(overdue(after), 5);
  EXPECT_EQ(noted(after, "Quá hạn chưa báo cáo: 5 đơn vị (tính đến 15/11/2023)"), 1);
  ASSERT_OK_AND_ASSIGN(v1::Obligation filed, call());
  EXPECT_EQ(filed.state(), v1::Obligation::STATE_FILED_LATE);
}

TEST_F(ServiceTest, RestartedAndRebuiltItSaysTheSame) {
  EmitYear();
  ASSERT_OK_AND_ASSIGN(v1::Report before, CreateWhenCaughtUp(Request()));
  for (bool rebuild : {false, true}) {
    SCOPED_TRACE(rebuild);
    CloseService();
    OpenService(rebuild);
    ASSERT_OK_AND_ASSIGN(v1::Report after, CreateWhenCaughtUp(Request()));
    for (v1::Report* report : {&before, &after}) {
      report->clear_name();
      report->clear_etag();
      report->clear_create_time();
      report->clear_update_time();
    }
    EXPECT_EQ(after.SerializeAsString(), before.SerializeAsString());
  }
}

TEST_F(ServiceTest, SaysHowFarEachFeedIsFollowed) {
  EmitYear();
  ASSERT_OK(CreateWhenCaughtUp(Request()));
  ASSERT_OK_AND_ASSIGN(v1::FollowStatus status,
                       rpc::Call(officer_, *reports_, &v1::ReportService::Stub::GetFollowStatus,
                                 v1::GetFollowStatusRequest()));
  ASSERT_EQ(status.feeds_size(), 3);
  const std::pair<std::string, int64_t> heads[] = {{"registry", registry_->head()},
                                                   {"casework", casework_->head()},
                                                   {"budgeting", budgeting_->head()}};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(status.feeds(i).followed().service(), heads[i].first);
    EXPECT_EQ(status.feeds(i).followed().position(), heads[i].second);
    EXPECT_EQ(status.feeds(i).head_position(), heads[i].second);
    EXPECT_EQ(status.feeds(i).problem(), "");
    EXPECT_GE(status.feeds(i).stale_seconds(), 0);
  }
}

TEST_F(ServiceTest, ItsOwnChangesAreEvents) {
  EmitYear();
  ASSERT_OK(CreateWhenCaughtUp(Request()));
  auto events = v1::EventService::NewStub(officer_.channel);
  event::v1::ListEventsRequest request;
  request.set_parent("provinces/48");
  rpc::Peer auditor = door_->As(door_->Token({"auditor"}, {"48"}));
  ASSERT_OK_AND_ASSIGN(v1::ListEventsResponse page,
                       rpc::Call(auditor, *events, &v1::EventService::Stub::ListEvents, request));
  ASSERT_EQ(page.events_size(), 25);  // 24 obligations, one report
  EXPECT_EQ(page.events(0).metadata().type(), "obligation.created");
  EXPECT_EQ(page.events(24).metadata().type(), "report.created");
  EXPECT_TRUE(page.events(24).has_report());
}

}  // namespace
}  // namespace nscl::reporting
