#include "services/reporting/rpc/report_service.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resource/filter.h"
#include "common/resource/id.h"
#include "common/resource/mask.h"
#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "common/store/list_over.h"
#include "common/time/legal_date.h"
#include "services/reporting/domain/annual_report.h"
#include "services/reporting/errors.h"
#include "services/reporting/store/keys.h"
#include "services/reporting/store/projection.h"

namespace nscl::reporting {
namespace {

// A page of reports ends before it outgrows a message (rpc::limits::kMaxSendBytes), with room for
// the frame.
constexpr size_t kMaxPageBytes = size_t{3} << 20;

const resource::NamePattern& PlanPattern() {
  static const auto& pattern = *new resource::NamePattern("provinces/{province}/plans/{plan}");
  return pattern;
}

absl::Status CheckRequest(const v1::CreateReportRequest& request) {
  RETURN_IF_ERROR(PlanPattern().Parse(request.plan(), "plan").status());
  if (absl::StrCat("provinces/", resource::ProvinceOf(request.plan())) != request.parent()) {
    return errors::PlanOfOtherProvince(request.parent(), request.plan());
  }
  if (!request.report_id().empty()) {
    RETURN_IF_ERROR(resource::CheckId(request.report_id(), "report_id"));
  }
  return absl::OkStatus();
}

// The feeds were followed at least as far as the caller has seen.
absl::Status CheckCaughtUp(const store::Reader& reader, const v1::CreateReportRequest& request) {
  for (const v1::FeedPosition& asked : request.min_as_of()) {
    bool followed = false;
    for (absl::string_view feed : rows::kFeeds) followed |= feed == asked.service();
    if (!followed) return errors::UnknownFeed(asked.service());
    ASSIGN_OR_RETURN(v1::FeedPosition position, rows::PositionOf(reader, asked.service()));
    // Epoch 0: the caller does not compare epochs; ours at 0: nothing was followed yet.
    if (asked.epoch() != 0 && asked.epoch() < position.epoch()) {
      return errors::EpochChanged(asked.service(), asked.epoch(), position.epoch());
    }
    if (asked.epoch() > position.epoch() || asked.position() > position.position()) {
      return errors::NotCaughtUp(asked.service(), asked.epoch(), asked.position(), position.epoch(),
                                 position.position());
    }
  }
  return absl::OkStatus();
}

}  // namespace

ReportService::ReportService(rpc::Door& door, store::Store& store,
                             const domain::Catalogue& catalogue, const time::Clock& clock,
                             const resource::PageTokens& page_tokens,
                             std::function<v1::FollowStatus()> follow_status)
    : door_(door),
      store_(store),
      catalogue_(catalogue),
      clock_(clock),
      page_tokens_(page_tokens),
      follow_status_(std::move(follow_status)),
      reports_(rows::kReports) {}

absl::StatusOr<v1::Report> ReportService::Build(const v1::CreateReportRequest& request) const {
  RETURN_IF_ERROR(CheckRequest(request));
  const std::unique_ptr<store::Snapshot> snapshot = store_.TakeSnapshot();
  RETURN_IF_ERROR(CheckCaughtUp(*snapshot, request));
  ASSIGN_OR_RETURN(domain::ReportFacts facts,
                   rows::FactsOf(*snapshot, request.plan(), request.year()));
  ASSIGN_OR_RETURN(v1::Report report, domain::BuildAnnualReport(facts, catalogue_, request.year(),
                                                                time::VietnamDay(clock_.Now())));
  const std::string id =
      request.report_id().empty() ? resource::NewId(clock_.Now()) : request.report_id();
  report.set_name(absl::StrCat(request.parent(), "/reports/", id));
  return report;
}

grpc::ServerUnaryReactor* ReportService::CreateReport(grpc::CallbackServerContext* context,
                                                      const v1::CreateReportRequest* request,
                                                      v1::Report* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call& call, const v1::CreateReportRequest& request,
                            rpc::Done<v1::Report> done) {
                       // Reading and counting go on here, from a snapshot; the writer only puts
                       // what was built. A refusal waits for the writer too, because a known
                       // request id is answered with what was kept.
                       auto built = std::make_shared<absl::StatusOr<v1::Report>>(Build(request));
                       store::Change<v1::Report>(
                           store_, call, request, request.parent(), store::Retention::kThirtyDays,
                           [this, built](store::Txn& txn) -> absl::StatusOr<v1::Report> {
                             RETURN_IF_ERROR(built->status());
                             return reports_.Insert(txn, **built);
                           },
                           std::move(done));
                     });
}

grpc::ServerUnaryReactor* ReportService::GetReport(grpc::CallbackServerContext* context,
                                                   const v1::GetReportRequest* request,
                                                   v1::Report* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call&, const v1::GetReportRequest& request) -> absl::StatusOr<v1::Report> {
        ASSIGN_OR_RETURN(v1::Report report, reports_.Get(*store_.TakeSnapshot(), request.name()));
        RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &report));
        return report;
      });
}

grpc::ServerUnaryReactor* ReportService::ListReports(grpc::CallbackServerContext* context,
                                                     const v1::ListReportsRequest* request,
                                                     v1::ListReportsResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call,
             const v1::ListReportsRequest& request) -> absl::StatusOr<v1::ListReportsResponse> {
        RETURN_IF_ERROR(resource::CheckReadMask(request.read_mask(), v1::Report::descriptor()));
        ASSIGN_OR_RETURN(int page_size, resource::PageSize(request.page_size()));
        ASSIGN_OR_RETURN(
            resource::Filter filter,
            resource::Filter::Parse(request.filter(), v1::Report::descriptor(), {"plan", "year"}));
        ASSIGN_OR_RETURN(std::string after,
                         page_tokens_.Read(call.method, call.caller.actor, request));
        ASSIGN_OR_RETURN(
            store::Page<v1::Report> page,
            store::ListInScope<v1::Report>(
                reports_, *store_.TakeSnapshot(), call.caller, request.parent(), after, page_size,
                [&](const v1::Report& row) { return filter.Matches(row); }));
        v1::ListReportsResponse listed;
        size_t bytes = 0;
        std::string last;  // name of the report before; the mask may leave it out of the answer
        for (v1::Report& report : page.rows) {
          std::string name = report.name();
          RETURN_IF_ERROR(resource::ApplyReadMask(request.read_mask(), &report));
          bytes += report.ByteSizeLong();
          if (bytes > kMaxPageBytes && listed.reports_size() > 0) {
            ASSIGN_OR_RETURN(page.last_key, rows::KeyOf(rows::kReports.kind, last));
            break;
          }
          last = std::move(name);
          *listed.add_reports() = std::move(report);
        }
        listed.set_next_page_token(
            page_tokens_.Make(call.method, call.caller.actor, request, page.last_key));
        return listed;
      });
}

grpc::ServerUnaryReactor* ReportService::GetFollowStatus(grpc::CallbackServerContext* context,
                                                         const v1::GetFollowStatusRequest* request,
                                                         v1::FollowStatus* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call&, const v1::GetFollowStatusRequest&)
                         -> absl::StatusOr<v1::FollowStatus> { return follow_status_(); });
}

}  // namespace nscl::reporting
