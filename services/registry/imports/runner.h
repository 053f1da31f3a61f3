// The threads on which imports and exports are worked off.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "services/registry/imports/work.h"

namespace nscl::registry::imports {

// Operations side by side, and imports and exports that a province may have under way.
inline constexpr int kThreads = 2;
inline constexpr int kMaxOfProvince = 2;
// An upload to which nothing came for so long is cancelled.
inline constexpr absl::Duration kUploadIdle = absl::Hours(24);

// Takes operations in turn: one that has worked for a while goes behind those that wait, so that a
// long import holds nobody up. What was at work when the process ended goes on.
class Runner {
 public:
  struct Options {
    store::Store& store;
    const rows::Tables& tables;
    const time::Clock& clock;
    Files& files;
    std::function<const Dataset&(v1::Operation::Dataset)> dataset;
    absl::Duration files_kept;
  };
  explicit Runner(Options options);
  ~Runner() { Stop(); }

  // Takes up what is at work in the store, and begins to remove files whose time is over.
  void Start();
  // Ends after the batches that are under way.
  void Stop();

  // The operation is at work since now. Twice is no harm.
  void Add(const std::string& operation);
  // Where the store takes no writes, the failure of an operation is known here first.
  void ShowFailure(v1::Operation& operation) const;
  // Removes files whose time is over, and uploads that nobody goes on with. Runs by itself, too.
  void Sweep();

 private:
  // An operation that is known to the runner.
  struct Turn {
    std::string name;
    std::unique_ptr<Work> work;  // null before its first turn
  };

  void WorkLoop();
  void KeeperLoop();
  // Works until it ends, others wait long enough, or the runner stops; false where it is over.
  bool TakeTurn(Turn& turn);
  bool OthersWait();
  void Fail(const std::string& name, const absl::Status& why);
  void StoreFailures();
  bool StoreFailure(const v1::Operation& failed);
  std::vector<v1::Operation> UnderWay() const;
  void Abandon(const v1::Operation& upload);

  const Workshop workshop_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::deque<Turn> waiting_;
  std::set<std::string> known_;                    // every operation waiting or at work
  std::map<std::string, v1::Operation> failures_;  // that the store has not taken yet
  std::vector<std::thread> threads_;
};

}  // namespace nscl::registry::imports
