#include "common/store/log_reader.h"

#include <limits>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/hash.h"
#include "common/store/keys.h"

namespace nscl::store {

using nscl::store::v1::Head;
using nscl::store::v1::LogRecord;

absl::StatusOr<LogRecord> ReadLogRecord(const Database& database,
                                        const rocksdb::ReadOptions& options, int64_t revision,
                                        std::string* hash) {
  const std::string place = absl::StrCat("log record ", revision);
  rocksdb::PinnableSlice value;
  rocksdb::Status status = database.db->Get(options, database.log, keys::LogKey(revision), &value);
  if (status.IsNotFound()) return errors::StoreCorrupt(place, "the record is missing");
  RETURN_IF_ERROR(ToAbsl(status, place));
  LogRecord record;
  if (value.size() < kHashBytes ||
      !record.ParseFromArray(value.data() + kHashBytes,
                             static_cast<int>(value.size() - kHashBytes))) {
    return errors::StoreCorrupt(place, "the record cannot be read");
  }
  if (hash != nullptr) hash->assign(value.data(), kHashBytes);
  return record;
}

absl::StatusOr<Head> ReadHead(const Database& database) {
  constexpr char kPlace[] = "head";
  rocksdb::PinnableSlice value;
  Head head;
  rocksdb::Status status =
      database.db->Get(rocksdb::ReadOptions(), database.log, keys::kHeadKey, &value);
  if (status.IsNotFound()) return errors::StoreCorrupt(kPlace, "the head is missing");
  RETURN_IF_ERROR(ToAbsl(status, kPlace));
  if (!head.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
      head.log_hash().size() != kHashBytes) {
    return errors::StoreCorrupt(kPlace, "the head cannot be read");
  }
  // The last record and the last event are the head's.
  std::unique_ptr<rocksdb::Iterator> log(
      database.db->NewIterator(rocksdb::ReadOptions(), database.log));
  log->SeekForPrev(keys::LogKey(std::numeric_limits<int64_t>::max()));
  int64_t last = 0;
  if (log->Valid() && log->key()[0] == keys::kLogKind) last = keys::NumberOf(ToView(log->key()));
  RETURN_IF_ERROR(ToAbsl(log->status(), kPlace));
  if (last != head.revision()) {
    return errors::StoreCorrupt(kPlace, absl::StrCat("the head says revision ", head.revision(),
                                                     ", the log ends at ", last));
  }
  if (head.revision() > 0) {
    std::string hash;
    ASSIGN_OR_RETURN(LogRecord record,
                     ReadLogRecord(database, rocksdb::ReadOptions(), head.revision(), &hash));
    if (hash != head.log_hash() || record.commit_time_us() != head.commit_time_us()) {
      return errors::StoreCorrupt(kPlace, "the head is not that of the last log record");
    }
  }
  log->SeekForPrev(keys::EventKey(std::numeric_limits<int64_t>::max()));
  last = 0;
  if (log->Valid() && log->key()[0] == keys::kEventKind) last = keys::NumberOf(ToView(log->key()));
  RETURN_IF_ERROR(ToAbsl(log->status(), kPlace));
  if (last != head.event_position()) {
    return errors::StoreCorrupt(kPlace,
                                absl::StrCat("the head says event position ", head.event_position(),
                                             ", the journal ends at ", last));
  }
  return head;
}

}  // namespace nscl::store
