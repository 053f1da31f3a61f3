// Follows budgeting's feed for what it means to cases and activities: payments, and holds that ran
// out.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "common/feed/follower.h"
#include "common/rpc/channel.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"
#include "nscl/budgeting/v1/event_service.pb.h"
#include "services/casework/store/rows.h"

namespace nscl::casework {

// What one event of budgeting's changes in casework; most change nothing.
absl::Status ApplyLedgerEvent(store::Txn& txn, const rows::Rows& rows,
                              const budgeting::v1::Event& event);

// Not started yet. `store` and `rows` outlive it.
std::unique_ptr<feed::Follower> FollowLedger(store::Store& store, const rows::Rows& rows,
                                             rpc::Peer budgeting,
                                             std::shared_ptr<telemetry::Metrics> metrics);

}  // namespace nscl::casework
