#include "common/store/store.h"

#include <condition_variable>
#include <mutex>

#include "common/store/rocks_store.h"

namespace nscl::store {

absl::StatusOr<std::unique_ptr<Store>> Store::Open(Options options) {
  return RocksStore::Open(std::move(options));
}

absl::StatusOr<Outcome> Store::Run(Command command) {
  std::mutex mutex;
  std::condition_variable wakes;
  std::optional<absl::StatusOr<Outcome>> outcome;
  Submit(std::move(command), [&](absl::StatusOr<Outcome> result) {
    // Notified under the mutex: the condition variable dies with this frame.
    std::lock_guard<std::mutex> lock(mutex);
    outcome = std::move(result);
    wakes.notify_one();
  });
  std::unique_lock<std::mutex> lock(mutex);
  wakes.wait(lock, [&] { return outcome.has_value(); });
  return *std::move(outcome);
}

}  // namespace nscl::store
