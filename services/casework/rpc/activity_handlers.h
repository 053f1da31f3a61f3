// ActivityService.
#pragma once

#include "nscl/casework/v1/activity_service.grpc.pb.h"
#include "services/casework/rpc/workflow.h"

namespace nscl::casework {

class ActivityHandlers final : public v1::ActivityService::CallbackService {
 public:
  explicit ActivityHandlers(const Workflow& workflow) : workflow_(workflow) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* GetActivity(Context* context, const v1::GetActivityRequest* request,
                       v1::Activity* response) override;
  Reactor* ListActivities(Context* context, const v1::ListActivitiesRequest* request,
                          v1::ListActivitiesResponse* response) override;
  Reactor* CreateActivity(Context* context, const v1::CreateActivityRequest* request,
                          v1::Activity* response) override;
  Reactor* EstimateActivity(Context* context, const v1::EstimateActivityRequest* request,
                            v1::Activity* response) override;
  Reactor* ApproveActivity(Context* context, const v1::ApproveActivityRequest* request,
                           v1::Activity* response) override;
  Reactor* OpenActivity(Context* context, const v1::OpenActivityRequest* request,
                        v1::Activity* response) override;
  Reactor* RecordAttendance(Context* context, const v1::RecordAttendanceRequest* request,
                            v1::Activity* response) override;
  Reactor* HoldActivity(Context* context, const v1::HoldActivityRequest* request,
                        v1::Activity* response) override;
  Reactor* SettleActivity(Context* context, const v1::SettleActivityRequest* request,
                          v1::Activity* response) override;
  Reactor* CancelActivity(Context* context, const v1::CancelActivityRequest* request,
                          v1::Activity* response) override;

 private:
  template <typename Request>
  Reactor* Handle(Context* context, const Request* request, v1::Activity* response,
                  std::type_identity_t<PureRule<v1::Activity, Request>> rule) {
    return HandleAct<v1::Activity, Request>(workflow_, workflow_.rows->activities(), context,
                                            request, response, rule);
  }

  // Codes of a checked activity that the catalogue must know.
  absl::Status CheckCodes(const v1::Activity& asked) const;

  const Workflow& workflow_;
};

}  // namespace nscl::casework
