#include "common/feed/waiter.h"

#include <utility>

namespace nscl::feed {

void Waiter::Wait(int64_t position, absl::Duration patience, std::function<void(bool woken)> then) {
  std::shared_ptr<Waiter> self = shared_from_this();
  int64_t wait;
  {
    std::lock_guard lock(mutex_);
    if (cancelled_) return;
    wait = ++wait_;
    then_ = std::move(then);
    alarm_ = std::make_unique<grpc::Alarm>();
    alarm_->Set(absl::ToChronoTime(absl::Now() + patience),
                [self, wait](bool rang) { self->OnAlarm(wait, rang); });
  }
  // The wait before may have ended by time, with the store still holding its end of it.
  if (store_token_ != 0) store_.CancelWait(store_token_);
  // Not under the lock: the store calls at once where the head has passed already.
  store_token_ = store_.WaitForEvents(position, [self, wait] {
    // On the store's thread: only ring. A cancelled alarm calls back too, on a thread of gRPC.
    std::lock_guard lock(self->mutex_);
    if (self->wait_ == wait && self->alarm_ != nullptr) self->alarm_->Cancel();
  });
}

void Waiter::OnAlarm(int64_t wait, bool rang) {
  std::function<void(bool)> then;
  {
    std::lock_guard lock(mutex_);
    if (cancelled_ || wait_ != wait || then_ == nullptr) return;
    then = std::exchange(then_, nullptr);
  }
  then(/*woken=*/!rang);
}

void Waiter::Cancel() {
  std::function<void(bool)> dropped;
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    dropped = std::exchange(then_, nullptr);
    if (alarm_ != nullptr) alarm_->Cancel();
  }
  if (store_token_ != 0) store_.CancelWait(std::exchange(store_token_, 0));
}

}  // namespace nscl::feed
