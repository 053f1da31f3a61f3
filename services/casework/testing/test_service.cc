#include "services/casework/testing/test_service.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace nscl::casework {
namespace {

using Case = v1::SupportCase;

template <typename M, typename Get>
M WaitFor(store::Store& store, const std::function<bool(const M&)>& is, Get get) {
  M current;
  for (;;) {
    const int64_t position = store.TakeSnapshot()->event_position();
    current = get();
    if (is(current)) return current;
    struct Wake {
      std::mutex mutex;
      std::condition_variable changed;
      bool woken = false;
    };
    auto wake = std::make_shared<Wake>();
    const int64_t token = store.WaitForEvents(position, [wake] {
      std::lock_guard lock(wake->mutex);
      wake->woken = true;
      wake->changed.notify_all();
    });
    bool woken;
    {
      std::unique_lock lock(wake->mutex);
      woken = wake->changed.wait_for(lock, std::chrono::seconds(20), [&] { return wake->woken; });
    }
    store.CancelWait(token);
    if (!woken) {
      ADD_FAILURE() << "waited for in vain: " << current.ShortDebugString();
      return current;
    }
  }
}

}  // namespace

google::type::Date On(int year, int month, int day) {
  google::type::Date date;
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

std::string TestService::RequestId() {
  static std::atomic<int64_t> last{0};
  return store::RequestId(++last);
}

std::vector<std::string> TestService::Roles() {
  return {"dost_officer", "dost_leader", "national_reader"};
}

TestService::TestService() {
  peers_.Serve(folder_.path());
  Open();
}

TestService::~TestService() { Close(); }

void TestService::Open() {
  door_ = std::make_unique<rpc::TestDoor>("casework");
  Options options;
  options.data_dir = folder_.path();
  options.catalogue_dir =
      catalogue_dir_.empty() ? NSCL_SOURCE_DIR "/deploy/catalogue" : catalogue_dir_;
  options.init = true;
  options.door = &door_->door();
  options.registry = options.budgeting = peers_.peer();
  options.seed = 1;
  absl::StatusOr<std::unique_ptr<Service>> service = Service::Open(std::move(options));
  if (!service.ok()) {
    ADD_FAILURE() << service.status();
    std::abort();
  }
  service_ = *std::move(service);
  officer_ = door_->Serve(service_->grpc_services(), door_->Token(Roles(), {"48", "58"}));
  service_->Start();
}

void TestService::Close() {
  officer_ = rpc::Peer();
  door_->Stop();
  service_->Stop();
  service_.reset();
  door_.reset();
}

void TestService::Restart(const std::function<void()>& between) {
  Close();
  between();
  Open();
}

Case TestService::GetCase(const std::string& name) {
  v1::GetSupportCaseRequest request;
  request.set_name(name);
  absl::StatusOr<Case> found = Call(&Cases::GetSupportCase, request);
  EXPECT_TRUE(found.ok()) << found.status();
  return found.ok() ? *found : Case();
}

v1::Activity TestService::GetActivity(const std::string& name) {
  v1::GetActivityRequest request;
  request.set_name(name);
  absl::StatusOr<v1::Activity> found = Call(&Activities::GetActivity, request);
  EXPECT_TRUE(found.ok()) << found.status();
  return found.ok() ? *found : v1::Activity();
}

Case TestService::WaitForCase(const std::string& name, const std::function<bool(const Case&)>& is) {
  return WaitFor<Case>(store(), is, [&] { return GetCase(name); });
}

Case TestService::WaitForState(const std::string& name, Case::State state) {
  return WaitForCase(name, [state](const Case& c) { return c.state() == state; });
}

v1::Activity TestService::WaitForActivity(const std::string& name,
                                          const std::function<bool(const v1::Activity&)>& is) {
  return WaitFor<v1::Activity>(store(), is, [&] { return GetActivity(name); });
}

v1::Activity TestService::WaitForState(const std::string& name, v1::Activity::State state) {
  return WaitForActivity(name, [state](const v1::Activity& a) { return a.state() == state; });
}

absl::StatusOr<Case> TestService::NextStep(const Case& c) {
  const auto send = [&](auto method, auto request) {
    request.set_name(c.name());
    request.set_etag(c.etag());
    request.set_request_id(RequestId());
    return Call(method, request);
  };
  switch (c.state()) {
    case Case::STATE_NEED_REGISTERED: {
      v1::SubmitSupportCaseRequest r;
      r.add_document_numbers("1/ĐN");
      *r.mutable_acted_on() = On(2023, 2, 10);
      return send(&Cases::SubmitSupportCase, r);
    }
    case Case::STATE_SUBMITTED: {
      v1::AcceptDossierRequest r;
      *r.mutable_acted_on() = On(2023, 2, 12);
      return send(&Cases::AcceptDossier, r);
    }
    case Case::STATE_INCOMPLETE: {
      v1::ResubmitSupportCaseRequest r;
      r.add_document_numbers("2/ĐN");
      *r.mutable_acted_on() = On(2023, 2, 11);
      return send(&Cases::ResubmitSupportCase, r);
    }
    case Case::STATE_UNDER_SURVEY: {
      v1::RecordSurveyRequest r;
      *r.mutable_survey()->mutable_surveyed_on() = On(2023, 2, 20);
      r.mutable_survey()->set_baseline("Chưa có hệ thống quản lý");
      r.mutable_survey()->set_needs("ISO 9001");
      return send(&Cases::RecordSurvey, r);
    }
    case Case::STATE_SURVEYED: {
      v1::DecideEligibleRequest r;
      r.mutable_decision()->set_document_number("3/QĐ");
      *r.mutable_decision()->mutable_decided_on() = On(2023, 2, 25);
      return send(&Cases::DecideEligible, r);
    }
    case Case::STATE_ELIGIBLE:
    case Case::STATE_REVISION_REQUESTED: {
      v1::SubmitOutlineRequest r;
      r.mutable_outline()->set_summary("Xây dựng và áp dụng ISO 9001:2015");
      r.mutable_outline()->set_total_cost_vnd(150);
      r.mutable_outline()->set_state_part_vnd(100);
      r.mutable_outline()->set_enterprise_part_vnd(50);
      *r.mutable_outline()->mutable_estimated_on() = On(2023, 3, 1);
      return send(&Cases::SubmitOutline, r);
    }
    case Case::STATE_OUTLINE_SUBMITTED: {
      v1::AppraiseEstimateRequest r;
      r.mutable_minutes()->set_document_number("4/BB");
      *r.mutable_minutes()->mutable_held_on() = On(2023, 3, 10);
      return send(&Cases::AppraiseEstimate, r);
    }
    case Case::STATE_APPRAISED: {
      v1::SelectByCouncilRequest r;
      r.mutable_minutes()->set_document_number("5/BB");
      *r.mutable_minutes()->mutable_held_on() = On(2023, 3, 20);
      r.mutable_minutes()->set_members(9);
      r.mutable_minutes()->set_members_present(9);
      r.mutable_minutes()->set_votes_for(8);
      return send(&Cases::SelectByCouncil, r);
    }
    case Case::STATE_SELECTED: {
      v1::ApproveSupportCaseRequest r;
      r.set_approved_vnd(100);
      r.mutable_decision()->set_document_number("12/QĐ-SKHCN");
      *r.mutable_decision()->mutable_decided_on() = On(2023, 4, 1);
      return send(&Cases::ApproveSupportCase, r);
    }
    case Case::STATE_APPROVED: {
      v1::SignContractRequest r;
      r.mutable_contract()->set_contract_number("7/HĐ");
      *r.mutable_contract()->mutable_signed_on() = On(2023, 4, 20);
      r.mutable_contract()->set_state_part_vnd(60);
      r.mutable_contract()->set_advance_limit_vnd(30);
      return send(&Cases::SignContract, r);
    }
    case Case::STATE_CONTRACTED: {
      v1::StartSupportCaseRequest r;
      *r.mutable_acted_on() = On(2023, 5, 1);
      return send(&Cases::StartSupportCase, r);
    }
    case Case::STATE_IN_PROGRESS: {
      v1::SubmitResultsRequest r;
      r.add_document_numbers("8/BC");
      *r.mutable_acted_on() = On(2023, 10, 1);
      return send(&Cases::SubmitResults, r);
    }
    case Case::STATE_DELIVERED: {
      v1::AcceptResultsRequest r;
      r.mutable_acceptance()->set_document_number("9/BB");
      *r.mutable_acceptance()->mutable_accepted_on() = On(2023, 10, 15);
      return send(&Cases::AcceptResults, r);
    }
    case Case::STATE_PAID: {
      v1::LiquidateSupportCaseRequest r;
      r.set_document_number("10/TL");
      *r.mutable_acted_on() = On(2023, 11, 1);
      return send(&Cases::LiquidateSupportCase, r);
    }
    case Case::STATE_LIQUIDATED: {
      v1::SettleSupportCaseRequest r;
      r.set_document_number("11/QT");
      *r.mutable_acted_on() = On(2023, 12, 20);
      return send(&Cases::SettleSupportCase, r);
    }
    default:
      return absl::InternalError(absl::StrCat("no step from ", Case::State_Name(c.state())));
  }
}

Case TestService::CaseAt(Case::State state, const std::string& id) {
  v1::CreateSupportCaseRequest r;
  r.set_parent("provinces/48");
  r.set_support_case_id(id);
  r.set_request_id(RequestId());
  Case& asked = *r.mutable_support_case();
  asked.set_enterprise(absl::StrCat("provinces/48/enterprises/of-", id));
  asked.mutable_content()->set_family("MANAGEMENT_SYSTEM");
  asked.mutable_content()->set_catalogue_name("ISO 9001:2015");
  asked.set_plan_line("provinces/48/plans/p1/lines/L1");
  asked.set_budget_year(2023);
  asked.set_funding_source("ST_RECURRENT");
  *asked.mutable_received_on() = On(2023, 2, 1);
  absl::StatusOr<Case> current = Call(&Cases::CreateSupportCase, r);
  while (current.ok() && current->state() != state) {
    switch (current->state()) {
      case Case::STATE_APPROVAL_PENDING:
        current = WaitForState(current->name(), Case::STATE_APPROVED);
        break;
      case Case::STATE_CONTRACT_PENDING:
        current = WaitForState(current->name(), Case::STATE_CONTRACTED);
        break;
      case Case::STATE_ACCEPTED:
        peers_.AddPayment(current->name(), 60, /*final=*/true, /*last=*/true);
        current = WaitForState(current->name(), Case::STATE_PAID);
        break;
      default:
        current = NextStep(*current);
    }
    if (::testing::Test::HasFailure()) break;
  }
  EXPECT_TRUE(current.ok()) << current.status();
  return current.ok() ? *current : Case();
}

v1::Activity TestService::ActivityAt(v1::Activity::State state, const std::string& id) {
  using v1::Activity;
  v1::CreateActivityRequest create;
  create.set_parent("provinces/58");
  create.set_activity_id(id);
  create.set_request_id(RequestId());
  Activity& asked = *create.mutable_activity();
  asked.set_title("Lớp tập huấn năng suất chất lượng");
  asked.set_kind(Activity::KIND_CLASS);
  asked.set_plan_line("provinces/58/plans/p1/lines/L1");
  asked.set_budget_year(2024);
  asked.set_funding_source("ST_RECURRENT");
  absl::StatusOr<Activity> current = Call(&Activities::CreateActivity, create);
  const auto send = [&](auto method, auto request) {
    request.set_name(current->name());
    request.set_etag(current->etag());
    request.set_request_id(RequestId());
    current = Call(method, request);
  };
  while (current.ok() && current->state() != state) {
    switch (current->state()) {
      case Activity::STATE_PLANNED: {
        v1::EstimateActivityRequest r;
        r.set_estimate_vnd(100);
        *r.mutable_acted_on() = On(2024, 4, 1);
        send(&Activities::EstimateActivity, r);
        break;
      }
      case Activity::STATE_ESTIMATED: {
        v1::ApproveActivityRequest r;
        r.mutable_decision()->set_document_number("5/QĐ");
        *r.mutable_decision()->mutable_decided_on() = On(2024, 4, 5);
        send(&Activities::ApproveActivity, r);
        break;
      }
      case Activity::STATE_APPROVAL_PENDING:
        current = WaitForState(current->name(), Activity::STATE_APPROVED);
        break;
      case Activity::STATE_APPROVED: {
        v1::OpenActivityRequest r;
        *r.mutable_first_day() = On(2024, 5, 1);
        r.set_place("Phan Rang");
        send(&Activities::OpenActivity, r);
        break;
      }
      case Activity::STATE_OPEN: {
        if (current->attendances().empty()) {
          v1::RecordAttendanceRequest r;
          r.add_attendances()->set_list_number("1");
          r.mutable_attendances(0)->set_organisation_kind(
              v1::Attendance::ORGANISATION_KIND_COMMUNE);
          send(&Activities::RecordAttendance, r);
          break;
        }
        v1::HoldActivityRequest r;
        r.set_completion_number("6/BB");
        *r.mutable_acted_on() = On(2024, 5, 2);
        send(&Activities::HoldActivity, r);
        break;
      }
      default:
        current = absl::InternalError("no step");
    }
    if (::testing::Test::HasFailure()) break;
  }
  EXPECT_TRUE(current.ok()) << current.status();
  return current.ok() ? *current : Activity();
}

}  // namespace nscl::casework
