// A service's EventService over its store, once for all services:
//
//   feed::EventHandlers<casework::v1::EventService, casework::v1::Event,
//                       casework::v1::ListEventsResponse, casework::v1::WatchEventsResponse>
//       events(door, *store);
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "common/feed/errors.h"
#include "common/feed/page.h"
#include "common/feed/waiter.h"
#include "common/rpc/handle.h"
#include "common/rpc/stream.h"
#include "common/status/status_macros.h"
#include "common/store/store.h"
#include "nscl/event/v1/event.pb.h"

namespace nscl::feed {

// A watcher at the head hears from us so often, with no events, so that it knows the feed to be
// alive and itself to be up to date.
inline constexpr absl::Duration kHeartbeat = absl::Seconds(5);

// A method of a service by name; null where it is not linked.
inline const google::protobuf::MethodDescriptor* MethodNamed(const std::string& service,
                                                             const std::string& method) {
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(service + "." +
                                                                              method);
}

// The messages of one WatchEvents stream.
template <typename WatchResponse>
class EventSource final : public rpc::Source<WatchResponse>,
                          public std::enable_shared_from_this<EventSource<WatchResponse>> {
 public:
  using typename rpc::Source<WatchResponse>::Ready;

  EventSource(store::Store& store, const auth::Call& call,
              const nscl::event::v1::WatchEventsRequest& request, absl::Duration heartbeat)
      : store_(store),
        waiter_(std::make_shared<Waiter>(store)),
        heartbeat_(heartbeat),
        position_(request.after_position()),
        epoch_(request.epoch()) {
    // What the filter needs of the call; the rest need not live as long as the last wait.
    scope_.province = call.province;
    scope_.caller.all_provinces = call.caller.all_provinces;
    scope_.caller.provinces = call.caller.provinces;
  }

  void Next(Ready ready) override { Read(std::move(ready), /*even_empty=*/false); }

  // Waits for a read that is under way: after it the store may be closed.
  void Cancel() override {
    std::lock_guard lock(store_mutex_);
    cancelled_ = true;
    waiter_->Cancel();
  }

 private:
  void Read(Ready ready, bool even_empty) {
    absl::StatusOr<WatchResponse> page;
    {
      std::lock_guard lock(store_mutex_);
      if (cancelled_) return;
      page = ReadPage();
      if (page.ok() && page->events().empty() && !even_empty) {
        waiter_->Wait(
            position_, heartbeat_,
            [self = this->shared_from_this(), ready = std::move(ready)](bool woken) mutable {
              self->Read(std::move(ready), /*even_empty=*/!woken);
            });
        return;
      }
    }
    if (!page.ok()) return ready(page.status());
    ready(std::optional<WatchResponse>(*std::move(page)));
  }

  absl::StatusOr<WatchResponse> ReadPage() {
    ASSIGN_OR_RETURN(store::EventPage page,
                     store_.ReadEvents(position_, epoch_, scope_.province, kWatchPageSize));
    WatchResponse response;
    RETURN_IF_ERROR(FillPage(page, scope_, &response));
    epoch_ = page.epoch;
    position_ = response.next_position();
    return response;
  }

  store::Store& store_;
  std::mutex store_mutex_;  // over every use of the store
  bool cancelled_ = false;
  std::shared_ptr<Waiter> waiter_;
  const absl::Duration heartbeat_;
  auth::Call scope_;
  int64_t position_;
  int64_t epoch_;
};

template <typename Service, typename Event, typename ListResponse, typename WatchResponse>
class EventHandlers final : public Service::CallbackService {
 public:
  static_assert(
      std::is_same_v<Event, std::decay_t<decltype(std::declval<ListResponse>().events(0))>>);

  EventHandlers(rpc::Door& door, store::Store& store, absl::Duration heartbeat = kHeartbeat)
      : door_(door), store_(store), heartbeat_(heartbeat) {}

  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext* context,
                                       const nscl::event::v1::ListEventsRequest* request,
                                       ListResponse* response) override {
    return rpc::HandleMethod(
        door_, list_, context, request, response,
        [this](const auth::Call& call,
               const nscl::event::v1::ListEventsRequest& request) -> absl::StatusOr<ListResponse> {
          if (request.page_size() < 0) return errors::NegativePageSize(request.page_size());
          const int limit = request.page_size() == 0 ? kDefaultPageSize
                                                     : std::min(request.page_size(), kMaxPageSize);
          ASSIGN_OR_RETURN(
              store::EventPage page,
              store_.ReadEvents(request.after_position(), request.epoch(), call.province, limit));
          ListResponse list;
          list.set_head_position(page.head_position);
          RETURN_IF_ERROR(FillPage(page, call, &list));
          return list;
        });
  }

  grpc::ServerWriteReactor<WatchResponse>* WatchEvents(
      grpc::CallbackServerContext* context,
      const nscl::event::v1::WatchEventsRequest* request) override {
    return rpc::HandleStream<WatchResponse>(
        door_, watch_, context, request,
        [this](const auth::Call& call, const nscl::event::v1::WatchEventsRequest& request)
            -> absl::StatusOr<std::shared_ptr<rpc::Source<WatchResponse>>> {
          return std::shared_ptr<rpc::Source<WatchResponse>>(
              std::make_shared<EventSource<WatchResponse>>(store_, call, request, heartbeat_));
        });
  }

 private:
  rpc::Door& door_;
  store::Store& store_;
  const absl::Duration heartbeat_;
  const google::protobuf::MethodDescriptor* const list_ =
      MethodNamed(Service::service_full_name(), "ListEvents");
  const google::protobuf::MethodDescriptor* const watch_ =
      MethodNamed(Service::service_full_name(), "WatchEvents");
};

}  // namespace nscl::feed
