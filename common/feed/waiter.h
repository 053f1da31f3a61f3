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
  // One wait at a time. After Cancel nothing is called.
  void Wait(int64_t position, absl::Duration patience, std::function<void(bool woken)> then);
  void Cancel();

 private:
  void OnAlarm(int64_t wait, bool rang);

  store::Store& store_;
  std::mutex mutex_;
  bool cancelled_ = false;
  int64_t wait_ = 0;         // number of the wait that is on
  int64_t store_token_ = 0;  // of that wait, 0 until it is known
  std::unique_ptr<grpc::Alarm> alarm_;
  std::function<void(bool)> then_;
};

}  // namespace nscl::feed
