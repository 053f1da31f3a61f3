#include "common/store/folder_lock.h"

#include "absl/strings/str_cat.h"
#include "common/store/errors.h"
#include "common/store/marker.h"
#include "common/store/rocks.h"

namespace nscl::store {

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(rocksdb::Env* env,
                                                             const std::string& path) {
  rocksdb::FileLock* lock = nullptr;
  rocksdb::Status status = env->LockFile(absl::StrCat(path, "/", kLockName), &lock);
  if (!status.ok()) {
    if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
      return errors::StoreInUse(path);
    }
    return ToAbsl(status, path);
  }
  return std::unique_ptr<FolderLock>(new FolderLock(env, lock));
}

FolderLock::~FolderLock() { env_->UnlockFile(lock_).PermitUncheckedError(); }

}  // namespace nscl::store
