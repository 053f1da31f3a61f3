// A file system between RocksDB and the disk that fails on command: the n-th write or sync gives an
// error, the disk is full, or what was not synced is lost when the power goes.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace nscl::store {

class FaultyDisk : public rocksdb::FileSystemWrapper {
 public:
  FaultyDisk();
  const char* Name() const override { return "FaultyDisk"; }

  // The env to open a store with. The disk must outlive it.
  static std::unique_ptr<rocksdb::Env> EnvOf(const std::shared_ptr<FaultyDisk>& disk);

  // What can fail.
  enum class Operation { kWrite, kSync };
  // The n-th such operation from now on fails with an I/O error, and with it all later ones, as
  // after a dying disk: 1 is the next. A failing write leaves half of its bytes.
  void FailFrom(Operation operation, int n);
  // All writes and new files fail with "no space".
  void SetFull(bool full) { full_ = full; }
  // New table files fail with "no space": flushes and compactions do, the log goes on.
  void SetNoSpaceForTables(bool full) { no_tables_ = full; }
  // Works again.
  void Heal();
  // Operations since the start or the last FailFrom.
  int writes() const { return writes_; }
  int syncs() const { return syncs_; }
  // Whether an operation failed since the last Heal.
  bool failed() const { return failed_; }

  // Holds bytes back until they are synced, as a page cache does; must be set before a store is
  // opened.
  void BufferUnsynced() { buffering_ = true; }
  // The power goes: what was not synced is gone, and no file that is open now writes any more.
  void LosePower();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* result,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* result,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  class File;
  class Folder;

  // OK, or the failure that is due.
  rocksdb::IOStatus Next(Operation operation);

  std::atomic<int> writes_{0}, syncs_{0};
  std::atomic<int> fail_write_{0}, fail_sync_{0};  // 0: never
  std::atomic<bool> full_{false};
  std::atomic<bool> no_tables_{false};
  std::atomic<bool> failed_{false};
  std::atomic<bool> buffering_{false};
  std::atomic<int> power_{0};  // files of an earlier power cycle are dead
};

}  // namespace nscl::store
