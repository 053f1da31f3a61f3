// A thread for work that reads every byte of a store, away from the threads of calls. One piece at
// a time, one more waiting; further ones are refused.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace nscl::feed {

class Worker {
 public:
  Worker();
  // Finishes what was taken.
  ~Worker();

  // False where two pieces are there already.
  bool Post(std::function<void()> work);

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool busy_ = false, ends_ = false;
  std::thread thread_;
};

}  // namespace nscl::feed
