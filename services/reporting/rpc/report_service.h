// nscl.reporting.v1.ReportService.
#pragma once

#include <functional>

#include "common/resource/page.h"
#include "common/rpc/handle.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "common/time/clock.h"
#include "nscl/reporting/v1/report_service.grpc.pb.h"
#include "services/reporting/domain/catalogue.h"

namespace nscl::reporting {

class ReportService final : public v1::ReportService::CallbackService {
 public:
  // All must outlive it. `follow_status` says how far each feed is followed.
  ReportService(rpc::Door& door, store::Store& store, const domain::Catalogue& catalogue,
                const time::Clock& clock, const resource::PageTokens& page_tokens,
                std::function<v1::FollowStatus()> follow_status);

  grpc::ServerUnaryReactor* CreateReport(grpc::CallbackServerContext* context,
                                         const v1::CreateReportRequest* request,
                                         v1::Report* response) override;
  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::Report* response) override;
  grpc::ServerUnaryReactor* ListReports(grpc::CallbackServerContext* context,
                                        const v1::ListReportsRequest* request,
                                        v1::ListReportsResponse* response) override;
  grpc::ServerUnaryReactor* GetFollowStatus(grpc::CallbackServerContext* context,
                                            const v1::GetFollowStatusRequest* request,
                                            v1::FollowStatus* response) override;

 private:
  absl::StatusOr<v1::Report> Build(const v1::CreateReportRequest& request) const;

  rpc::Door& door_;
  store::Store& store_;
  const domain::Catalogue& catalogue_;
  const time::Clock& clock_;
  const resource::PageTokens& page_tokens_;
  const std::function<v1::FollowStatus()> follow_status_;
  const store::Table<v1::Report> reports_;
};

}  // namespace nscl::reporting
