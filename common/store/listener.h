// Hears of a store's flushes and background errors.
#pragma once

#include <rocksdb/listener.h>

#include <atomic>
#include <mutex>

#include "common/store/rocks_store.h"

namespace nscl::store {

// Hears of flushes and of background errors. RocksDB calls it from its own threads; it must not
// outlive its store's use of it, so Close detaches it.
class RocksStore::Listener : public rocksdb::EventListener {
 public:
  explicit Listener(RocksStore* store) : store_(store) {}

  void Detach() {
    std::lock_guard<std::mutex> lock(mutex_);
    store_ = nullptr;
  }
  // A flush or a compaction found no space; RocksDB goes on by itself when there is some.
  bool no_space() const { return no_space_; }
  // The log itself could not be written: what became of the last batch is not known.
  bool log_failed() const { return log_failed_; }

  void OnFlushCompleted(rocksdb::DB*, const rocksdb::FlushJobInfo&) override {
    std::lock_guard<std::mutex> lock(mutex_);
    if (store_ == nullptr) return;
    std::lock_guard<std::mutex> keeper(store_->keeper_mutex_);
    store_->anchor_due_ = true;
    store_->keeper_wakes_.notify_one();
  }

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    const bool background = reason == rocksdb::BackgroundErrorReason::kFlush ||
                            reason == rocksdb::BackgroundErrorReason::kFlushNoWAL ||
                            reason == rocksdb::BackgroundErrorReason::kCompaction;
    if (background && status->IsNoSpace()) {
      no_space_ = true;
      return;
    }
    if (!background) log_failed_ = true;
    std::lock_guard<std::mutex> lock(mutex_);
    if (store_ == nullptr) return;
    // Damage found by a compaction closes the store to writes; any other failure is the disk's.
    if (status->IsCorruption()) {
      store_->corrupt_ = true;
    } else if (background) {
      store_->FailStop(ToAbsl(*status, store_->options_.path));
    }
  }

  void OnErrorRecoveryEnd(const rocksdb::BackgroundErrorRecoveryInfo& info) override {
    if (info.new_bg_error.ok()) no_space_ = false;
  }

 private:
  std::mutex mutex_;
  RocksStore* store_;
  std::atomic<bool> no_space_{false};
  std::atomic<bool> log_failed_{false};
};

}  // namespace nscl::store
