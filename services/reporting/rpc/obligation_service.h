// nscl.reporting.v1.ObligationService.
#pragma once

#include "common/resource/page.h"
#include "common/rpc/handle.h"
#include "common/store/store.h"
#include "common/store/table.h"
#include "common/time/clock.h"
#include "nscl/reporting/v1/obligation_service.grpc.pb.h"

namespace nscl::reporting {

class ObligationService final : public v1::ObligationService::CallbackService {
 public:
  // All must outlive it.
  ObligationService(rpc::Door& door, store::Store& store, const time::Clock& clock,
                    const resource::PageTokens& page_tokens);

  grpc::ServerUnaryReactor* GetObligation(grpc::CallbackServerContext* context,
                                          const v1::GetObligationRequest* request,
                                          v1::Obligation* response) override;
  grpc::ServerUnaryReactor* ListObligations(grpc::CallbackServerContext* context,
                                            const v1::ListObligationsRequest* request,
                                            v1::ListObligationsResponse* response) override;
  grpc::ServerUnaryReactor* FileObligation(grpc::CallbackServerContext* context,
                                           const v1::FileObligationRequest* request,
                                           v1::Obligation* response) override;

 private:
  rpc::Door& door_;
  store::Store& store_;
  const time::Clock& clock_;
  const resource::PageTokens& page_tokens_;
  const store::Table<v1::Obligation> obligations_;
};

}  // namespace nscl::reporting
