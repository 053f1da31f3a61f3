#include "services/budgeting/clients/casework_feed.h"

#include <utility>

#include "nscl/casework/v1/event_service.grpc.pb.h"
#include "services/budgeting/store/keys.h"

namespace nscl::budgeting {

std::unique_ptr<feed::Follower> FollowCasework(rpc::Peer casework, store::Store& store,
                                               const rows::CaseFacts& facts,
                                               std::shared_ptr<telemetry::Metrics> metrics) {
  feed::FollowerOptions options;
  options.source = "casework";
  options.actor = "service:budgeting";
  options.store = &store;
  options.cursor_key = rows::kCaseworkCursorKey;
  options.metrics = std::move(metrics);
  return feed::Follow<nscl::casework::v1::EventService, nscl::casework::v1::Event>(
      std::move(options), std::move(casework),
      [&facts](store::Txn& txn, const nscl::casework::v1::Event& event) {
        return facts.Keep(txn, event);
      });
}

}  // namespace nscl::budgeting
