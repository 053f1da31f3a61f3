// nscl.budgeting.v1.PaymentService.
#pragma once

#include "absl/time/time.h"
#include "common/resource/page.h"
#include "common/rpc/handle.h"
#include "common/store/store.h"
#include "nscl/budgeting/v1/payment_service.grpc.pb.h"
#include "services/budgeting/store/ledger.h"

namespace nscl::budgeting {

class PaymentService final : public v1::PaymentService::CallbackService {
 public:
  // All must outlive the service. `patience` is how long a payment waits for the facts of its case.
  PaymentService(rpc::Door& door, store::Store& store, const resource::PageTokens& tokens,
                 const rows::Ledger& ledger, absl::Duration patience)
      : door_(door), store_(store), tokens_(tokens), ledger_(ledger), patience_(patience) {}

  grpc::ServerUnaryReactor* CreatePayment(grpc::CallbackServerContext* context,
                                          const v1::CreatePaymentRequest* request,
                                          v1::Payment* response) override;
  grpc::ServerUnaryReactor* GetPayment(grpc::CallbackServerContext* context,
                                       const v1::GetPaymentRequest* request,
                                       v1::Payment* response) override;
  grpc::ServerUnaryReactor* ListPayments(grpc::CallbackServerContext* context,
                                         const v1::ListPaymentsRequest* request,
                                         v1::ListPaymentsResponse* response) override;

 private:
  rpc::Door& door_;
  store::Store& store_;
  const resource::PageTokens& tokens_;
  const rows::Ledger& ledger_;
  const absl::Duration patience_;
};

}  // namespace nscl::budgeting
