// nscl.registry.v1.NeedService.
#pragma once

#include "nscl/registry/v1/need_service.grpc.pb.h"
#include "services/registry/rpc/standard_methods.h"

namespace nscl::registry {

class NeedHandlers final : public v1::NeedService::CallbackService {
 public:
  explicit NeedHandlers(const Parts& parts);

  grpc::ServerUnaryReactor* GetNeed(grpc::CallbackServerContext* context,
                                    const v1::GetNeedRequest* request, v1::Need* response) override;
  grpc::ServerUnaryReactor* ListNeeds(grpc::CallbackServerContext* context,
                                      const v1::ListNeedsRequest* request,
                                      v1::ListNeedsResponse* response) override;
  grpc::ServerUnaryReactor* CreateNeed(grpc::CallbackServerContext* context,
                                       const v1::CreateNeedRequest* request,
                                       v1::Need* response) override;
  grpc::ServerUnaryReactor* UpdateNeed(grpc::CallbackServerContext* context,
                                       const v1::UpdateNeedRequest* request,
                                       v1::Need* response) override;
  grpc::ServerUnaryReactor* AcceptNeed(grpc::CallbackServerContext* context,
                                       const v1::AcceptNeedRequest* request,
                                       v1::Need* response) override;
  grpc::ServerUnaryReactor* DeclineNeed(grpc::CallbackServerContext* context,
                                        const v1::DeclineNeedRequest* request,
                                        v1::Need* response) override;
  grpc::ServerUnaryReactor* WithdrawNeed(grpc::CallbackServerContext* context,
                                         const v1::WithdrawNeedRequest* request,
                                         v1::Need* response) override;
  grpc::ServerUnaryReactor* SummarizeNeeds(grpc::CallbackServerContext* context,
                                           const v1::SummarizeNeedsRequest* request,
                                           v1::SummarizeNeedsResponse* response) override;

 private:
  // PROPOSED to `decided`; `verb` names the event.
  template <typename Request>
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context, const Request* request,
                                   v1::Need* response, v1::Need::State decided,
                                   absl::string_view verb);
  absl::StatusOr<v1::SummarizeNeedsResponse> Summarize(
      const auth::Call& call, const v1::SummarizeNeedsRequest& request) const;

  const Parts parts_;
  const StandardMethods<v1::Need> methods_;
};

}  // namespace nscl::registry
