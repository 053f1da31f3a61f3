// The service as its callers meet it: a real server, real tokens, and a real feed of casework.
#include "services/budgeting/service.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/feed/event_handlers.h"
#include "common/rpc/testing/test_door.h"
#include "common/status/status_macros.h"
#include "common/store/testing/fixture.h"
#include "common/testing/status_matchers.h"
#include "common/time/legal_date.h"
#include "nscl/budgeting/v1/event_service.grpc.pb.h"
#include "nscl/budgeting/v1/ledger_service.grpc.pb.h"
#include "nscl/budgeting/v1/payment_service.grpc.pb.h"
#include "nscl/budgeting/v1/plan_service.grpc.pb.h"
#include "nscl/budgeting/v1/store_service.grpc.pb.h"
#include "nscl/casework/v1/event_service.grpc.pb.h"

namespace nscl::budgeting {
namespace {

using testing::CodeIs;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::FieldsAre;
using testing::MetadataIs;
using testing::Reason;
using testing::ReasonIs;
using testing::Refused;
namespace cw = nscl::casework::v1;

constexpr char kProvince[] = "provinces/48";
constexpr char kPlan[] = "provinces/48/plans/p";
constexpr char kLine[] = "provinces/48/plans/p/lines/IV-1";  // 800 million of ST_TASK in 2023
constexpr char kCase[] = "provinces/48/supportCases/s";
constexpr int64_t kMillion = 1'000'000;

google::type::Date Day(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

std::string NewRequestId() {
  static std::atomic<int64_t> last{0};
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++last);
}

v1::Plan PrintedPlan(const char* file) {
  std::ifstream in(absl::StrCat(NSCL_SOURCE_DIR, "/deploy/plans/", file));
  std::stringstream text;
  text << in.rdbuf();
  v1::Plan plan;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text.str(), &plan).ok()) << file;
  return plan;
}

// Casework as budgeting sees it: a store whose events are served by the real handlers.
class Casework {
 public:
  using Handlers = feed::EventHandlers<cw::EventService, cw::Event, cw::ListEventsResponse,
                                       cw::WatchEventsResponse>;

  Casework() : door_("casework") {
    store::Options options = folder_.StoreOptions();
    options.service = "casework";
    store_ = store::OpenOrDie(std::move(options));
    handlers_ = std::make_unique<Handlers>(door_.door(), *store_);
    peer_ = door_.Serve({handlers_.get()}, door_.ServiceToken("budgeting"));
  }
  ~Casework() { door_.Stop(); }

  rpc::Peer peer() { return peer_; }

  // Commits a change of a case or activity; returns its revision.
  int64_t Change(const cw::SupportCase& support_case) {
    return Emit(support_case, 2, "supportCase.changed");
  }
  int64_t Change(const cw::Activity& activity) { return Emit(activity, 3, "activity.changed"); }

 private:
  template <typename M>
  int64_t Emit(const M& resource, int field, const char* type) {
    auto outcome =
        store_->Run(store::CommandOf([&](store::Txn& txn) -> absl::StatusOr<std::string> {
          nscl::event::v1::EventMetadata metadata;
          metadata.set_type(type);
          metadata.set_resource_name(resource.name());
          metadata.set_province("48");
          txn.Emit(metadata, field, resource.SerializeAsString());
          txn.Put(absl::StrCat("c", resource.name()), resource.SerializeAsString());
          return std::string();
        }));
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome.ok() ? outcome->revision : 0;
  }

  store::TestFolder folder_;
  rpc::TestDoor door_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Handlers> handlers_;
  rpc::Peer peer_;
};

class BudgetingTest : public ::testing::Test {
 protected:
  BudgetingTest() : door_("budgeting") {
    Options options;
    options.data_dir = folder_.path();
    options.catalogue_dir = absl::StrCat(NSCL_SOURCE_DIR, "/deploy/catalogue");
    options.init = true;
    options.door = &door_.door();
    options.casework = casework_.peer();
    options.visibility_patience = absl::Milliseconds(200);
    auto service = Service::Open(std::move(options));
    EXPECT_TRUE(service.ok()) << service.status();
    service_ = *std::move(service);
    peer_ = door_.Serve(service_->grpc_services(),
                        door_.Token({"dost_officer", "dost_leader", "finance_officer"}, {"48"}));
    runner_ = door_.As(door_.ServiceToken("casework"));
    plans_ = v1::PlanService::NewStub(peer_.channel);
    ledger_ = v1::LedgerService::NewStub(peer_.channel);
    payments_ = v1::PaymentService::NewStub(peer_.channel);
    service_->Start();
  }
  ~BudgetingTest() override {
    service_->Stop();
    plans_.reset();
    ledger_.reset();
    payments_.reset();
    peer_ = {};
    runner_ = {};
    door_.Stop();
  }

  // --- Requests that are right, to be made wrong by tests
  // -------------------------------------------------

  absl::StatusOr<v1::Plan> ImportPlan(const char* file = "danang-2022-2025.json",
                                      const char* id = "p") {
    v1::ImportPlanRequest request;
    request.set_parent(kProvince);
    request.set_plan_id(id);
    *request.mutable_plan() = PrintedPlan(file);
    request.set_request_id(NewRequestId());
    return rpc::Call(peer_, *plans_, &v1::PlanService::Stub::ImportPlan, request);
  }

  absl::StatusOr<v1::Plan> IssuePlan() {
    ASSIGN_OR_RETURN(v1::Plan plan, ImportPlan());
    for (const char* finding : {"COLUMN_SUM-2025", "GRAND_TOTAL_CROSS"}) {
      v1::AcceptFindingRequest accept;
      accept.set_name(kPlan);
      accept.set_finding_id(finding);
      accept.set_note("như bản in");
      accept.set_request_id(NewRequestId());
      ASSIGN_OR_RETURN(plan,
                       rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AcceptFinding, accept));
    }
    v1::SubmitPlanRequest submit;
    submit.set_name(kPlan);
    submit.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(plan, rpc::Call(peer_, *plans_, &v1::PlanService::Stub::SubmitPlan, submit));
    v1::AppraisePlanRequest appraise;
    appraise.set_name(kPlan);
    appraise.set_opinion_number("12/STC");
    appraise.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(plan,
                     rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AppraisePlan, appraise));
    v1::IssuePlanRequest issue;
    issue.set_name(kPlan);
    issue.set_etag(plan.etag());
    issue.set_request_id(NewRequestId());
    return rpc::Call(peer_, *plans_, &v1::PlanService::Stub::IssuePlan, issue);
  }

  static v1::Account TaskAccount() {
    v1::Account account;
    account.set_plan_line(kLine);
    account.set_budget_year(2023);
    account.set_funding_source("ST_TASK");
    return account;
  }

  v1::BatchCreateAllocationsRequest AllocateRequest(int64_t amount) {
    v1::BatchCreateAllocationsRequest request;
    request.set_parent(kProvince);
    v1::Allocation& allocation = *request.add_allocations();
    *allocation.mutable_account() = TaskAccount();
    allocation.set_amount_vnd(amount);
    allocation.set_decision_number("190/QĐ-SKHCN");
    *allocation.mutable_acted_on() = Day(2023, 1, 10);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::BatchCreateAllocationsResponse> Allocate(
      const v1::BatchCreateAllocationsRequest& request) {
    return rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::BatchCreateAllocations, request);
  }

  v1::CreateReservationRequest ReserveRequest(int64_t amount) {
    v1::CreateReservationRequest request;
    request.set_parent(kProvince);
    *request.mutable_reservation()->mutable_account() = TaskAccount();
    request.mutable_reservation()->set_amount_vnd(amount);
    request.mutable_reservation()->set_owner(kCase);
    *request.mutable_reservation()->mutable_acted_on() = Day(2023, 3, 1);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::Reservation> Reserve(const v1::CreateReservationRequest& request) {
    return rpc::Call(runner_, *ledger_, &v1::LedgerService::Stub::CreateReservation, request);
  }

  v1::CommitReservationRequest CommitRequest(const std::string& reservation, int64_t amount) {
    v1::CommitReservationRequest request;
    request.set_name(reservation);
    request.set_amount_vnd(amount);
    request.set_contract_number("1/HĐ");
    *request.mutable_acted_on() = Day(2023, 4, 1);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::Commitment> Commit(const v1::CommitReservationRequest& request) {
    return rpc::Call(runner_, *ledger_, &v1::LedgerService::Stub::CommitReservation, request);
  }

  v1::CreatePaymentRequest PayRequest(const v1::Commitment& commitment, v1::Payment::Kind kind,
                                      int64_t amount) {
    v1::CreatePaymentRequest request;
    request.set_parent(kProvince);
    v1::Payment& payment = *request.mutable_payment();
    payment.set_commitment(commitment.name());
    payment.set_kind(kind);
    payment.set_amount_vnd(amount);
    *payment.mutable_acted_on() = Day(2023, 6, 1);
    payment.add_document_numbers("ĐNTT-1");
    request.set_commitment_etag(commitment.etag());
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::Payment> Pay(const v1::CreatePaymentRequest& request) {
    return rpc::Call(peer_, *payments_, &v1::PaymentService::Stub::CreatePayment, request);
  }

  absl::StatusOr<v1::Commitment> GetCommitment(const std::string& name) {
    v1::GetCommitmentRequest request;
    request.set_name(name);
    return rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::GetCommitment, request);
  }

  // {allocated, reserved, committed, paid, available} in đồng.
  std::vector<int64_t> Balance() {
    v1::GetBalanceRequest request;
    request.set_name(absl::StrCat(kLine, "/balances/2023-ST_TASK"));
    auto balance = rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::GetBalance, request);
    if (!balance.ok()) return {};
    return {balance->allocated_vnd(), balance->reserved_vnd(), balance->committed_vnd(),
            balance->paid_vnd(), balance->available_vnd()};
  }

  // A case of the commitment in the state; contract of 100 and 25 million, an advance of 30 at
  // most.
  static cw::SupportCase CaseIn(cw::SupportCase::State state, int64_t enterprise_spent = 0) {
    cw::SupportCase support_case;
    support_case.set_name(kCase);
    support_case.set_state(state);
    support_case.mutable_contract()->set_state_part_vnd(100 * kMillion);
    support_case.mutable_contract()->set_enterprise_part_vnd(25 * kMillion);
    support_case.mutable_contract()->set_advance_limit_vnd(30 * kMillion);
    support_case.set_enterprise_spent_vnd(enterprise_spent);
    return support_case;
  }

  // An issued plan, 800 million allocated, 100 million committed.
  v1::Commitment Committed() {
    EXPECT_OK(IssuePlan());
    EXPECT_OK(Allocate(AllocateRequest(800 * kMillion)));
    const auto reservation = Reserve(ReserveRequest(120 * kMillion));
    EXPECT_OK(reservation);
    const auto commitment = Commit(CommitRequest(reservation->name(), 100 * kMillion));
    EXPECT_OK(commitment);
    return *commitment;
  }

  store::TestFolder folder_;
  Casework casework_;
  rpc::TestDoor door_;
  std::unique_ptr<Service> service_;
  rpc::Peer peer_;    // an officer with every role of the province
  rpc::Peer runner_;  // casework's runner
  std::unique_ptr<v1::PlanService::Stub> plans_;
  std::unique_ptr<v1::LedgerService::Stub> ledger_;
  std::unique_ptr<v1::PaymentService::Stub> payments_;
};

// --- Plans
// --------------------------------------------------------------------------------------------------

TEST_F(BudgetingTest, APlanGoesFromPaperToIssued) {
  ASSERT_OK_AND_ASSIGN(const v1::Plan issued, IssuePlan());
  EXPECT_EQ(issued.state(), v1::Plan::STATE_ISSUED);
  EXPECT_EQ(issued.opinion_number(), "12/STC");
  for (const v1::Finding& finding : issued.findings())
    EXPECT_EQ(finding.status(), v1::Finding::STATUS_ACCEPTED);
  EXPECT_EQ(issued.annex().total().cells(3).printed().text(), "1580") << "what is printed stays";

  v1::ListPlansRequest list;
  list.set_parent(kProvince);
  list.set_filter("state = STATE_ISSUED AND first_year = 2022");
  ASSERT_OK_AND_ASSIGN(const auto plans,
                       rpc::Call(peer_, *plans_, &v1::PlanService::Stub::ListPlans, list));
  ASSERT_EQ(plans.plans_size(), 1);
  EXPECT_FALSE(plans.plans(0).has_annex()) << "a list shows the summary";
  EXPECT_EQ(plans.plans(0).computed_total_vnd(), 5'310 * kMillion);
  list.mutable_read_mask()->add_paths("annex");
  ASSERT_OK_AND_ASSIGN(const auto masked,
                       rpc::Call(peer_, *plans_, &v1::PlanService::Stub::ListPlans, list));
  EXPECT_EQ(masked.plans(0).annex().rows_size(), 21);
  EXPECT_TRUE(masked.plans(0).title().empty());
}

// The same paper under another id, known by its number, issuer and date, or by its content.
TEST_F(BudgetingTest, TheSamePaperImportedTwiceIsFound) {
  struct {
    const char* file;
    const char* first;
  } rows[] = {{"danang-2022-2025.json", "p"}, {"ninhthuan-2024.json", "n"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.file);
    ASSERT_OK_AND_ASSIGN(const v1::Plan first, ImportPlan(row.file, row.first));
    for (const v1::Finding& finding : first.findings()) EXPECT_NE(finding.rule(), "DOCUMENT_KNOWN");
    EXPECT_EQ(first.content_sha256().size(), 64u);
    ASSERT_OK_AND_ASSIGN(const v1::Plan again,
                         ImportPlan(row.file, absl::StrCat(row.first, "-again").c_str()));
    ASSERT_EQ(again.findings_size(), first.findings_size() + 1);
    const v1::Finding& known = again.findings(again.findings_size() - 1);
    EXPECT_EQ(known.finding_id(), "DOCUMENT_KNOWN");
    EXPECT_EQ(known.severity(), v1::Finding::SEVERITY_ERROR) << "its money would count twice";
    EXPECT_EQ(known.computed(), first.name());
  }
}

TEST_F(BudgetingTest, RefusalsOfPlans) {
  // Checking only stores nothing.
  v1::ImportPlanRequest check;
  check.set_parent(kProvince);
  check.set_plan_id("p");
  *check.mutable_plan() = PrintedPlan("ninhthuan-2024.json");
  check.set_request_id(NewRequestId());
  check.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::Plan checked,
                       rpc::Call(peer_, *plans_, &v1::PlanService::Stub::ImportPlan, check));
  EXPECT_EQ(checked.counting_rows(), 26);
  v1::GetPlanRequest get;
  get.set_name(kPlan);
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::GetPlan, get),
              CodeIs(absl::StatusCode::kNotFound));

  // A file with faults stores nothing either.
  v1::ImportPlanRequest bad = check;
  bad.set_validate_only(false);
  bad.set_request_id(NewRequestId());
  bad.mutable_plan()->mutable_annex()->mutable_rows(1)->set_quantity_text("một");
  bad.set_plan_id("không hợp lệ");
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::ImportPlan, bad),
              ReasonIs("RESOURCE_ID"));
  bad.set_plan_id("p");
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::ImportPlan, bad),
              FieldsAre(ElementsAre("plan.annex.rows[1].quantity_text")));
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::GetPlan, get),
              CodeIs(absl::StatusCode::kNotFound));

  ASSERT_OK_AND_ASSIGN(v1::Plan plan, ImportPlan("ninhthuan-2024.json"));
  EXPECT_THAT(ImportPlan(), Refused(absl::StatusCode::kAlreadyExists, "PLAN_EXISTS"));

  v1::SubmitPlanRequest submit;
  submit.set_name(kPlan);
  submit.set_request_id(NewRequestId());
  const auto refused = rpc::Call(peer_, *plans_, &v1::PlanService::Stub::SubmitPlan, submit);
  EXPECT_THAT(refused, Refused(absl::StatusCode::kFailedPrecondition, "OPEN_ERROR_FINDINGS"));
  EXPECT_THAT(refused.status(), MetadataIs("findings", "DOC_NUMBER_BLANK, DOC_DATE_BLANK"));

  v1::AcceptFindingRequest accept;
  accept.set_name(kPlan);
  accept.set_note("số để trống");
  for (const char* finding : {"DOC_NUMBER_BLANK", "DOC_DATE_BLANK"}) {
    accept.set_finding_id(finding);
    accept.set_request_id(NewRequestId());
    ASSERT_OK_AND_ASSIGN(plan,
                         rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AcceptFinding, accept));
  }
  accept.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AcceptFinding, accept),
              ReasonIs("FINDING_NOT_OPEN"));
  accept.set_finding_id("COLUMN_SUM-1999");
  accept.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AcceptFinding, accept),
              ReasonIs("FINDING_NOT_FOUND"));
  accept.set_note("");
  accept.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AcceptFinding, accept),
              ReasonIs("FIELD_REQUIRED"));
  accept.set_note("x");
  accept.set_etag("\"0\"");
  accept.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AcceptFinding, accept),
              Refused(absl::StatusCode::kAborted, "ETAG_MISMATCH"));

  v1::AppraisePlanRequest appraise;
  appraise.set_name(kPlan);
  appraise.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AppraisePlan, appraise),
              ReasonIs("PLAN_STATE"));
  submit.set_request_id(NewRequestId());
  EXPECT_OK(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::SubmitPlan, submit));
  v1::IssuePlanRequest issue;
  issue.set_name(kPlan);
  issue.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::IssuePlan, issue),
              FieldsAre(ElementsAre("etag")));
  appraise.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(plan,
                       rpc::Call(peer_, *plans_, &v1::PlanService::Stub::AppraisePlan, appraise));
  issue.set_etag(plan.etag());
  issue.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *plans_, &v1::PlanService::Stub::IssuePlan, issue),
              ReasonIs("DOCUMENT_NUMBER_BLANK"));
  issue.set_allow_blank_number(true);
  issue.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(plan, rpc::Call(peer_, *plans_, &v1::PlanService::Stub::IssuePlan, issue));
  EXPECT_EQ(plan.document().number(), "/KH-UBND") << "its number stays absent";
}

// --- The ledger
// ---------------------------------------------------------------------------------------------

TEST_F(BudgetingTest, MoneyGoesFromAllocationToPayment) {
  const v1::Commitment commitment = Committed();
  EXPECT_THAT(Balance(), ElementsAre(800 * kMillion, 0, 100 * kMillion, 0, 700 * kMillion));

  // An advance, then the rest after acceptance, as the enterprise's own spending grows.
  int64_t revision = casework_.Change(CaseIn(cw::SupportCase::STATE_IN_PROGRESS));
  auto advance = PayRequest(commitment, v1::Payment::KIND_ADVANCE, 30 * kMillion);
  advance.mutable_payment()->set_min_case_revision(revision);
  ASSERT_OK_AND_ASSIGN(const v1::Payment first, Pay(advance));
  EXPECT_FALSE(first.last());
  EXPECT_EQ(first.owner(), kCase);
  EXPECT_EQ(first.account().plan_line(), kLine);
  EXPECT_THAT(Balance(),
              ElementsAre(800 * kMillion, 0, 70 * kMillion, 30 * kMillion, 700 * kMillion));

  revision = casework_.Change(CaseIn(cw::SupportCase::STATE_ACCEPTED, 25 * kMillion));
  ASSERT_OK_AND_ASSIGN(const v1::Commitment paid_once, GetCommitment(commitment.name()));
  auto final = PayRequest(paid_once, v1::Payment::KIND_FINAL, 70 * kMillion);
  final.mutable_payment()->set_min_case_revision(revision);
  ASSERT_OK_AND_ASSIGN(const v1::Payment last, Pay(final));
  EXPECT_TRUE(last.last());
  EXPECT_THAT(Balance(), ElementsAre(800 * kMillion, 0, 0, 100 * kMillion, 700 * kMillion));
  ASSERT_OK_AND_ASSIGN(const v1::Commitment closed, GetCommitment(commitment.name()));
  EXPECT_EQ(closed.state(), v1::Commitment::STATE_CLOSED);

  // The same request id gives the same answer, and moves nothing twice.
  ASSERT_OK_AND_ASSIGN(const v1::Payment again, Pay(final));
  EXPECT_EQ(again.name(), last.name());
  EXPECT_THAT(Balance(), ElementsAre(800 * kMillion, 0, 0, 100 * kMillion, 700 * kMillion));
  final.mutable_payment()->set_amount_vnd(1);
  EXPECT_THAT(Pay(final), ReasonIs("REQUEST_ID_REUSED"));

  // Every movement is in the journal, in order, and in the feed.
  v1::ListLedgerEntriesRequest list;
  list.set_parent(kProvince);
  ASSERT_OK_AND_ASSIGN(
      const auto entries,
      rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListLedgerEntries, list));
  std::vector<v1::LedgerEntry::Kind> kinds;
  for (const auto& entry : entries.ledger_entries()) kinds.push_back(entry.kind());
  EXPECT_THAT(kinds, ElementsAre(v1::LedgerEntry::KIND_ALLOCATE, v1::LedgerEntry::KIND_RESERVE,
                                 v1::LedgerEntry::KIND_COMMIT, v1::LedgerEntry::KIND_RELEASE,
                                 v1::LedgerEntry::KIND_PAY, v1::LedgerEntry::KIND_PAY));
  auto events = v1::EventService::NewStub(peer_.channel);
  nscl::event::v1::ListEventsRequest feed;
  feed.set_parent(kProvince);
  feed.set_page_size(1000);
  ASSERT_OK_AND_ASSIGN(const auto page,
                       rpc::Call(runner_, *events, &v1::EventService::Stub::ListEvents, feed));
  std::set<std::string> types;
  for (const auto& event : page.events()) types.insert(event.metadata().type());
  for (const char* type : {"plan.imported", "plan.issued", "allocation.created",
                           "reservation.created", "reservation.committed", "commitment.created",
                           "commitment.paid", "payment.created", "ledgerEntry.created"}) {
    EXPECT_THAT(types, Contains(type));
  }
}

TEST_F(BudgetingTest, RefusalsOfAllocations) {
  ASSERT_OK(ImportPlan());
  EXPECT_THAT(Allocate(AllocateRequest(1)), ReasonIs("PLAN_STATE"));
  auto unknown_plan = AllocateRequest(1);
  unknown_plan.mutable_allocations(0)->mutable_account()->set_plan_line(
      "provinces/48/plans/q/lines/I-1");
  EXPECT_THAT(Allocate(unknown_plan), CodeIs(absl::StatusCode::kNotFound));
  auto unknown_line = AllocateRequest(1);
  unknown_line.mutable_allocations(0)->mutable_account()->set_plan_line(
      "provinces/48/plans/p/lines/I");
  EXPECT_THAT(Allocate(unknown_line), Refused(absl::StatusCode::kNotFound, "PLAN_LINE_NOT_FOUND"));

  // All bad rows at once.
  auto bad = AllocateRequest(1);
  *bad.add_allocations() = bad.allocations(0);
  bad.mutable_allocations(0)->mutable_account()->set_funding_source("ST_RECURRENT");
  bad.mutable_allocations(1)->mutable_account()->set_budget_year(2021);
  EXPECT_THAT(Allocate(bad), FieldsAre(ElementsAre("allocations[0].account.funding_source",
                                                   "allocations[1].account.budget_year")));
  struct {
    const char* name;
    std::function<void(v1::BatchCreateAllocationsRequest&)> change;
    const char* reason;
  } rows[] = {
      {"nothing", [](auto& r) { r.clear_allocations(); }, "LIST_LENGTH"},
      {"zero", [](auto& r) { r.mutable_allocations(0)->set_amount_vnd(0); }, "AMOUNT_RANGE"},
      {"below zero", [](auto& r) { r.mutable_allocations(0)->set_amount_vnd(-1); }, "AMOUNT_RANGE"},
      {"over 2^53-1", [](auto& r) { r.mutable_allocations(0)->set_amount_vnd(int64_t{1} << 53); },
       "AMOUNT_RANGE"},
      {"no day", [](auto& r) { r.mutable_allocations(0)->clear_acted_on(); }, "DATE"},
      {"another province",
       [](auto& r) {
         r.mutable_allocations(0)->mutable_account()->set_plan_line("provinces/58/plans/p/lines/1");
       },
       "OTHER_PROVINCE"},
      {"no request id", [](auto& r) { r.clear_request_id(); }, "REQUEST_ID"},
  };
  for (const auto& row : rows) {
    auto request = AllocateRequest(1);
    row.change(request);
    EXPECT_EQ(Reason(Allocate(request)), row.reason) << row.name;
  }
}

TEST_F(BudgetingTest, NeverMoreIsAllocatedThanThePlanHas) {
  ASSERT_OK(IssuePlan());
  ASSERT_OK(Allocate(AllocateRequest(799 * kMillion)));
  const auto above = Allocate(AllocateRequest(kMillion + 1));
  EXPECT_THAT(above, Refused(absl::StatusCode::kFailedPrecondition, "ABOVE_PLAN"));
  EXPECT_THAT(above.status(), MetadataIs("planned_vnd", "800000000"));
  EXPECT_THAT(above.status(), MetadataIs("allocated_vnd", "799000000"));
  // All rows or none.
  auto batch = AllocateRequest(kMillion);
  *batch.add_allocations() = batch.allocations(0);
  EXPECT_THAT(Allocate(batch), ReasonIs("ABOVE_PLAN"));
  EXPECT_THAT(Balance(), ElementsAre(799 * kMillion, 0, 0, 0, 799 * kMillion));
  EXPECT_OK(Allocate(AllocateRequest(kMillion)));
  // A line without a figure for the year takes nothing.
  auto blank = AllocateRequest(1);
  blank.mutable_allocations(0)->mutable_account()->set_budget_year(2022);
  EXPECT_THAT(Allocate(blank), ReasonIs("ABOVE_PLAN"));
}

TEST_F(BudgetingTest, RefusalsOfReservations) {
  ASSERT_OK(IssuePlan());
  EXPECT_THAT(Reserve(ReserveRequest(1)),
              Refused(absl::StatusCode::kNotFound, "ACCOUNT_NOT_FOUND"));
  ASSERT_OK(Allocate(AllocateRequest(10 * kMillion)));

  const auto too_much = ReserveRequest(10 * kMillion + 1);
  const auto refused = Reserve(too_much);
  EXPECT_THAT(refused, Refused(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_BUDGET"));
  EXPECT_THAT(refused.status(), MetadataIs("available_vnd", "10000000"));
  EXPECT_THAT(refused.status(), MetadataIs("asked_vnd", "10000001"));
  EXPECT_THAT(refused.status(), MetadataIs("plan_line", kLine));
  EXPECT_THAT(refused.status(), MetadataIs("budget_year", "2023"));
  EXPECT_THAT(refused.status(), MetadataIs("funding_source", "ST_TASK"));
  EXPECT_THAT(status::LocalizedMessageOf(refused.status()),
              ::testing::HasSubstr("10.000.000 đồng"));
  // A refusal stays a refusal for its request id, though the money has come meanwhile.
  ASSERT_OK(Allocate(AllocateRequest(kMillion)));
  EXPECT_THAT(Reserve(too_much), ReasonIs("INSUFFICIENT_BUDGET"));
  EXPECT_OK(Reserve(ReserveRequest(10 * kMillion + 1)));

  struct {
    const char* name;
    std::function<void(v1::CreateReservationRequest&)> change;
    const char* reason;
  } rows[] = {
      {"amount", [](auto& r) { r.mutable_reservation()->set_amount_vnd(0); }, "AMOUNT_RANGE"},
      {"owner", [](auto& r) { r.mutable_reservation()->set_owner("provinces/48/enterprises/e"); },
       "RESOURCE_NAME"},
      {"owner of another province",
       [](auto& r) { r.mutable_reservation()->set_owner("provinces/58/supportCases/s"); },
       "OTHER_PROVINCE"},
      {"line", [](auto& r) { r.mutable_reservation()->mutable_account()->set_plan_line("x"); },
       "RESOURCE_NAME"},
      {"no source",
       [](auto& r) { r.mutable_reservation()->mutable_account()->clear_funding_source(); },
       "FIELD_REQUIRED"},
      {"day", [](auto& r) { *r.mutable_reservation()->mutable_acted_on() = Day(2023, 2, 30); },
       "DATE"},
      {"last day before the act",
       [](auto& r) { *r.mutable_reservation()->mutable_expire_on() = Day(2023, 2, 28); },
       "DATE_ORDER"},
      {"id", [](auto& r) { r.set_reservation_id("a/b"); }, "RESOURCE_ID"},
  };
  for (const auto& row : rows) {
    auto request = ReserveRequest(1);
    row.change(request);
    EXPECT_EQ(Reason(Reserve(request)), row.reason) << row.name;
  }
  auto named = ReserveRequest(1);
  named.set_reservation_id("mine");
  EXPECT_OK(Reserve(named));
  named.set_request_id(NewRequestId());
  EXPECT_THAT(Reserve(named), Refused(absl::StatusCode::kAlreadyExists, "RESERVATION_EXISTS"));
}

TEST_F(BudgetingTest, NoHoldIsBornExpiredAndNoActIsAfterToday) {
  ASSERT_OK(IssuePlan());
  const google::type::Date tomorrow = time::ToDate(time::VietnamDay(absl::Now()) + 1);
  auto allocate = AllocateRequest(100);
  *allocate.mutable_allocations(0)->mutable_acted_on() = tomorrow;
  EXPECT_THAT(Allocate(allocate), ReasonIs("DATE_ORDER"));
  ASSERT_OK(Allocate(AllocateRequest(100)));
  auto late = ReserveRequest(1);
  *late.mutable_reservation()->mutable_acted_on() = Day(2024, 1, 1);
  EXPECT_THAT(Reserve(late), ReasonIs("DATE_ORDER")) << "its last day is 31/12/2023";
  auto ahead = ReserveRequest(1);
  *ahead.mutable_reservation()->mutable_acted_on() = tomorrow;
  *ahead.mutable_reservation()->mutable_expire_on() = tomorrow;
  EXPECT_THAT(Reserve(ahead), ReasonIs("DATE_ORDER"));
}

// What is typed as letter and mark is kept as one.
TEST_F(BudgetingTest, TextsAreKeptInNfc) {
  ASSERT_OK(IssuePlan());
  auto request = AllocateRequest(100);
  request.mutable_allocations(0)->set_decision_number("1/Q\u0110-So\u031b\u0309");
  ASSERT_OK_AND_ASSIGN(const auto allocated, Allocate(request));
  EXPECT_EQ(allocated.allocations(0).decision_number(), "1/QĐ-Sở");
}

TEST_F(BudgetingTest, HoldsEndOnce) {
  ASSERT_OK(IssuePlan());
  ASSERT_OK(Allocate(AllocateRequest(100)));
  ASSERT_OK_AND_ASSIGN(const v1::Reservation held, Reserve(ReserveRequest(60)));
  EXPECT_THAT(Commit(CommitRequest(held.name(), 61)), ReasonIs("EXCEEDS_RESERVED"));
  auto late = CommitRequest(held.name(), 60);
  *late.mutable_acted_on() = Day(2024, 1, 1);
  EXPECT_THAT(Commit(late), ReasonIs("RESERVATION_EXPIRED"));
  EXPECT_THAT(Commit(CommitRequest("provinces/48/reservations/none", 1)),
              CodeIs(absl::StatusCode::kNotFound));

  v1::ReleaseReservationRequest release;
  release.set_name(held.name());
  release.set_reason("rút");
  *release.mutable_acted_on() = Day(2023, 5, 1);
  release.set_request_id(NewRequestId());
  ASSERT_OK(rpc::Call(runner_, *ledger_, &v1::LedgerService::Stub::ReleaseReservation, release));
  EXPECT_THAT(Balance(), ElementsAre(100, 0, 0, 0, 100));
  release.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(runner_, *ledger_, &v1::LedgerService::Stub::ReleaseReservation, release),
              ReasonIs("RESERVATION_STATE"));
  EXPECT_THAT(Commit(CommitRequest(held.name(), 60)), ReasonIs("RESERVATION_STATE"));

  ASSERT_OK_AND_ASSIGN(const v1::Reservation other, Reserve(ReserveRequest(40)));
  v1::ExpireReservationsRequest expire;
  expire.set_parent(kProvince);
  *expire.mutable_before() = Day(2023, 12, 31);
  expire.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(
      auto expired,
      rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ExpireReservations, expire));
  EXPECT_EQ(expired.reservations_size(), 0) << "its last day still holds";
  *expire.mutable_before() = Day(2024, 1, 1);
  expire.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(
      expired, rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ExpireReservations, expire));
  EXPECT_EQ(expired.reservations_size(), 1);
  EXPECT_THAT(Balance(), ElementsAre(100, 0, 0, 0, 100));
  *expire.mutable_before() = Day(2199, 1, 1);
  expire.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ExpireReservations, expire),
              ReasonIs("EXPIRY_IN_FUTURE"));

  ASSERT_OK_AND_ASSIGN(const v1::Reservation third, Reserve(ReserveRequest(50)));
  ASSERT_OK_AND_ASSIGN(const v1::Commitment commitment, Commit(CommitRequest(third.name(), 30)));
  EXPECT_THAT(Balance(), ElementsAre(100, 0, 30, 0, 70));
  v1::ReleaseCommitmentRequest give_back;
  give_back.set_name(commitment.name());
  *give_back.mutable_acted_on() = Day(2023, 6, 1);
  give_back.set_request_id(NewRequestId());
  ASSERT_OK(rpc::Call(runner_, *ledger_, &v1::LedgerService::Stub::ReleaseCommitment, give_back));
  EXPECT_THAT(Balance(), ElementsAre(100, 0, 0, 0, 100));
  give_back.set_request_id(NewRequestId());
  EXPECT_THAT(rpc::Call(runner_, *ledger_, &v1::LedgerService::Stub::ReleaseCommitment, give_back),
              ReasonIs("COMMITMENT_STATE"));
}

TEST_F(BudgetingTest, ListsFilterAndPage) {
  ASSERT_OK(IssuePlan());
  ASSERT_OK(Allocate(AllocateRequest(1'000)));
  for (int i = 0; i < 7; ++i) ASSERT_OK(Reserve(ReserveRequest(i + 1)));
  v1::ListReservationsRequest list;
  list.set_parent(kProvince);
  list.set_page_size(3);
  list.set_filter(
      "state = STATE_ACTIVE AND account.budget_year = 2023 AND owner = "
      "\"provinces/48/supportCases/s\"");
  std::set<std::string> names;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(
        const auto page,
        rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListReservations, list));
    for (const auto& row : page.reservations()) EXPECT_TRUE(names.insert(row.name()).second);
    list.set_page_token(page.next_page_token());
    ASSERT_LT(++pages, 10);
  } while (!list.page_token().empty());
  EXPECT_EQ(names.size(), 7u);
  list.clear_page_token();
  list.set_filter("state = STATE_EXPIRED");
  ASSERT_OK_AND_ASSIGN(
      const auto none,
      rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListReservations, list));
  EXPECT_EQ(none.reservations_size(), 0);
  list.set_filter("amount_vnd = 1");
  EXPECT_THAT(rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListReservations, list),
              ReasonIs("FILTER"));
  list.clear_filter();
  list.set_page_size(-1);
  EXPECT_THAT(rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListReservations, list),
              ReasonIs("PAGE_SIZE"));

  v1::ListBalancesRequest balances;
  for (const char* parent :
       {"provinces/48/plans/p", "provinces/48/plans/-", "provinces/-/plans/-"}) {
    balances.set_parent(parent);
    balances.set_filter("account.budget_year = 2023");
    ASSERT_OK_AND_ASSIGN(
        const auto page,
        rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListBalances, balances));
    EXPECT_EQ(page.balances_size(), 1) << parent;
  }
  v1::ListAllocationsRequest allocations;
  allocations.set_parent("provinces/-");
  allocations.set_filter(absl::StrCat("account.plan_line = \"", kLine, "\""));
  ASSERT_OK_AND_ASSIGN(
      const auto page,
      rpc::Call(peer_, *ledger_, &v1::LedgerService::Stub::ListAllocations, allocations));
  EXPECT_EQ(page.allocations_size(), 1);
}

TEST_F(BudgetingTest, AnotherProvinceSeesNothingWhetherOrNotItExists) {
  ASSERT_OK(IssuePlan());
  const rpc::Peer stranger = door_.As(door_.Token({"dost_officer"}, {"58"}));
  std::set<std::string> answers;
  for (const char* name : {"provinces/48/plans/p", "provinces/48/plans/none"}) {
    v1::GetPlanRequest get;
    get.set_name(name);
    const auto refused = rpc::Call(stranger, *plans_, &v1::PlanService::Stub::GetPlan, get);
    EXPECT_THAT(refused, CodeIs(absl::StatusCode::kPermissionDenied));
    answers.insert(absl::StrCat(refused.status().message(), "|", Reason(refused), "|",
                                status::LocalizedMessageOf(refused.status())));
  }
  EXPECT_EQ(answers.size(), 1u) << "the same answer";
  v1::ListPlansRequest list;
  list.set_parent("provinces/-");
  ASSERT_OK_AND_ASSIGN(const auto plans,
                       rpc::Call(stranger, *plans_, &v1::PlanService::Stub::ListPlans, list));
  EXPECT_EQ(plans.plans_size(), 0);
}

// --- Payments
// -----------------------------------------------------------------------------------------------

TEST_F(BudgetingTest, RefusalsOfPayments) {
  const v1::Commitment commitment = Committed();
  // Nothing of the case has arrived: to be tried again, and the same id may be.
  const auto early = PayRequest(commitment, v1::Payment::KIND_ADVANCE, kMillion);
  EXPECT_THAT(Pay(early), Refused(absl::StatusCode::kFailedPrecondition, "CASE_NOT_VISIBLE"));

  int64_t revision = casework_.Change(CaseIn(cw::SupportCase::STATE_APPROVED));
  auto pay = [&](v1::Payment::Kind kind, int64_t amount) {
    auto request = PayRequest(commitment, kind, amount);
    request.mutable_payment()->set_min_case_revision(revision);
    return Reason(Pay(request));
  };
  EXPECT_EQ(pay(v1::Payment::KIND_ADVANCE, kMillion), "CONTRACT_NOT_ACTIVE");
  revision = casework_.Change(CaseIn(cw::SupportCase::STATE_WITHDRAWAL_PENDING));
  EXPECT_EQ(pay(v1::Payment::KIND_ADVANCE, kMillion), "CASE_SUSPENDED");
  revision = casework_.Change(CaseIn(cw::SupportCase::STATE_CONTRACTED));
  EXPECT_EQ(pay(v1::Payment::KIND_INTERIM, 100 * kMillion + 1), "EXCEEDS_COMMITTED");
  EXPECT_EQ(pay(v1::Payment::KIND_ADVANCE, 30 * kMillion + 1), "ADVANCE_CEILING");
  EXPECT_EQ(pay(v1::Payment::KIND_INTERIM, kMillion), "COUNTERPART_BEHIND");
  revision = casework_.Change(CaseIn(cw::SupportCase::STATE_CONTRACTED, 25 * kMillion));
  EXPECT_EQ(pay(v1::Payment::KIND_FINAL, kMillion), "ACCEPTANCE_MISSING");
  auto closed = PayRequest(commitment, v1::Payment::KIND_INTERIM, kMillion);
  closed.mutable_payment()->set_min_case_revision(revision);
  *closed.mutable_payment()->mutable_acted_on() = Day(2024, 2, 1);
  EXPECT_THAT(Pay(closed), ReasonIs("YEAR_CLOSED"));
  EXPECT_THAT(Balance(), ElementsAre(800 * kMillion, 0, 100 * kMillion, 0, 700 * kMillion));
  EXPECT_OK(Pay(early)) << "late facts were no answer to keep";
  EXPECT_EQ(pay(v1::Payment::KIND_INTERIM, kMillion), "ETAG_MISMATCH");

  struct {
    const char* name;
    std::function<void(v1::CreatePaymentRequest&)> change;
    const char* reason;
  } rows[] = {
      {"no documents", [](auto& r) { r.mutable_payment()->clear_document_numbers(); },
       "LIST_LENGTH"},
      {"a document number that reads backwards",
       [](auto& r) { r.mutable_payment()->set_document_numbers(0, "01\u202E10"); }, "INVALID_TEXT"},
      {"no kind", [](auto& r) { r.mutable_payment()->clear_kind(); }, "ENUM_VALUE"},
      {"no amount", [](auto& r) { r.mutable_payment()->clear_amount_vnd(); }, "AMOUNT_RANGE"},
      {"no etag", [](auto& r) { r.clear_commitment_etag(); }, "FIELD_REQUIRED"},
      {"no such commitment",
       [](auto& r) { r.mutable_payment()->set_commitment("provinces/48/commitments/none"); },
       "NOT_FOUND"},
      {"another province's",
       [](auto& r) { r.mutable_payment()->set_commitment("provinces/58/commitments/c"); },
       "OTHER_PROVINCE"},
  };
  for (const auto& row : rows) {
    auto request = PayRequest(commitment, v1::Payment::KIND_INTERIM, 1);
    row.change(request);
    const auto refused = Pay(request);
    if (std::string(row.reason) == "NOT_FOUND") {
      EXPECT_THAT(refused, CodeIs(absl::StatusCode::kNotFound));
    } else {
      EXPECT_EQ(Reason(refused), row.reason) << row.name;
    }
  }
  // A revision that casework has not reached yet.
  auto ahead = PayRequest(*GetCommitment(commitment.name()), v1::Payment::KIND_INTERIM, kMillion);
  ahead.mutable_payment()->set_min_case_revision(revision + 1);
  EXPECT_THAT(Pay(ahead), ReasonIs("CASE_NOT_VISIBLE"));
}

TEST_F(BudgetingTest, AnActivityThatWasHeldIsPaidInFull) {
  ASSERT_OK(IssuePlan());
  ASSERT_OK(Allocate(AllocateRequest(100)));
  auto reserve = ReserveRequest(100);
  reserve.mutable_reservation()->set_owner("provinces/48/activities/a");
  ASSERT_OK_AND_ASSIGN(const v1::Reservation held, Reserve(reserve));
  ASSERT_OK_AND_ASSIGN(const v1::Commitment commitment, Commit(CommitRequest(held.name(), 100)));
  cw::Activity activity;
  activity.set_name("provinces/48/activities/a");
  activity.set_state(cw::Activity::STATE_OPEN);
  auto final = PayRequest(commitment, v1::Payment::KIND_FINAL, 100);
  final.mutable_payment()->set_min_case_revision(casework_.Change(activity));
  EXPECT_THAT(Pay(final), ReasonIs("ACCEPTANCE_MISSING"));
  activity.set_state(cw::Activity::STATE_HELD);
  final.mutable_payment()->set_min_case_revision(casework_.Change(activity));
  final.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Payment paid, Pay(final));
  EXPECT_TRUE(paid.last());
  v1::GetPaymentRequest get;
  get.set_name(paid.name());
  EXPECT_OK(rpc::Call(peer_, *payments_, &v1::PaymentService::Stub::GetPayment, get));
  v1::ListPaymentsRequest list;
  list.set_parent(kProvince);
  list.set_filter("kind = KIND_FINAL");
  ASSERT_OK_AND_ASSIGN(const auto page,
                       rpc::Call(peer_, *payments_, &v1::PaymentService::Stub::ListPayments, list));
  EXPECT_EQ(page.payments_size(), 1);
}

// --- Many at once
// -------------------------------------------------------------------------------------------

TEST_F(BudgetingTest, ManyClientsRaceForTheLastDong) {
  constexpr int kClients = 64;
  constexpr int64_t kMoney = 1'000;
  ASSERT_OK(IssuePlan());
  ASSERT_OK(Allocate(AllocateRequest(kMoney)));
  std::atomic<int64_t> held{0};
  std::atomic<int> refused{0}, other{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      for (int n = 0; n < 5; ++n) {
        const auto request = ReserveRequest(1 + (c * 7 + n * 13) % 17);
        const auto answer = Reserve(request);
        if (answer.ok()) {
          held += answer->amount_vnd();
        } else if (status::ReasonOf(answer.status()) == "INSUFFICIENT_BUDGET") {
          ++refused;
        } else {
          ++other;
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(other, 0);
  EXPECT_GT(refused, 0);
  EXPECT_LE(held, kMoney);
  EXPECT_THAT(Balance(), ElementsAre(kMoney, held.load(), 0, 0, kMoney - held));
  while (held < kMoney) {  // to the last đồng
    ASSERT_OK(Reserve(ReserveRequest(1)));
    ++held;
  }
  EXPECT_THAT(Reserve(ReserveRequest(1)), ReasonIs("INSUFFICIENT_BUDGET"));
  auto care = v1::StoreService::NewStub(peer_.channel);
  const rpc::Peer operator_ = door_.As(door_.Token({"operator"}, {"*"}));
  EXPECT_OK(rpc::Call(operator_, *care, &v1::StoreService::Stub::VerifyStore,
                      nscl::store::v1::VerifyStoreRequest()));
}

}  // namespace
}  // namespace nscl::budgeting
