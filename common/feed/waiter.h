// Waiting for a store to get new events, without a thread: woken by the store or by time, whichever
// is first, and always on a thread of gRPC, so that the store's own is never held up.
#pragma once

#include <grpcpp/alarm.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

#include "absl/time/time.h"
#include "common/store/store.h"

namespace nscl::feed {

class Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  explicit Waiter(store::Store& store) : store_(store) {}

  // Calls `then(woken)` once: true where the head has passed `position`, false after `patience`.
  // One wait at a time. After Cancel nothing is called and the store is not touched any more, so
  // that it may be closed. Wait and Cancel are never called at once: the caller sees to that.
  void Wait(int64_t position, absl::Duration patience, std::function<void(bool woken)> then);
  void Cancel();

 private:
  void OnAlarm(int64_t wait, bool rang);

  store::Store& store_;
  int64_t store_token_ = 0;  // of the last wait, over or not; of Wait and Cancel
  std::mutex mutex_;
  bool cancelled_ = false;
  int64_t wait_ = 0;  // number of the wait that is on
  std::unique_ptr<grpc::Alarm> alarm_;
  std::function<void(bool)> then_;
};

}  // namespace nscl::feed
