#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "nscl/casework/v1/activity_service.pb.h"
#include "services/tools/demo/enterprises.h"
#include "services/tools/demo/pay.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;
namespace cw = casework::v1;

class TrainingAct {
 public:
  explicit TrainingAct(Stage& stage) : stage_(stage) {}

  absl::StatusOr<cw::Activity> GetActivity(const std::string& name) {
    cw::GetActivityRequest request;
    request.set_name(name);
    return stage_.door().Call<cw::Activity>("nscl.casework.v1.ActivityService.GetActivity",
                                            request);
  }

  template <typename Request>
  absl::StatusOr<cw::Activity> ActivityArrow(absl::string_view method, const cw::Activity& a,
                                             Request request) {
    request.set_name(a.name());
    request.set_etag(a.etag());
    request.set_request_id(RequestId(absl::StrCat(method, " ", a.name(), " ", a.etag())));
    return stage_.door().Call<cw::Activity>(
        absl::StrCat("nscl.casework.v1.ActivityService.", method), request);
  }

  absl::StatusOr<cw::Activity> PlanTraining() {
    cw::CreateActivityRequest request;
    request.set_parent(kNinhThuan);
    request.set_activity_id("nt-2024-lop-nscl");
    request.set_request_id(RequestId("plan training"));
    cw::Activity& a = *request.mutable_activity();
    a.set_title(
        "Lớp tập huấn chuyên sâu các kiến thức về quản lý năng suất chất lượng cho doanh nghiệp");
    a.set_kind(cw::Activity::KIND_CLASS);
    a.set_plan_line(absl::StrCat(kNinhThuanPlan, "/lines/1"));
    a.set_budget_year(kNinhThuanYear);
    a.set_funding_source("ST_RECURRENT");
    a.set_lead_unit("Chi cục Tiêu chuẩn Đo lường Chất lượng");
    a.set_days(1);
    a.set_planned_participants(50);
    a.set_demo(true);
    return stage_.door().Call<cw::Activity>("nscl.casework.v1.ActivityService.CreateActivity",
                                            request);
  }

  absl::Status RunTraining() {
    const std::string name = absl::StrCat(kNinhThuan, "/activities/nt-2024-lop-nscl");
    absl::StatusOr<cw::Activity> current = GetActivity(name);
    if (!current.ok() && !absl::IsNotFound(current.status())) return current.status();
    if (current.ok() && current->state() == cw::Activity::STATE_SETTLED) {
      stage_.Found("class ", name, ", settled, ", current->attendances_size(), " turns");
      stage_.result().training = *std::move(current);
      return absl::OkStatus();
    }
    if (!current.ok()) current = PlanTraining();
    RETURN_IF_ERROR(current.status());
    cw::Activity a = *std::move(current);
    const absl::Time give_up = absl::Now() + stage_.options().patience;
    while (a.state() != cw::Activity::STATE_SETTLED) {
      if (a.state() == cw::Activity::STATE_APPROVAL_PENDING ||
          a.state() == cw::Activity::STATE_SETTLEMENT_PENDING) {
        if (absl::Now() > give_up)
          return absl::DeadlineExceededError(
              absl::StrCat(name, " stays ", cw::Activity::State_Name(a.state())));
        stage_.Pause();
        ASSIGN_OR_RETURN(a, GetActivity(name));
        continue;
      }
      ASSIGN_OR_RETURN(a, NextTrainingStep(a));
    }
    stage_.Did("class ", name, ": settled, ", a.attendances_size(), " turns, paid ", a.paid_vnd(),
               " đồng");
    stage_.result().training = std::move(a);
    return absl::OkStatus();
  }

  absl::StatusOr<cw::Activity> NextTrainingStep(const cw::Activity& a) {
    switch (a.state()) {
      case cw::Activity::STATE_PLANNED: {
        cw::EstimateActivityRequest r;
        r.set_estimate_vnd(41'540'000);  // the plan's figure for line 1
        *r.mutable_acted_on() = Day(2024, 4, 2);
        return ActivityArrow("EstimateActivity", a, r);
      }
      case cw::Activity::STATE_ESTIMATED: {
        if (a.has_last_refusal()) {
          return absl::FailedPreconditionError(
              absl::StrCat(a.name(), ": ", a.last_refusal().message()));
        }
        cw::ApproveActivityRequest r;
        r.mutable_decision()->set_document_number("44/QĐ-SKHCN");
        *r.mutable_decision()->mutable_decided_on() = Day(2024, 4, 10);
        return ActivityArrow("ApproveActivity", a, r);
      }
      case cw::Activity::STATE_APPROVED: {
        cw::OpenActivityRequest r;
        *r.mutable_first_day() = Day(2024, 5, 16);
        r.set_place("Hội trường Sở Khoa học và Công nghệ");
        return ActivityArrow("OpenActivity", a, r);
      }
      case cw::Activity::STATE_OPEN: {
        if (a.attendances_size() == 0) return RecordAttendance(a);
        cw::HoldActivityRequest r;
        r.set_completion_number("05/BB-TH");
        *r.mutable_acted_on() = Day(2024, 5, 16);
        return ActivityArrow("HoldActivity", a, r);
      }
      default: {
        RETURN_IF_ERROR(Pay(stage_, a, bd::Payment::KIND_FINAL, 41'000'000, Day(2024, 6, 3)));
        cw::SettleActivityRequest r;
        r.set_document_number("07/QT-2024");
        *r.mutable_acted_on() = Day(2024, 6, 28);
        // The payment reaches casework by budgeting's feed; until then the settlement is refused.
        const absl::Time give_up = absl::Now() + stage_.options().patience;
        while (true) {
          ASSIGN_OR_RETURN(cw::Activity now, GetActivity(a.name()));
          if (now.paid_vnd() > 0) return ActivityArrow("SettleActivity", now, r);
          if (absl::Now() > give_up)
            return absl::DeadlineExceededError("the payment of the class did not arrive");
          stage_.Pause();
        }
      }
    }
  }

  absl::StatusOr<cw::Activity> RecordAttendance(const cw::Activity& a) {
    cw::RecordAttendanceRequest r;
    std::vector<std::string> enterprises;
    for (const DemoEnterprise& row : kEnterprises) {
      if (row.province == "58")
        enterprises.push_back(absl::StrCat(kNinhThuan, "/enterprises/", row.id));
    }
    for (int i = 1; i <= 48; ++i) {  // 50 were planned
      cw::Attendance* row = r.add_attendances();
      row->set_list_number(absl::StrFormat("%02d", i));
      row->set_hours_tenths(75);
      row->set_completed(true);
      bool department = i > 40;
      row->set_organisation_kind(department ? cw::Attendance::ORGANISATION_KIND_DEPARTMENT
                                            : cw::Attendance::ORGANISATION_KIND_ENTERPRISE);
      if (!department)
        row->set_enterprise(enterprises[static_cast<size_t>(i) % enterprises.size()]);
    }
    return ActivityArrow("RecordAttendance", a, r);
  }

 private:
  Stage& stage_;
};

}  // namespace

absl::Status PlayTraining(Stage& stage) { return TrainingAct(stage).RunTraining(); }

}  // namespace nscl::tools
