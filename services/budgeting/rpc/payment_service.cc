#include "services/budgeting/rpc/payment_service.h"

#include <utility>

#include "common/status/status_macros.h"
#include "common/store/change.h"
#include "services/budgeting/domain/requests.h"
#include "services/budgeting/rpc/case_visibility.h"
#include "services/budgeting/rpc/list.h"

namespace nscl::budgeting {
namespace {

constexpr absl::string_view kFilterable[] = {"commitment", "kind", "owner"};

}  // namespace

grpc::ServerUnaryReactor* PaymentService::CreatePayment(grpc::CallbackServerContext* context,
                                                        const v1::CreatePaymentRequest* request,
                                                        v1::Payment* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call, const v1::CreatePaymentRequest& request,
             rpc::Done<v1::Payment> done) {
        if (absl::Status bad = domain::CheckRequest(request); !bad.ok()) return done(bad);
        // Outside the command: that facts are late is no answer to keep for the request id.
        WhenCaseVisible(
            store_, ledger_, request.payment().commitment(), request.payment().min_case_revision(),
            patience_, [this, &call, &request, done = std::move(done)](absl::Status visible) {
              if (!visible.ok()) return done(visible);
              store::Change<v1::Payment>(
                  store_, call, request, request.payment().commitment(), store::Retention::kForever,
                  [this, &request](store::Txn& txn) { return ledger_.Pay(txn, request); }, done);
            });
      });
}

grpc::ServerUnaryReactor* PaymentService::GetPayment(grpc::CallbackServerContext* context,
                                                     const v1::GetPaymentRequest* request,
                                                     v1::Payment* response) {
  return rpc::Handle(door_, context, request, response,
                     [this](const auth::Call&, const v1::GetPaymentRequest& request) {
                       return ledger_.payments().Get(*store_.TakeSnapshot(), request.name());
                     });
}

grpc::ServerUnaryReactor* PaymentService::ListPayments(grpc::CallbackServerContext* context,
                                                       const v1::ListPaymentsRequest* request,
                                                       v1::ListPaymentsResponse* response) {
  return rpc::Handle(
      door_, context, request, response,
      [this](const auth::Call& call,
             const v1::ListPaymentsRequest& request) -> absl::StatusOr<v1::ListPaymentsResponse> {
        ASSIGN_OR_RETURN(ListPage<v1::Payment> page,
                         List(call, request, store_, ledger_.payments(), tokens_, kFilterable));
        v1::ListPaymentsResponse list;
        list.set_next_page_token(page.next_page_token);
        for (v1::Payment& row : page.rows) list.add_payments()->Swap(&row);
        return list;
      });
}

}  // namespace nscl::budgeting
