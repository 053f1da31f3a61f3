// Reads the head and single records of the commit log, and holds them against each other.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "common/store/rocks.h"
#include "nscl/store/v1/record.pb.h"

namespace nscl::store {

// What the database stands at. DATA_LOSS where head, log and events disagree.
absl::StatusOr<nscl::store::v1::Head> ReadHead(const Database& database);
// The log record of a revision.
absl::StatusOr<nscl::store::v1::LogRecord> ReadLogRecord(const Database& database,
                                                         const rocksdb::ReadOptions& options,
                                                         int64_t revision, std::string* hash);

}  // namespace nscl::store
