// The followers of the three feeds that reporting rests on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/feed/follower.h"
#include "common/rpc/channel.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"
#include "common/time/clock.h"
#include "nscl/reporting/v1/report_service.pb.h"
#include "services/reporting/store/projection.h"

namespace nscl::reporting {

struct Peers {
  rpc::Peer registry;
  rpc::Peer casework;
  rpc::Peer budgeting;
};

class Followers {
 public:
  // `store` and `projection` must outlive it. A peer without a channel is not followed, and
  // status() says so.
  Followers(store::Store& store, const rows::Projection& projection, const Peers& peers,
            std::shared_ptr<telemetry::Metrics> metrics);

  // Erases all that came from the feeds, some rows in a command; before Start.
  absl::Status EraseProjections();
  void Start();
  void Stop();

  // Waits until the feed of a service is taken in up to `position`; false after `timeout`, or where
  // it is not followed.
  bool WaitForPosition(absl::string_view service, int64_t position, absl::Duration timeout) const;

  // One row for each feed, in the order of rows::kFeeds.
  v1::FollowStatus status() const;

 private:
  store::Store& store_;
  const rows::Projection& projection_;
  // By the name of the feed; null where it is not followed.
  std::vector<std::pair<std::string, std::unique_ptr<feed::Follower>>> followers_;
};

}  // namespace nscl::reporting
