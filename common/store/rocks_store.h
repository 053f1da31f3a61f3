// The store behind store.h: threads, queue and life of one database. Its start is in opening.cc,
// the writer's turn in writer.cc (commands run in group.cc), reads in reads.cc, anchors and sweeps
// in keeper.cc, backups in backup.cc, checks in verify.cc; state, barrier and end in
// rocks_store.cc.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/store/anchor.h"
#include "common/store/clock_guard.h"
#include "common/store/fair_queue.h"
#include "common/store/folder_lock.h"
#include "common/store/group.h"
#include "common/store/marker.h"
#include "common/store/rocks.h"
#include "common/store/store.h"

namespace nscl::store {

// Longest lease of a backup barrier.
inline constexpr absl::Duration kMaxLease = absl::Seconds(30);

class RocksStore : public Store {
 public:
  static absl::StatusOr<std::unique_ptr<RocksStore>> Open(Options options);
  ~RocksStore() override;

  void Submit(Command command, std::function<void(absl::StatusOr<Outcome>)> done) override;
  std::unique_ptr<Snapshot> TakeSnapshot() const override;
  const Reader& Latest() const override { return latest_; }
  absl::StatusOr<std::optional<std::string>> GetAsOf(absl::string_view key,
                                                     int64_t revision) const override;
  absl::StatusOr<int64_t> RevisionBefore(absl::Time instant) const override;
  absl::StatusOr<EventPage> ReadEvents(int64_t after_position, int64_t epoch,
                                       absl::string_view province, int limit) const override;
  int64_t WaitForEvents(int64_t position, std::function<void()> wake) override;
  void CancelWait(int64_t token) override;
  nscl::store::v1::StoreStatus GetStatus() const override;
  MemoryUse memory_use() const override;
  absl::StatusOr<nscl::store::v1::StoreStatus> PauseWrites(absl::string_view barrier_id,
                                                           absl::Duration lease) override;
  absl::StatusOr<nscl::store::v1::Backup> CreateBackup(absl::string_view barrier_id,
                                                       absl::string_view backup_set) override;
  absl::StatusOr<nscl::store::v1::VerifyStoreResponse> Verify() const override;
  absl::StatusOr<int64_t> SweepKeptAnswers() override;
  void ConfirmClock() override;
  absl::Status Close() override;

 private:
  class Listener;
  class LatestReader : public Reader {
   public:
    explicit LatestReader(const RocksStore& store) : store_(store) {}
    absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override;
    absl::Status Scan(
        const KeyRange& range,
        absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const override;
    int64_t revision() const override;

   private:
    const RocksStore& store_;
  };
  struct Barrier {
    std::string id;
    absl::Time until;  // of the steady clock
  };
  struct Waiter {
    int64_t token;
    std::function<void()> wake;
  };

  explicit RocksStore(Options options);

  // Opening, in order.
  absl::Status FindStore();
  absl::Status Create();
  absl::Status OpenStore();
  void StartThreads();

  // The writer's turn. At most one thread has it; everything below runs on that thread.
  void WriterLoop();
  void CommitGroup(Group& group, std::vector<Waiting> commands);
  absl::Status Gate();
  absl::Status WriteBatch(rocksdb::WriteBatch& batch);
  void Publish(const nscl::store::v1::Head& head);

  // Answers and wakes.
  void FinisherLoop();
  void Finish(std::vector<Answer>& answers);

  // Anchors after flushes and from time to time, sweeps.
  void KeeperLoop();
  void KeepAnchor(bool flushed, int64_t* anchored);
  void SweepIfDue();
  absl::StatusOr<Anchor> CurrentAnchor(bool clean) const;

  // Whether a barrier holds the writer; forgets one whose lease is over. Under mutex_.
  bool Paused() const;
  void ReleaseBarrier(const std::string& id);
  // Whether the barrier still holds the writer.
  bool BarrierHolds(const std::string& id) const;
  absl::StatusOr<nscl::store::v1::Backup> CopyUnderBarrier(const std::string& barrier,
                                                           const std::string& folder,
                                                           absl::string_view backup_set);

  // The process must stop: nothing is acknowledged from here on.
  void FailStop(const absl::Status& status) const;
  // What a failed read means: damage closes the store to writes, a failed disk stops the process.
  absl::Status Noted(absl::Status status) const;
  // Room on the volume, and how much of it must be free: more where writes are refused already.
  struct Space {
    int64_t free, needed;
    bool low() const { return free < needed; }
  };
  Space GetSpace() const;
  absl::Status StorageFull() const;
  nscl::store::v1::StoreStatus StatusUnderLock() const;

  const Options options_;
  const LatestReader latest_{*this};
  rocksdb::Env* const env_;
  std::unique_ptr<FolderLock> lock_;
  Marker marker_;
  std::shared_ptr<Listener> listener_;
  std::shared_ptr<Database> database_;
  std::optional<int64_t> regressed_;  // the anchor's revision, where the store stands behind it

  // Of the thread that has the writer's turn.
  ClockGuard clock_guard_;
  std::unique_ptr<Group> group_;

  mutable std::mutex mutex_;
  std::condition_variable writer_wakes_;
  mutable std::condition_variable turn_ends_;
  FairQueue queue_;
  bool writing_ = false;      // somebody has the writer's turn
  bool writer_idle_ = false;  // the writer's thread waits
  bool closing_ = false;
  mutable std::optional<Barrier> barrier_;
  nscl::store::v1::Head head_;              // of the last durable group
  std::multimap<int64_t, Waiter> waiters_;  // by the position they wait to see passed
  int64_t next_token_ = 1;

  std::atomic<bool> clock_jumped_{false};
  std::atomic<bool> clock_confirmed_{false};
  std::atomic<bool> low_space_{false};
  mutable std::atomic<bool> corrupt_{false};
  mutable std::atomic<bool> dead_{false};

  std::mutex finisher_mutex_;
  std::condition_variable finisher_wakes_;
  std::vector<std::vector<Answer>> finished_;
  bool finisher_idle_ = false;
  bool finisher_ends_ = false;

  std::mutex keeper_mutex_;
  std::condition_variable keeper_wakes_;
  bool anchor_due_ = false;
  bool keeper_ends_ = false;

  std::mutex backup_mutex_;  // one backup at a time
  bool closed_ = false;
  std::thread writer_, finisher_, keeper_;
};

}  // namespace nscl::store
