// The files of imports and exports: what is being received, and what a work made. They stand in a
// folder beside the store, mode 0600, and are no part of a backup.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/hash.h"
#include "common/store/store.h"
#include "nscl/registry/v1/operation.pb.h"

namespace nscl::registry::imports {

// Left free for the store when a file is taken or made.
inline constexpr int64_t kReserveBytes = int64_t{1} << 30;

class Files {
 public:
  // Makes the folder where it is not there. `volume` is where it stands; null: asks the system.
  static absl::StatusOr<std::unique_ptr<Files>> Open(const std::string& folder,
                                                     std::function<store::Volume()> volume);

  // Paths of an operation's files, by its name.
  std::string UploadOf(absl::string_view operation) const;
  std::string ResultOf(absl::string_view operation) const;
  std::string UnfinishedResultOf(absl::string_view operation) const;  // while it is written

  // RESOURCE_EXHAUSTED `STORAGE_FULL` unless so many bytes fit besides the reserve.
  absl::Status CheckSpace(int64_t bytes) const;

  // Puts the next bytes of an upload on disk, synced; bytes that are there must be the same. The
  // digest of the whole file where these were its last bytes, else "". INVALID_ARGUMENT
  // `IMPORT_SIZE`, OUT_OF_RANGE `IMPORT_OFFSET`, RESOURCE_EXHAUSTED `STORAGE_FULL`.
  absl::StatusOr<std::string> Receive(const v1::Operation& operation, int64_t offset,
                                      absl::string_view data);

  // A part of a file; empty beyond its end or where there is none.
  absl::StatusOr<std::string> Read(const std::string& path, int64_t offset, size_t bytes) const;
  int64_t SizeOf(const std::string& path) const;  // 0 where there is none
  bool Exists(const std::string& path) const;
  void Remove(const std::string& path);

  // The operations that have a file, by name, once for each file.
  struct Kept {
    std::string operation;
    std::string path;
    bool needed_by_work = false;  // and by nobody after it: an upload, an unfinished result
  };
  std::vector<Kept> All() const;

 private:
  // The digest of an upload so far.
  struct Upload {
    std::mutex mutex;
    store::Sha256Stream digest;
    int64_t digested = 0;
  };

  Files(std::string folder, std::function<store::Volume()> volume);
  std::string PathOf(absl::string_view operation, absl::string_view ending) const;
  std::shared_ptr<Upload> UploadNamed(const std::string& operation);
  absl::Status Digest(Upload& upload, const std::string& path, int64_t end);

  const std::string folder_;
  const std::function<store::Volume()> volume_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Upload>> uploads_;
};

}  // namespace nscl::registry::imports
