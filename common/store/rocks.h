// RocksDB as this store opens it: options with the reason of each, families, and statuses.
#pragma once

#include <rocksdb/db.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::store {

inline absl::string_view ToView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}
inline rocksdb::Slice ToSlice(absl::string_view view) { return {view.data(), view.size()}; }

// OK, DATA_LOSS `STORE_CORRUPT`, RESOURCE_EXHAUSTED `STORAGE_FULL` or UNAVAILABLE `STORE_IO`.
absl::Status ToAbsl(const rocksdb::Status& status, absl::string_view place);

// An open database and its families.
struct Database {
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* rows = nullptr;
  rocksdb::ColumnFamilyHandle* log = nullptr;
  rocksdb::ColumnFamilyHandle* history = nullptr;
  rocksdb::ColumnFamilyHandle* idempotency = nullptr;

  ~Database();
  // Closes the database; what it answers matters, so it is not left to the destructor.
  rocksdb::Status Close();
};

struct DatabaseOptions {
  std::string path;
  rocksdb::Env* env = nullptr;
  bool create = false;
  bool read_only = false;
  size_t block_cache_bytes = size_t{64} << 20;
  std::shared_ptr<rocksdb::EventListener> listener;
};

absl::StatusOr<std::shared_ptr<Database>> OpenDatabase(const DatabaseOptions& options);

// For the one batch of a group.
rocksdb::WriteOptions GroupWriteOptions(bool sync);
inline constexpr size_t kProtectionBytesPerKey = 8;

}  // namespace nscl::store
