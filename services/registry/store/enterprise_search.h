// The search index of enterprises, kept in step with the store. It is a cache: fed by the store's
// events after they are committed, never within a commit, saved in a folder beside the store, and
// made anew from the rows where what was saved is missing, damaged or of another store.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/store/store.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "services/registry/search/index.h"
#include "services/registry/store/enterprises.h"

namespace nscl::registry::rows {

// What an enterprise is filtered by in the index, and a message with these fields alone.
search::Attributes AttributesOf(const v1::Enterprise& enterprise);
v1::Enterprise EnterpriseOf(const search::Attributes& attributes);
// The name of an enterprise that was found.
std::string EnterpriseNameOf(const search::Found& found);

class EnterpriseSearch {
 public:
  struct Options {
    std::string folder;  // of the saved index
    // Memory of the index. Beyond it the index is given up until the service is started with more:
    // searches are refused, nothing else is.
    size_t max_bytes = kDefaultBytes;
    prometheus::Registry* metrics = nullptr;  // may be null
    // How long changes may wait for the index where nobody searches: many are taken in at once.
    absl::Duration patience = absl::Milliseconds(200);
    // A search waits no longer for what was committed before it: only where the index is far
    // behind, or the machine overloaded.
    absl::Duration most_wait = absl::Seconds(2);
    // At most so long, and so many events, lie between two saves: what a start after a kill reads
    // again.
    absl::Duration save_interval = absl::Seconds(60);
    int64_t save_events = 50'000;
  };
  // About 200 bytes an enterprise.
  static constexpr size_t kDefaultBytes = size_t{1} << 30;

  // Starts reading the index at once, on a thread of its own. Both outlive it.
  EnterpriseSearch(store::Store& store, const Enterprises& enterprises, Options options);
  ~EnterpriseSearch();
  // Ends the thread and saves the index; before the store closes.
  void Stop();

  // Waits until the index is read, or given up; false after `timeout`.
  bool WaitUntilRead(absl::Duration timeout);

  struct Answer {
    std::vector<search::Found> found;
    int64_t revision = 0;  // up to which the index was told of changes
  };
  // Searches what was committed before, as far as it can be taken in within `most_wait`.
  // UNAVAILABLE `SEARCH_INDEX_LOADING`, RESOURCE_EXHAUSTED `SEARCH_INDEX_FULL`.
  absl::StatusOr<Answer> Search(const search::Query& query);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  enum class Condition { kLoading, kServing, kFull };

  void Run();
  // The index as saved, or made anew; null where the thread is to stop.
  std::shared_ptr<search::Index> LoadOrRebuild();
  absl::StatusOr<std::shared_ptr<search::Index>> LoadSaved();
  absl::StatusOr<std::shared_ptr<search::Index>> Rebuild();
  // The turn to take events in: one thread has it at a time. False where it did not come before the
  // deadline.
  bool TakeTurn(SteadyTime deadline);
  void EndTurn();
  // Takes in one page of events; false where there was none.
  absl::StatusOr<bool> TakePage(search::Index& index, int limit);
  // Takes events in until the index stands at `position`, or the time is over.
  absl::Status CatchUp(search::Index& index, int64_t position, SteadyTime deadline);
  absl::StatusOr<std::string> LogHashAt(int64_t position) const;
  search::Change ChangeOf(const store::Reader& reader, const v1::Enterprise& enterprise) const;

  void SaveWhereDue(search::Index& index);
  void Save(search::Index& index);
  bool CheckMemory(const search::Index& index);
  void Tell(const search::Index* index);
  bool Pause(absl::Duration duration);  // false where the thread is to stop
  void WaitForEvents(int64_t position);

  store::Store& store_;
  const Enterprises& enterprises_;
  const Options options_;
  search::Identity identity_;

  int64_t saved_event_ = -1;  // of the thread, as are the following
  SteadyTime saved_at_;
  prometheus::Gauge* bytes_gauge_ = nullptr;
  prometheus::Gauge* documents_gauge_ = nullptr;
  prometheus::Gauge* revision_gauge_ = nullptr;
  prometheus::Gauge* loading_gauge_ = nullptr;
  prometheus::Gauge* full_gauge_ = nullptr;

  std::mutex mutex_;
  std::condition_variable changed_;
  bool stops_ = false, woken_ = false;
  bool feeding_ = false;               // somebody has the turn
  std::atomic<bool> stopping_{false};  // the same as stops_, for loops
  Condition condition_ = Condition::kLoading;
  std::shared_ptr<search::Index> index_;  // while serving
  size_t needed_bytes_ = 0;               // where full
  std::thread thread_;
};

}  // namespace nscl::registry::rows
