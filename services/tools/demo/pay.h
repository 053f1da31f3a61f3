// Paying for a case or an activity.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/ledger_service.pb.h"
#include "nscl/budgeting/v1/payment_service.pb.h"
#include "services/tools/demo/stage.h"

namespace nscl::tools {

// Pays once for each kind, out of the commitment of a case or an activity.
template <typename Owner>
absl::Status Pay(Stage& stage, const Owner& owner, budgeting::v1::Payment::Kind kind,
                 int64_t amount_vnd, const google::type::Date& acted_on) {
  std::string parent =
      owner.name().substr(0, owner.name().find('/', std::string("provinces/").size()));
  budgeting::v1::ListPaymentsRequest list;
  list.set_parent(parent);
  list.set_filter(absl::StrCat("commitment = \"", owner.commitment(),
                               "\" AND kind = ", budgeting::v1::Payment::Kind_Name(kind)));
  ASSIGN_OR_RETURN(budgeting::v1::ListPaymentsResponse paid,
                   stage.door().Call<budgeting::v1::ListPaymentsResponse>(
                       "nscl.budgeting.v1.PaymentService.ListPayments", list));
  if (paid.payments_size() > 0) return absl::OkStatus();
  budgeting::v1::GetCommitmentRequest get;
  get.set_name(owner.commitment());
  ASSIGN_OR_RETURN(budgeting::v1::Commitment commitment,
                   stage.door().Call<budgeting::v1::Commitment>(
                       "nscl.budgeting.v1.LedgerService.GetCommitment", get));
  budgeting::v1::CreatePaymentRequest request;
  request.set_parent(parent);
  request.set_commitment_etag(commitment.etag());
  budgeting::v1::Payment& payment = *request.mutable_payment();
  payment.set_commitment(owner.commitment());
  payment.set_kind(kind);
  payment.set_amount_vnd(amount_vnd);
  payment.set_min_case_revision(owner.revision());
  payment.add_document_numbers(absl::StrCat("ĐNTT-0", static_cast<int>(kind)));
  *payment.mutable_acted_on() = acted_on;
  request.set_request_id(RequestId(absl::StrCat("pay ", owner.name(), kind, commitment.etag())));
  RETURN_IF_ERROR(
      stage.door()
          .Call<budgeting::v1::Payment>("nscl.budgeting.v1.PaymentService.CreatePayment", request)
          .status());
  stage.Did("paid ", amount_vnd, " đồng (", budgeting::v1::Payment::Kind_Name(kind), ") for ",
            owner.name());
  return absl::OkStatus();
}

}  // namespace nscl::tools
