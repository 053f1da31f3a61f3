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
    store_token_ = 0;
    then_ = std::move(then);
    alarm_ = std::make_unique<grpc::Alarm>();
    alarm_->Set(absl::ToChronoTime(absl::Now() + patience),
                [self, wait](bool rang) { self->OnAlarm(wait, rang); });
  }
  // Not under the lock: the store calls at once where the head has passed already.
  const int64_t token = store_.WaitForEvents(position, [self, wait] {
    // On the store's thread: only ring. A cancelled alarm calls back too, on a thread of gRPC.
    std::lock_guard lock(self->mutex_);
    if (self->wait_ == wait && self->alarm_ != nullptr) self->alarm_->Cancel();
  });
  bool over;
  {
    std::lock_guard lock(mutex_);
    over = cancelled_ || wait_ != wait || then_ == nullptr;
    if (!over) store_token_ = token;
  }
  if (over) store_.CancelWait(token);
}

void Waiter::OnAlarm(int64_t wait, bool rang) {
  std::function<void(bool)> then;
  int64_t token;
  {
    std::lock_guard lock(mutex_);
    if (cancelled_ || wait_ != wait || then_ == nullptr) return;
    then = std::move(then_);
    then_ = nullptr;
    token = std::exchange(store_token_, 0);
  }
  if (rang && token != 0) store_.CancelWait(token);
  then(/*woken=*/!rang);
}

void Waiter::Cancel() {
  std::function<void(bool)> dropped;
  int64_t token;
  {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    dropped = std::move(then_);
    then_ = nullptr;
    token = std::exchange(store_token_, 0);
    if (alarm_ != nullptr) alarm_->Cancel();
  }
  if (token != 0) store_.CancelWait(token);
}

}  // namespace nscl::feed
