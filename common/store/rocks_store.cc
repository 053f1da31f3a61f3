#include "common/store/rocks_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

#include "absl/strings/str_replace.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/listener.h"
#include "common/store/verify.h"

namespace nscl::store {

using nscl::store::v1::StoreStatus;

namespace {

// EX_IOERR of sysexits.h.
constexpr int kExitIo = 74;
// How long Close waits for snapshots that are still held.
constexpr absl::Duration kSnapshotPatience = absl::Seconds(5);

}  // namespace

RocksStore::RocksStore(Options options)
    : options_(std::move(options)),
      env_(options_.env != nullptr ? options_.env : rocksdb::Env::Default()),
      clock_guard_(options_.clock != nullptr ? options_.clock : &time::SystemClock(),
                   options_.steady_clock != nullptr ? options_.steady_clock
                   : options_.clock == nullptr || options_.clock == &time::SystemClock()
                       ? &SteadyClock()
                       : nullptr),
      queue_(options_.max_queue) {}

RocksStore::~RocksStore() { Close().IgnoreError(); }

StoreStatus RocksStore::StatusUnderLock() const {
  StoreStatus status;
  status.set_service(marker_.service);
  status.set_installation(marker_.installation);
  status.set_epoch(head_.epoch());
  status.set_revision(head_.revision());
  status.set_log_hash(Hex(head_.log_hash()));
  status.set_event_position(head_.event_position());
  const Space space = GetSpace();
  status.set_free_bytes(space.free);
  if (corrupt_ || dead_) {
    status.set_write_state(StoreStatus::WRITE_STATE_CORRUPT);
  } else if (regressed_.has_value()) {
    status.set_write_state(StoreStatus::WRITE_STATE_REGRESSED);
  } else if (clock_jumped_ && !clock_confirmed_) {
    status.set_write_state(StoreStatus::WRITE_STATE_CLOCK_JUMPED);
  } else if (space.low() || listener_->no_space()) {
    status.set_write_state(StoreStatus::WRITE_STATE_LOW_SPACE);
  } else if (Paused()) {
    status.set_write_state(StoreStatus::WRITE_STATE_PAUSED);
  } else {
    status.set_write_state(StoreStatus::WRITE_STATE_OPEN);
  }
  return status;
}

StoreStatus RocksStore::GetStatus() const {
  uint64_t table_bytes = 0;
  uint64_t memory_bytes = 0;
  if (database_ != nullptr && database_->db != nullptr) {
    database_->db->GetAggregatedIntProperty("rocksdb.total-sst-files-size", &table_bytes);
    // What the tables do not hold yet is in the log.
    database_->db->GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &memory_bytes);
  }
  std::lock_guard<std::mutex> lock(mutex_);
  StoreStatus status = StatusUnderLock();
  status.set_store_bytes(static_cast<int64_t>(table_bytes + memory_bytes));
  return status;
}

MemoryUse RocksStore::memory_use() const {
  uint64_t cache = 0;
  uint64_t buffers = 0;
  if (database_ == nullptr || database_->db == nullptr) return {};  // closed
  // The families share one cache: asked of one of them.
  database_->db->GetIntProperty(database_->rows, "rocksdb.block-cache-usage", &cache);
  database_->db->GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &buffers);
  return {static_cast<int64_t>(cache), static_cast<int64_t>(buffers)};
}

bool RocksStore::Paused() const {
  if (barrier_.has_value() && SteadyClock().Now() >= barrier_->until) barrier_.reset();
  return barrier_.has_value();
}

bool RocksStore::BarrierHolds(const std::string& id) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return Paused() && barrier_->id == id;
}

void RocksStore::ReleaseBarrier(const std::string& id) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!barrier_.has_value() || barrier_->id != id) return;
  barrier_.reset();
  writer_wakes_.notify_one();
}

absl::StatusOr<StoreStatus> RocksStore::PauseWrites(absl::string_view barrier_id,
                                                    absl::Duration lease) {
  if (lease <= absl::ZeroDuration() || lease > kMaxLease) return errors::LeaseRange(lease);
  if (barrier_id.empty()) return errors::BarrierGone(barrier_id);
  std::unique_lock<std::mutex> lock(mutex_);
  if (closing_ || dead_) return errors::StoreClosed();
  if (Paused() && barrier_->id != barrier_id) return errors::BarrierHeld(barrier_->id, barrier_id);
  barrier_ = Barrier{std::string(barrier_id), SteadyClock().Now() + lease};
  // The group under way ends first; no other begins.
  turn_ends_.wait(lock, [this] { return !writing_; });
  return StatusUnderLock();
}

void RocksStore::ConfirmClock() { clock_confirmed_ = true; }

absl::StatusOr<nscl::store::v1::VerifyStoreResponse> RocksStore::Verify() const {
  absl::StatusOr<nscl::store::v1::VerifyStoreResponse> response = VerifyDatabase(*database_);
  if (!response.ok()) return Noted(response.status());
  *response->mutable_status() = GetStatus();
  return response;
}

void RocksStore::FailStop(const absl::Status& status) const {
  if (dead_.exchange(true)) return;
  if (options_.fail_stop) return options_.fail_stop(status);
  // One line of JSON, like the log's: quotes and line breaks of the message go.
  const std::string message =
      absl::StrReplaceAll(status.message(), {{"\"", "'"}, {"\\", "/"}, {"\n", " "}});
  std::fprintf(stderr, "{\"level\":\"fatal\",\"service\":\"%s\",\"message\":\"store stops: %s\"}\n",
               options_.service.c_str(), message.c_str());
  std::fflush(stderr);
  _exit(kExitIo);
}

absl::Status RocksStore::Noted(absl::Status status) const {
  if (absl::IsDataLoss(status)) corrupt_ = true;
  if (absl::IsUnavailable(status)) FailStop(status);
  return status;
}

RocksStore::Space RocksStore::GetSpace() const {
  Volume volume{std::numeric_limits<int64_t>::max(), 0};
  struct statvfs asked;
  if (options_.volume) {
    volume = options_.volume();
  } else if (statvfs(options_.path.c_str(), &asked) == 0) {
    const int64_t block = static_cast<int64_t>(asked.f_frsize);
    volume = {static_cast<int64_t>(asked.f_bavail) * block,
              static_cast<int64_t>(asked.f_blocks) * block};
  }
  const int64_t share = volume.total_bytes / 100 * options_.low_space_percent;
  // Hysteresis: between the two limits it stays as it is.
  return {volume.free_bytes,
          std::max(low_space_ ? options_.resume_space_bytes : options_.low_space_bytes, share)};
}

absl::Status RocksStore::Close() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return absl::OkStatus();
    closed_ = true;
    closing_ = true;
    barrier_.reset();
    writer_wakes_.notify_all();
  }
  // In this order: the writer ends what is queued, the finisher answers it.
  writer_.join();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    turn_ends_.wait(lock, [this] { return !writing_; });
  }
  {
    std::lock_guard<std::mutex> lock(finisher_mutex_);
    finisher_ends_ = true;
    finisher_wakes_.notify_all();
  }
  finisher_.join();
  {
    std::lock_guard<std::mutex> lock(keeper_mutex_);
    keeper_ends_ = true;
    keeper_wakes_.notify_all();
  }
  keeper_.join();
  std::multimap<int64_t, Waiter> waiters;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiters.swap(waiters_);
  }
  for (auto& [position, waiter] : waiters) waiter.wake();

  group_.reset();
  absl::Status status;
  absl::StatusOr<Anchor> anchor = absl::UnavailableError("the store stopped after a failure");
  if (!dead_) {
    // What is in memory goes to the tables: the next start has no log to replay.
    rocksdb::FlushOptions flush;
    flush.wait = true;
    status = ToAbsl(database_->db->Flush(flush, {database_->rows, database_->log,
                                                 database_->history, database_->idempotency}),
                    options_.path);
    rocksdb::CancelAllBackgroundWork(database_->db.get(), true);
    // What regressed or was found damaged keeps the anchor that shows it.
    if (status.ok() && !corrupt_ && !regressed_.has_value()) anchor = CurrentAnchor(true);
  }
  listener_->Detach();

  const absl::Time patience = SteadyClock().Now() + kSnapshotPatience;
  while (database_.use_count() > 1 && SteadyClock().Now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (database_.use_count() > 1) {
    database_.reset();
    lock_.reset();
    return absl::FailedPreconditionError(
        "snapshots are still held; the store was not stopped cleanly");
  }
  rocksdb::Status closed = database_->Close();
  if (status.ok()) status = ToAbsl(closed, options_.path);
  if (status.ok() && anchor.ok()) {
    absl::StatusOr<std::vector<AnchoredFile>> small = SmallFiles(env_, options_.path, false);
    if (small.ok()) {
      anchor->files.insert(anchor->files.end(), small->begin(), small->end());
      status = WriteAnchor(env_, options_.path, *anchor);
    } else {
      status = small.status();
    }
  }
  lock_.reset();
  return status;
}

}  // namespace nscl::store
