// Counting what runs, so that overload is refused before anything is allocated and a stop can wait.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "absl/time/time.h"

namespace nscl::gateway {

class Admission {
 public:
  explicit Admission(size_t limit) : limit_(limit) {}

  // A place, given back when the last copy of it goes; null where all are taken.
  std::shared_ptr<void> Enter() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (running_ >= limit_) return nullptr;
      ++running_;
    }
    return std::shared_ptr<void>(this, [](void* self) { static_cast<Admission*>(self)->Leave(); });
  }

  // Waits until nothing runs; false where that took longer.
  bool AwaitEmpty(absl::Duration limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    return empty_.wait_for(lock, absl::ToChronoMilliseconds(limit),
                           [this] { return running_ == 0; });
  }

  size_t running() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return running_;
  }

 private:
  void Leave() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (--running_ == 0) empty_.notify_all();
  }

  const size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  size_t running_ = 0;
};

}  // namespace nscl::gateway
