#include "common/store/testing/faulty_disk.h"

#include <utility>

namespace nscl::store {

using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

namespace {

IOStatus IoError() { return IOStatus::IOError("injected I/O error"); }

}  // namespace

// A file whose unsynced bytes may still be in memory. Reads through the same file system see only
// what reached the disk; RocksDB reads back what it wrote only after a sync or a close (a close
// does not sync: the kernel would show the bytes, so they are let through to a shadow, see Close).
class FaultyDisk::File : public FSWritableFile {
 public:
  File(FaultyDisk* disk, std::string name, std::unique_ptr<FSWritableFile> target)
      : disk_(disk), name_(std::move(name)), target_(std::move(target)), power_(disk->power_) {}
  ~File() override = default;

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (power_ != disk_->power_) return IoError();
    if (IOStatus due = disk_->Next(Operation::kWrite); !due.ok()) {
      // A torn write, unless there is no space at all.
      if (!due.IsNoSpace() && !disk_->buffering_) {
        target_->Append(Slice(data.data(), data.size() / 2), options, debug).PermitUncheckedError();
        target_->Flush(options, debug).PermitUncheckedError();
      }
      return due;
    }
    if (!disk_->buffering_) return target_->Append(data, options, debug);
    buffer_.append(data.data(), data.size());
    return IOStatus::OK();
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* debug) override {
    return disk_->buffering_ ? IOStatus::OK() : target_->Flush(options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (power_ != disk_->power_) return IoError();
    if (IOStatus due = disk_->Next(Operation::kSync); !due.ok()) return due;
    IOStatus written = WriteOut(options, debug);
    return written.ok() ? target_->Sync(options, debug) : written;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  bool IsSyncThreadSafe() const override { return false; }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    // What was never synced is dropped: harsher than a disk, and right for files that promise
    // anything.
    return target_->Close(options, debug);
  }
  IOStatus Truncate(uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    return target_->Truncate(size, options, debug);
  }
  uint64_t GetFileSize(const IOOptions& options, IODebugContext* debug) override {
    return target_->GetFileSize(options, debug) + buffer_.size();
  }
  bool use_direct_io() const override { return false; }
  // Ranges and preallocation are hints; what they do is left out.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  IOStatus WriteOut(const IOOptions& options, IODebugContext* debug) {
    if (buffer_.empty()) return IOStatus::OK();
    IOStatus status = target_->Append(buffer_, options, debug);
    if (status.ok()) buffer_.clear();
    return status;
  }

  FaultyDisk* const disk_;
  const std::string name_;
  const std::unique_ptr<FSWritableFile> target_;
  const int power_;
  std::string buffer_;
};

class FaultyDisk::Folder : public FSDirectory {
 public:
  Folder(FaultyDisk* disk, std::unique_ptr<FSDirectory> target)
      : disk_(disk), target_(std::move(target)) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (IOStatus due = disk_->Next(Operation::kSync); !due.ok()) return due;
    return target_->Fsync(options, debug);
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& folder_options) override {
    if (IOStatus due = disk_->Next(Operation::kSync); !due.ok()) return due;
    return target_->FsyncWithDirOptions(options, debug, folder_options);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return target_->Close(options, debug);
  }

 private:
  FaultyDisk* const disk_;
  const std::unique_ptr<FSDirectory> target_;
};

FaultyDisk::FaultyDisk() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}

std::unique_ptr<rocksdb::Env> FaultyDisk::EnvOf(const std::shared_ptr<FaultyDisk>& disk) {
  return rocksdb::NewCompositeEnv(disk);
}

void FaultyDisk::FailFrom(Operation operation, int n) {
  writes_ = syncs_ = 0;
  (operation == Operation::kWrite ? fail_write_ : fail_sync_) = n;
}

void FaultyDisk::Heal() {
  fail_write_ = fail_sync_ = 0;
  full_ = failed_ = no_tables_ = false;
}

void FaultyDisk::LosePower() { ++power_; }

IOStatus FaultyDisk::Next(Operation operation) {
  const bool write = operation == Operation::kWrite;
  const int n = ++(write ? writes_ : syncs_);
  const int fail_write = fail_write_, fail_sync = fail_sync_;
  // Once it failed, all fails: reading the counters of both kinds.
  if ((write && fail_write != 0 && n >= fail_write) ||
      (!write && fail_sync != 0 && n >= fail_sync) || (failed_ && !full_)) {
    failed_ = true;
    return IoError();
  }
  if (write && full_) {
    failed_ = true;
    return IOStatus::NoSpace("injected: no space");
  }
  return IOStatus::OK();
}

IOStatus FaultyDisk::NewWritableFile(const std::string& name, const FileOptions& options,
                                     std::unique_ptr<FSWritableFile>* result,
                                     IODebugContext* debug) {
  const bool table = name.size() > 4 && name.compare(name.size() - 4, 4, ".sst") == 0;
  if (full_ || (no_tables_ && table)) return IOStatus::NoSpace("injected: no space");
  if (failed_) return IoError();
  std::unique_ptr<FSWritableFile> file;
  IOStatus status = FileSystemWrapper::NewWritableFile(name, options, &file, debug);
  if (status.ok()) *result = std::make_unique<File>(this, name, std::move(file));
  return status;
}

IOStatus FaultyDisk::ReopenWritableFile(const std::string& name, const FileOptions& options,
                                        std::unique_ptr<FSWritableFile>* result,
                                        IODebugContext* debug) {
  std::unique_ptr<FSWritableFile> file;
  IOStatus status = FileSystemWrapper::ReopenWritableFile(name, options, &file, debug);
  if (status.ok()) *result = std::make_unique<File>(this, name, std::move(file));
  return status;
}

IOStatus FaultyDisk::NewDirectory(const std::string& name, const IOOptions& options,
                                  std::unique_ptr<FSDirectory>* result, IODebugContext* debug) {
  std::unique_ptr<FSDirectory> folder;
  IOStatus status = FileSystemWrapper::NewDirectory(name, options, &folder, debug);
  if (status.ok()) *result = std::make_unique<Folder>(this, std::move(folder));
  return status;
}

IOStatus FaultyDisk::RenameFile(const std::string& from, const std::string& to,
                                const IOOptions& options, IODebugContext* debug) {
  if (failed_ && !full_) return IoError();
  return FileSystemWrapper::RenameFile(from, to, options, debug);
}

IOStatus FaultyDisk::DeleteFile(const std::string& name, const IOOptions& options,
                                IODebugContext* debug) {
  if (failed_ && !full_) return IoError();
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

}  // namespace nscl::store
