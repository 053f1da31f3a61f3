// What a store does by itself: anchors its head, sweeps answers past their time.
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/log_reader.h"
#include "common/store/rocks_store.h"

namespace nscl::store {

using nscl::store::v1::LogRecord;

namespace {

// How often the keeper anchors a head that moved, flush or not: what a lost log may hide from the
// anchor. A quiet store flushes once in days.
constexpr std::chrono::seconds kAnchorInterval{10};
// How often the keeper looks whether kept answers are past their time.
constexpr absl::Duration kSweepInterval = absl::Minutes(10);

Command InternalCommand(absl::string_view what) {
  Command command;
  command.origin.actor = "service:store";
  command.origin.method = absl::StrCat("internal:", what);
  return command;
}

}  // namespace

void RocksStore::KeeperLoop() {
  absl::Time next_sweep = SteadyClock().Now() + kSweepInterval;
  int64_t anchored = 0;
  std::unique_lock<std::mutex> lock(keeper_mutex_);
  while (true) {
    keeper_wakes_.wait_for(lock, kAnchorInterval, [this] { return anchor_due_ || keeper_ends_; });
    if (keeper_ends_) return;
    const bool flushed = std::exchange(anchor_due_, false);
    lock.unlock();
    KeepAnchor(flushed, &anchored);
    if (SteadyClock().Now() >= next_sweep) {
      SweepIfDue();
      next_sweep = SteadyClock().Now() + kSweepInterval;
    }
    lock.lock();
  }
}

void RocksStore::KeepAnchor(bool flushed, int64_t* anchored) {
  if (dead_ || regressed_.has_value()) return;  // the anchor that shows it stays
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!flushed && head_.revision() == *anchored) return;
  }
  absl::StatusOr<Anchor> anchor = CurrentAnchor(false);
  if (!anchor.ok()) return;  // tried again at the next turn
  absl::Status written = WriteAnchor(env_, options_.path, *anchor);
  if (written.ok()) *anchored = anchor->revision;
  // Without space the anchor before stands; any other failure is the disk's.
  if (absl::IsUnavailable(written)) FailStop(written);
}

absl::StatusOr<Anchor> RocksStore::CurrentAnchor(bool clean) const {
  Anchor anchor;
  anchor.service = marker_.service;
  anchor.installation = marker_.installation;
  anchor.epoch = marker_.epoch;
  anchor.clean = clean;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    anchor.revision = head_.revision();
    anchor.log_hash = Hex(head_.log_hash());
  }
  anchor.files = TableFiles(database_->db.get());
  if (!clean) {
    ASSIGN_OR_RETURN(std::vector<AnchoredFile> manifest, SmallFiles(env_, options_.path, true));
    anchor.files.insert(anchor.files.end(), manifest.begin(), manifest.end());
  }
  return anchor;
}

void RocksStore::SweepIfDue() {
  int64_t next, newest_us;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    next = head_.swept_through() + 1;
    newest_us = head_.commit_time_us();
    if (next > head_.revision()) return;
  }
  absl::StatusOr<LogRecord> record =
      ReadLogRecord(*database_, rocksdb::ReadOptions(), next, nullptr);
  if (!record.ok()) return;
  if (newest_us - record->commit_time_us() <= absl::ToInt64Microseconds(kKeptFor)) return;
  SweepKeptAnswers().IgnoreError();  // tried again at the next turn
}

absl::StatusOr<int64_t> RocksStore::SweepKeptAnswers() {
  std::mutex mutex;
  std::condition_variable wakes;
  std::optional<absl::StatusOr<Outcome>> outcome;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closing_ || dead_) return errors::StoreClosed();
    queue_.Push({InternalCommand("sweepKeptAnswers"),
                 [&](absl::StatusOr<Outcome> result) {
                   std::lock_guard<std::mutex> lock(mutex);
                   outcome = std::move(result);
                   wakes.notify_one();
                 },
                 true});
    writer_wakes_.notify_one();
  }
  std::unique_lock<std::mutex> lock(mutex);
  wakes.wait(lock, [&] { return outcome.has_value(); });
  if (!outcome->ok()) return outcome->status();
  int64_t removed = 0;
  if (!absl::SimpleAtoi((*outcome)->response, &removed)) removed = 0;
  return removed;
}

}  // namespace nscl::store
