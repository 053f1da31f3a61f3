#include "services/casework/rpc/activity_handlers.h"

#include <utility>

namespace nscl::casework {
namespace {

using v1::Activity;

constexpr absl::string_view kFilterable[] = {"state", "kind", "plan_line", "budget_year", "demo"};
constexpr int kLongFields[] = {Activity::kActsFieldNumber, Activity::kAttendancesFieldNumber};

}  // namespace

absl::Status ActivityHandlers::CheckCodes(const Activity& asked) const {
  status::Violations v;
  workflow_.catalogue->CheckFundingSource(v, "activity.funding_source", asked.funding_source(),
                                          asked.budget_year());
  return v.ToStatus();
}

grpc::ServerUnaryReactor* ActivityHandlers::GetActivity(Context* context,
                                                        const v1::GetActivityRequest* request,
                                                        Activity* response) {
  return rpc::Handle(*workflow_.door, context, request, response,
                     [this](const auth::Call&, const v1::GetActivityRequest& request) {
                       return workflow_.rows->activities().Get(*workflow_.store->TakeSnapshot(),
                                                               request.name());
                     });
}

grpc::ServerUnaryReactor* ActivityHandlers::ListActivities(Context* context,
                                                           const v1::ListActivitiesRequest* request,
                                                           v1::ListActivitiesResponse* response) {
  return rpc::Handle(*workflow_.door, context, request, response,
                     [this](const auth::Call& call, const v1::ListActivitiesRequest& request)
                         -> absl::StatusOr<v1::ListActivitiesResponse> {
                       v1::ListActivitiesResponse response;
                       ASSIGN_OR_RETURN(
                           store::Page<Activity> page,
                           ListPage(workflow_, workflow_.rows->activities(), call, request,
                                    kFilterable, kLongFields, response.mutable_next_page_token()));
                       for (Activity& row : page.rows) *response.add_activities() = std::move(row);
                       return response;
                     });
}

grpc::ServerUnaryReactor* ActivityHandlers::CreateActivity(Context* context,
                                                           const v1::CreateActivityRequest* request,
                                                           Activity* response) {
  using Request = v1::CreateActivityRequest;
  return rpc::Handle(
      *workflow_.door, context, request, response,
      [this](const auth::Call& call, const Request& request, rpc::Done<Activity> done) {
        if (absl::Status bad = domain::Check(request); !bad.ok()) return done(std::move(bad));
        absl::StatusOr<std::string> name = NewName(workflow_, request.parent(), "activities",
                                                   request.activity_id(), "activity_id");
        if (!name.ok()) return done(name.status());
        Activity asked = request.activity();
        asked.set_name(*name);
        workflow_.budgeting->FindPlan(
            asked.plan_line(),
            [this, &call, &request, asked, done](absl::StatusOr<domain::PlanFacts> plan) {
              store::Change<Activity>(
                  *workflow_.store, call, request, asked.name(), store::Retention::kForever,
                  [this, asked, plan](store::Txn& txn) -> absl::StatusOr<Activity> {
                    RETURN_IF_ERROR(CheckCodes(asked));
                    RETURN_IF_ERROR(plan.status());
                    ASSIGN_OR_RETURN(domain::ActivityChange change,
                                     domain::PlanActivity(asked, *plan));
                    return workflow_.rows->Insert(txn, std::move(change));
                  },
                  done);
            });
      });
}

grpc::ServerUnaryReactor* ActivityHandlers::EstimateActivity(
    Context* context, const v1::EstimateActivityRequest* request, Activity* response) {
  return Handle(context, request, response, domain::Estimate);
}

grpc::ServerUnaryReactor* ActivityHandlers::ApproveActivity(
    Context* context, const v1::ApproveActivityRequest* request, Activity* response) {
  return Handle(context, request, response, domain::Approve);
}

grpc::ServerUnaryReactor* ActivityHandlers::OpenActivity(Context* context,
                                                         const v1::OpenActivityRequest* request,
                                                         Activity* response) {
  return Handle(context, request, response, domain::Open);
}

grpc::ServerUnaryReactor* ActivityHandlers::RecordAttendance(
    Context* context, const v1::RecordAttendanceRequest* request, Activity* response) {
  return Handle(context, request, response, domain::RecordAttendance);
}

grpc::ServerUnaryReactor* ActivityHandlers::HoldActivity(Context* context,
                                                         const v1::HoldActivityRequest* request,
                                                         Activity* response) {
  return Handle(context, request, response, domain::Hold);
}

grpc::ServerUnaryReactor* ActivityHandlers::SettleActivity(Context* context,
                                                           const v1::SettleActivityRequest* request,
                                                           Activity* response) {
  return Handle(context, request, response, domain::SettleActivity);
}

grpc::ServerUnaryReactor* ActivityHandlers::CancelActivity(Context* context,
                                                           const v1::CancelActivityRequest* request,
                                                           Activity* response) {
  return Handle(context, request, response, domain::Cancel);
}

}  // namespace nscl::casework
