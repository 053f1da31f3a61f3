#include "services/reporting/clients/followers.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/event_service.grpc.pb.h"
#include "nscl/casework/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "services/reporting/store/keys.h"

namespace nscl::reporting {
namespace {

constexpr char kActor[] = "service:reporting";
// Rows erased in one command, so that the writer is held for milliseconds only.
constexpr int kEraseRows = 500;

template <typename EventService, typename Event>
std::unique_ptr<feed::Follower> FollowFeed(const std::string& source, const rpc::Peer& peer,
                                           store::Store& store, const rows::Projection& projection,
                                           std::shared_ptr<telemetry::Metrics> metrics) {
  if (peer.channel == nullptr) return nullptr;
  feed::FollowerOptions options;
  options.source = source;
  options.actor = kActor;
  options.store = &store;
  options.cursor_key = rows::CursorKey(source);
  options.metrics = std::move(metrics);
  return feed::Follow<EventService, Event>(
      std::move(options), peer,
      [&projection](store::Txn& txn, const Event& event) { return projection.Apply(txn, event); });
}

}  // namespace

Followers::Followers(store::Store& store, const rows::Projection& projection, const Peers& peers,
                     std::shared_ptr<telemetry::Metrics> metrics)
    : store_(store), projection_(projection) {
  followers_.emplace_back("registry", FollowFeed<registry::v1::EventService, registry::v1::Event>(
                                          "registry", peers.registry, store, projection, metrics));
  followers_.emplace_back("casework", FollowFeed<casework::v1::EventService, casework::v1::Event>(
                                          "casework", peers.casework, store, projection, metrics));
  followers_.emplace_back("budgeting",
                          FollowFeed<budgeting::v1::EventService, budgeting::v1::Event>(
                              "budgeting", peers.budgeting, store, projection, metrics));
}

absl::Status Followers::EraseProjections() {
  for (const auto& [source, follower] : followers_) {
    int erased = 1;
    while (erased > 0) {
      store::Command command;
      command.origin.actor = kActor;
      command.origin.method = absl::StrCat("internal:erase/", source);
      command.origin.resource = absl::StrCat("feeds/", source);
      command.apply = [&, source = source](store::Txn& txn) -> absl::StatusOr<std::string> {
        ASSIGN_OR_RETURN(erased, projection_.Erase(txn, source, kEraseRows));
        return std::string();
      };
      RETURN_IF_ERROR(store_.Run(std::move(command)).status());
    }
  }
  return absl::OkStatus();
}

void Followers::Start() {
  for (const auto& [source, follower] : followers_) {
    if (follower != nullptr) follower->Start();
  }
}

void Followers::Stop() {
  for (const auto& [source, follower] : followers_) {
    if (follower != nullptr) follower->Stop();
  }
}

bool Followers::WaitForPosition(absl::string_view service, int64_t position,
                                absl::Duration timeout) const {
  for (const auto& [source, follower] : followers_) {
    if (source == service && follower != nullptr) {
      return follower->WaitForPosition(position, timeout);
    }
  }
  return false;
}

v1::FollowStatus Followers::status() const {
  v1::FollowStatus all;
  for (const auto& [source, follower] : followers_) {
    v1::FollowedFeed& feed = *all.add_feeds();
    feed.mutable_followed()->set_service(source);
    if (follower == nullptr) {
      feed.set_stale_seconds(-1);
      feed.set_problem("not followed: no address was given");
      continue;
    }
    const feed::FollowerStatus status = follower->status();
    feed.mutable_followed()->set_epoch(status.epoch);
    feed.mutable_followed()->set_position(status.position);
    feed.set_head_position(status.head_position);
    // The follower marks by the machine's clock when it was at the head, not by the clock of acts.
    feed.set_stale_seconds(status.StaleSeconds(time::SystemClock().Now()));
    if (!status.problem.ok()) {
      feed.set_problem(absl::StrCat(
          status.halted ? "halted: " : "tries again: ", status::ReasonOf(status.problem), " ",
          status.problem.message()));
    }
  }
  return all;
}

}  // namespace nscl::reporting
