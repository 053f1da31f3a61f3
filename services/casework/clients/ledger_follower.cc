#include "services/casework/clients/ledger_follower.h"

#include <string>
#include <utility>

#include "nscl/budgeting/v1/event_service.grpc.pb.h"
#include "services/casework/store/keys.h"

namespace nscl::casework {

absl::Status ApplyLedgerEvent(store::Txn& txn, const rows::Rows& rows,
                              const budgeting::v1::Event& event) {
  const std::string& type = event.metadata().type();
  if (event.has_payment() && type == "payment.created") {
    const budgeting::v1::Payment& payment = event.payment();
    return rows.ApplyPayment(txn, payment.owner(),
                             {.amount_vnd = payment.amount_vnd(),
                              .final = payment.kind() == budgeting::v1::Payment::KIND_FINAL,
                              .last = payment.last(),
                              .paid_on = payment.acted_on()});
  }
  if (event.has_reservation() && type == "reservation.expired") {
    return rows.ApplyExpiry(txn, event.reservation().owner(), event.reservation().name());
  }
  return absl::OkStatus();
}

std::unique_ptr<feed::Follower> FollowLedger(store::Store& store, const rows::Rows& rows,
                                             rpc::Peer budgeting,
                                             std::shared_ptr<telemetry::Metrics> metrics) {
  feed::FollowerOptions options;
  options.source = "budgeting";
  options.actor = "service:casework";
  options.store = &store;
  options.cursor_key = rows::FollowerKey("budgeting");
  options.metrics = std::move(metrics);
  return feed::Follow<budgeting::v1::EventService, budgeting::v1::Event>(
      std::move(options), std::move(budgeting),
      [&rows](store::Txn& txn, const budgeting::v1::Event& event) {
        return ApplyLedgerEvent(txn, rows, event);
      });
}

}  // namespace nscl::casework
