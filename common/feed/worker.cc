#include "common/feed/worker.h"

#include <utility>

namespace nscl::feed {

Worker::Worker() : thread_([this] { Run(); }) {}

Worker::~Worker() {
  {
    std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Worker::Post(std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    if (ends_ || queue_.size() + (busy_ ? 1 : 0) >= 2) return false;
    queue_.push_back(std::move(work));
  }
  changed_.notify_all();
  return true;
}

void Worker::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ends_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    busy_ = true;
    lock.unlock();
    work();
    work = nullptr;
    lock.lock();
    busy_ = false;
  }
}

}  // namespace nscl::feed
