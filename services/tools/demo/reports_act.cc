#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "nscl/casework/v1/event_service.pb.h"
#include "nscl/reporting/v1/report_service.pb.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {
namespace {

namespace bd = budgeting::v1;
namespace cw = casework::v1;
namespace rp = reporting::v1;

class ReportsAct {
 public:
  explicit ReportsAct(Stage& stage) : stage_(stage) {}

  template <typename Response>
  absl::StatusOr<rp::FeedPosition> HeadOf(absl::string_view service, absl::string_view parent) {
    event::v1::ListEventsRequest request;
    request.set_parent(std::string(parent));
    request.set_page_size(1);
    ASSIGN_OR_RETURN(Response response,
                     stage_.door().Call<Response>(
                         absl::StrCat("nscl.", service, ".v1.EventService.ListEvents"), request));
    rp::FeedPosition position;
    position.set_service(std::string(service));
    position.set_epoch(response.epoch());
    position.set_position(response.head_position());
    return position;
  }

  absl::StatusOr<rp::Report> BuildReport(const std::string& parent, const std::string& plan,
                                         int year) {
    const std::string id = absl::StrCat("annual-", year);
    rp::GetReportRequest get;
    get.set_name(absl::StrCat(parent, "/reports/", id));
    absl::StatusOr<rp::Report> found =
        stage_.door().Call<rp::Report>("nscl.reporting.v1.ReportService.GetReport", get);
    if (found.ok()) {
      stage_.Found("report ", found->name());
      return found;
    }
    if (!absl::IsNotFound(found.status())) return found.status();
    rp::CreateReportRequest request;
    request.set_parent(parent);
    request.set_plan(plan);
    request.set_year(year);
    request.set_report_id(id);
    ASSIGN_OR_RETURN(*request.add_min_as_of(), HeadOf<bd::ListEventsResponse>("budgeting", parent));
    ASSIGN_OR_RETURN(*request.add_min_as_of(), HeadOf<cw::ListEventsResponse>("casework", parent));
    const absl::Time give_up = absl::Now() + stage_.options().patience;
    for (int attempt = 0;; ++attempt) {
      // A refusal is kept for its request id: asking again is a new command.
      request.set_request_id(RequestId(
          absl::StrCat("report ", parent, year, absl::ToUnixMicros(absl::Now()), attempt)));
      absl::StatusOr<rp::Report> report =
          stage_.door().Call<rp::Report>("nscl.reporting.v1.ReportService.CreateReport", request);
      if (report.ok()) stage_.Did("report ", report->name());
      if (report.ok() || status::ReasonOf(report.status()) != "NOT_CAUGHT_UP" ||
          absl::Now() > give_up)
        return report;
      stage_.Pause();
    }
  }

 private:
  Stage& stage_;
};

}  // namespace

absl::Status PlayReports(Stage& stage) {
  ReportsAct act(stage);
  ScenarioResult& result = stage.result();
  ASSIGN_OR_RETURN(result.danang_report, act.BuildReport(kDaNang, kDaNangPlan, kDaNangYear));
  ASSIGN_OR_RETURN(result.ninhthuan_report,
                   act.BuildReport(kNinhThuan, kNinhThuanPlan, kNinhThuanYear));
  return absl::OkStatus();
}

}  // namespace nscl::tools
