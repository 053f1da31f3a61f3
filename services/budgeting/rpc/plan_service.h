// nscl.budgeting.v1.PlanService.
#pragma once

#include "common/resource/page.h"
#include "common/rpc/handle.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "nscl/budgeting/v1/plan_service.grpc.pb.h"
#include "services/budgeting/domain/funding_sources.h"

namespace nscl::budgeting {

class PlanService final : public v1::PlanService::CallbackService {
 public:
  // All must outlive the service.
  PlanService(rpc::Door& door, store::Store& store, const resource::PageTokens& tokens,
              const domain::FundingSources& sources);

  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext* context,
                                    const v1::GetPlanRequest* request, v1::Plan* response) override;
  grpc::ServerUnaryReactor* ListPlans(grpc::CallbackServerContext* context,
                                      const v1::ListPlansRequest* request,
                                      v1::ListPlansResponse* response) override;
  grpc::ServerUnaryReactor* ImportPlan(grpc::CallbackServerContext* context,
                                       const v1::ImportPlanRequest* request,
                                       v1::Plan* response) override;
  grpc::ServerUnaryReactor* AcceptFinding(grpc::CallbackServerContext* context,
                                          const v1::AcceptFindingRequest* request,
                                          v1::Plan* response) override;
  grpc::ServerUnaryReactor* SubmitPlan(grpc::CallbackServerContext* context,
                                       const v1::SubmitPlanRequest* request,
                                       v1::Plan* response) override;
  grpc::ServerUnaryReactor* AppraisePlan(grpc::CallbackServerContext* context,
                                         const v1::AppraisePlanRequest* request,
                                         v1::Plan* response) override;
  grpc::ServerUnaryReactor* IssuePlan(grpc::CallbackServerContext* context,
                                      const v1::IssuePlanRequest* request,
                                      v1::Plan* response) override;

 private:
  rpc::Door& door_;
  store::Store& store_;
  const resource::PageTokens& tokens_;
  const domain::FundingSources& sources_;
  const store::Table<v1::Plan> plans_;
};

}  // namespace nscl::budgeting
