// Held by one process for as long as it has a store's folder open.
#pragma once

#include <rocksdb/env.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace nscl::store {

class FolderLock {
 public:
  // FAILED_PRECONDITION `STORE_IN_USE` where another process has it.
  static absl::StatusOr<std::unique_ptr<FolderLock>> Take(rocksdb::Env* env,
                                                          const std::string& path);
  ~FolderLock();

 private:
  FolderLock(rocksdb::Env* env, rocksdb::FileLock* lock) : env_(env), lock_(lock) {}
  rocksdb::Env* env_;
  rocksdb::FileLock* lock_;
};

}  // namespace nscl::store
