// Following another service's feed: every event is applied exactly once, in order, and the
// projection and the cursor are one commit. A follower that finds another history than the one it
// took in stops and says so; everything else it tries again, for ever.
//
//   feed::FollowerOptions options;
//   options.source = "casework";
//   options.store = store_.get();
//   options.cursor_key = keys::FeedCursor("casework");
//   follower_ = feed::Follow<casework::v1::EventService, casework::v1::Event>(
//       std::move(options), casework_peer,
//       [this](store::Txn& txn, const casework::v1::Event& event) { return projection_.Apply(txn,
//       event); });
//   follower_->Start();
#pragma once

#include <grpcpp/client_context.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"
#include "nscl/event/v1/event.pb.h"

namespace nscl::feed {

struct FollowerOptions {
  std::string source;  // service whose feed is followed; names the cursor, log lines and metrics
  std::string actor;   // "service:reporting": whose commands the pages are
  store::Store* store = nullptr;                // the follower's own
  std::string cursor_key;                       // state row of the cursor, unique in the store
  std::shared_ptr<telemetry::Metrics> metrics;  // may be null
  int page_size = 200;                          // events applied in one command
  absl::Duration least_backoff = absl::Milliseconds(100);
  absl::Duration most_backoff = absl::Seconds(10);
};

struct FollowerStatus {
  std::string source;
  int64_t epoch = 0;
  int64_t position = 0;       // taken in
  int64_t head_position = 0;  // of the feed, as last heard
  absl::Time fresh_at =
      absl::InfinitePast();  // when the follower last knew itself to be at the head
  absl::Status problem;      // OK while all goes well; what it tries again, or stopped at
  bool halted = false;       // stopped at a problem that only people can judge

  // Seconds since it was at the head; -1 where it never was.
  int64_t StaleSeconds(absl::Time now) const {
    if (fresh_at == absl::InfinitePast()) return -1;
    return std::max<int64_t>(0, absl::ToInt64Seconds(now - fresh_at));
  }
};

// A page as it came from the feed. Made by Follow.
struct FollowedPage {
  struct Mark {
    int64_t position = 0;
    std::string log_hash;
  };
  std::vector<Mark> marks;  // one for each event
  int64_t next_position = 0;
  int64_t head_position = -1;  // -1: not told
  int64_t epoch = 0;
  google::protobuf::Timestamp commit_time;         // of the last event
  std::function<absl::Status(store::Txn&)> apply;  // all events, in order
};

// How a follower reads its feed. Blocking; ended by the context's TryCancel.
struct FeedReader {
  std::function<absl::StatusOr<FollowedPage>(grpc::ClientContext*, int64_t after, int64_t epoch,
                                             int limit)>
      list;
  std::function<absl::Status(grpc::ClientContext*, int64_t after, int64_t epoch,
                             const std::function<absl::Status(FollowedPage)>& take)>
      watch;
};

class Follower {
 public:
  Follower(FollowerOptions options, rpc::Peer peer, FeedReader reader);
  ~Follower();

  void Start();
  // Ends the thread and waits for it. A page that is being applied is finished.
  void Stop();

  FollowerStatus status() const;
  // Waits until events up to `position` are taken in; false after `timeout`, or where the follower
  // halted.
  bool WaitForPosition(int64_t position, absl::Duration timeout) const;

 private:
  void Run();
  absl::Status Session();
  absl::Status CheckHistory();
  absl::Status CatchUp();
  absl::Status Watch();
  absl::Status Take(const FollowedPage& page);
  absl::Status CheckPage(const FollowedPage& page) const;
  absl::StatusOr<FollowedPage> List(int64_t after, int limit);
  absl::Status LoadCursor();
  void Told(int64_t head_position);
  void Report(const absl::Status& problem);
  bool Pause(absl::Duration duration);  // false where the follower is to stop
  // Runs a call that Stop can cancel.
  template <typename Call>
  auto Cancellable(absl::Duration timeout, Call call);

  const FollowerOptions options_;
  const rpc::Peer peer_;
  const FeedReader reader_;
  nscl::event::v1::FeedCursor cursor_;  // of the thread
  std::string logged_;                  // likewise: the last problem written to the log, and when
  absl::Time logged_at_ = absl::InfinitePast();
  prometheus::Gauge* position_gauge_ = nullptr;
  prometheus::Gauge* fresh_gauge_ = nullptr;
  prometheus::Gauge* halted_gauge_ = nullptr;

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stop_ = false;
  grpc::ClientContext* context_ = nullptr;  // of the call that is on
  FollowerStatus status_;
  std::thread thread_;
};

namespace internal {

// Marks and application of the events of a response of either kind.
template <typename Event, typename Response>
FollowedPage PageOf(Response response,
                    const std::function<absl::Status(store::Txn&, const Event&)>& apply) {
  FollowedPage page;
  page.next_position = response.next_position();
  page.epoch = response.epoch();
  for (const Event& event : response.events()) {
    page.marks.push_back({event.metadata().position(), event.metadata().log_hash()});
  }
  if (!response.events().empty()) {
    page.commit_time = response.events(response.events_size() - 1).metadata().commit_time();
  }
  page.apply = [events = std::make_shared<Response>(std::move(response)),
                apply](store::Txn& txn) -> absl::Status {
    for (const Event& event : events->events()) {
      if (absl::Status status = apply(txn, event); !status.ok()) return status;
    }
    return absl::OkStatus();
  };
  return page;
}

}  // namespace internal

// A follower of a service's feed over all provinces. `apply` is called on the writer's thread of
// `options.store`, for each event once; an error stores nothing of the page, which is tried again
// later.
template <typename Service, typename Event>
std::unique_ptr<Follower> Follow(FollowerOptions options, rpc::Peer peer,
                                 std::function<absl::Status(store::Txn&, const Event&)> apply) {
  std::shared_ptr<typename Service::Stub> stub = Service::NewStub(peer.channel);
  FeedReader reader;
  reader.list = [stub, apply](grpc::ClientContext* context, int64_t after, int64_t epoch,
                              int limit) -> absl::StatusOr<FollowedPage> {
    nscl::event::v1::ListEventsRequest request;
    request.set_parent("provinces/-");
    request.set_after_position(after);
    request.set_epoch(epoch);
    request.set_page_size(limit);
    // The response type is the stub's own.
    auto list = [&]<typename Response>(grpc::Status (Service::Stub::*method)(
                    grpc::ClientContext*, const nscl::event::v1::ListEventsRequest&,
                    Response*)) -> absl::StatusOr<FollowedPage> {
      Response response;
      const grpc::Status status = ((*stub).*method)(context, request, &response);
      if (!status.ok()) return rpc::FromGrpcStatus(status);
      const int64_t head = response.head_position();
      FollowedPage page = internal::PageOf<Event>(std::move(response), apply);
      page.head_position = head;
      return page;
    };
    return list(&Service::Stub::ListEvents);
  };
  reader.watch = [stub, apply](
                     grpc::ClientContext* context, int64_t after, int64_t epoch,
                     const std::function<absl::Status(FollowedPage)>& take) -> absl::Status {
    nscl::event::v1::WatchEventsRequest request;
    request.set_parent("provinces/-");
    request.set_after_position(after);
    request.set_epoch(epoch);
    auto watch = [&]<typename Response>(
                     std::unique_ptr<grpc::ClientReader<Response>> stream) -> absl::Status {
      Response response;
      while (stream->Read(&response)) {
        if (absl::Status status = take(internal::PageOf<Event>(std::move(response), apply));
            !status.ok()) {
          context->TryCancel();
          stream->Finish();
          return status;
        }
        response = Response();
      }
      return rpc::FromGrpcStatus(stream->Finish());
    };
    return watch(stub->WatchEvents(context, request));
  };
  return std::make_unique<Follower>(std::move(options), std::move(peer), std::move(reader));
}

}  // namespace nscl::feed
