// Small text files beside RocksDB's own: lines "<key> <value>", closed by a line with the SHA-256
// of what is above it, and replaced as a whole (temporary file, sync, rename, sync of the folder).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rocksdb {
class Env;
}

namespace nscl::store {

using SealedLines = std::vector<std::pair<std::string, std::string>>;

// Writes the file. RESOURCE_EXHAUSTED where the volume is full, UNAVAILABLE where the disk fails;
// the file is then as it was.
absl::Status WriteSealedFile(rocksdb::Env* env, const std::string& path, const SealedLines& lines);

// Reads it: NOT_FOUND where there is none, DATA_LOSS where the seal is broken.
absl::StatusOr<SealedLines> ReadSealedFile(rocksdb::Env* env, const std::string& path);

// Makes a rename or a new file in the folder durable.
absl::Status SyncFolder(rocksdb::Env* env, const std::string& folder);

}  // namespace nscl::store
