// Following casework's feed: the facts that payment guards need, in budgeting's own store.
#pragma once

#include <memory>

#include "common/feed/follower.h"
#include "common/rpc/channel.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"
#include "services/budgeting/store/case_facts.h"

namespace nscl::budgeting {

// Not started. `store` and `facts` must outlive it.
std::unique_ptr<feed::Follower> FollowCasework(rpc::Peer casework, store::Store& store,
                                               const rows::CaseFacts& facts,
                                               std::shared_ptr<telemetry::Metrics> metrics);

}  // namespace nscl::budgeting
