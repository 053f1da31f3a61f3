// What casework asks of budgeting.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/channel.h"
#include "nscl/budgeting/v1/ledger_service.grpc.pb.h"
#include "nscl/budgeting/v1/plan_service.grpc.pb.h"
#include "nscl/casework/v1/intent.pb.h"
#include "services/casework/clients/calls.h"
#include "services/casework/domain/answer.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework {

// Thread-safe.
class BudgetingClient {
 public:
  explicit BudgetingClient(rpc::Peer peer);

  // The plan of a line. Every error is UNAVAILABLE `PEER_UNAVAILABLE`.
  void FindPlan(const std::string& plan_line,
                std::function<void(absl::StatusOr<domain::PlanFacts>)> done);

  // Sends an intent once. A status is what is not known: try again with the same intent. Granted
  // and refused are answers.
  void Send(const v1::Intent& intent, std::function<void(absl::StatusOr<domain::Answer>)> done);

  // Ends what is under way; nothing is asked after it.
  void Stop() { calls_.CancelAndWait(); }

 private:
  rpc::Peer peer_;
  std::unique_ptr<budgeting::v1::PlanService::Stub> plans_;
  std::unique_ptr<budgeting::v1::LedgerService::Stub> ledger_;
  Calls calls_;
};

// Whether an error of budgeting is its decision, which sending again cannot change. Everything else
// (a dead or slow peer, a full queue, a store that takes no writes, a token that ran out) leaves
// the outcome open.
bool IsRefusal(const absl::Status& status);

// The refusal as a case keeps it.
v1::Refusal RefusalOf(const absl::Status& status);

}  // namespace nscl::casework
