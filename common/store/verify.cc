#include "common/store/verify.h"

#include <rocksdb/db.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/group.h"
#include "common/store/hash.h"
#include "common/store/keys.h"
#include "nscl/store/v1/record.pb.h"

namespace nscl::store {

using nscl::store::v1::Head;
using nscl::store::v1::LogRecord;
using nscl::store::v1::RowImage;
using nscl::store::v1::VerifyStoreResponse;

namespace {

// One consistent view of the database, released at the end.
class View {
 public:
  explicit View(const Database& database) : database_(database) {
    options_.snapshot = database.db->GetSnapshot();
    options_.fill_cache = false;  // a whole walk would push everything else out
  }
  ~View() { database_.db->ReleaseSnapshot(options_.snapshot); }
  const rocksdb::ReadOptions& options() const { return options_; }
  std::unique_ptr<rocksdb::Iterator> Walk(rocksdb::ColumnFamilyHandle* family) const {
    return std::unique_ptr<rocksdb::Iterator>(database_.db->NewIterator(options_, family));
  }

 private:
  const Database& database_;
  rocksdb::ReadOptions options_;
};

absl::Status ParseLogRow(absl::string_view value, const std::string& place, LogRecord* record) {
  if (value.size() < kHashBytes ||
      !record->ParseFromArray(value.data() + kHashBytes,
                              static_cast<int>(value.size() - kHashBytes))) {
    return errors::StoreCorrupt(place, "the record cannot be read");
  }
  return absl::OkStatus();
}

// Takes the log hash off an event's metadata, adds the rest to `hash` as it was when the record was
// closed.
absl::Status AddEvent(absl::string_view event, const std::string& place,
                      absl::string_view log_hash_hex, Sha256Stream* hash) {
  // Field 1, length-delimited, comes first; its last bytes are the log hash.
  size_t at = 1;
  size_t length = 0;
  for (int shift = 0; at < event.size() && shift < 35; shift += 7) {
    unsigned char byte = static_cast<unsigned char>(event[at++]);
    length |= static_cast<size_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) break;
  }
  if (event.empty() || event[0] != '\x0a' || length < kLogHashFieldBytes ||
      at + length > event.size()) {
    return errors::StoreCorrupt(place, "the event cannot be read");
  }
  absl::string_view metadata = event.substr(at, length - kLogHashFieldBytes);
  absl::string_view resource = event.substr(at + length);
  absl::string_view field = event.substr(at + metadata.size(), kLogHashFieldBytes);
  if (field != absl::StrCat(absl::string_view(kLogHashTag, 2), log_hash_hex)) {
    return errors::StoreCorrupt(place, "the event is not under the hash of its record");
  }
  std::string header;
  AppendFieldHeader(&header, 1, metadata.size());
  std::string bytes;
  keys::AppendNumber(&bytes, header.size() + metadata.size() + resource.size());
  for (absl::string_view part :
       {absl::string_view(bytes), absl::string_view(header), metadata, resource}) {
    hash->Add(part);
  }
  return absl::OkStatus();
}

// The events of a record: dense, under its revision and its hash.
absl::Status CheckEvents(const LogRecord& record, absl::string_view hash,
                         rocksdb::Iterator* journal, int64_t* last_position) {
  if (record.event_count() == 0) return absl::OkStatus();
  const std::string record_place = absl::StrCat("log record ", record.revision());
  if (record.first_event_position() != *last_position + 1) {
    return errors::StoreCorrupt(record_place, "its events do not follow those before");
  }
  const std::string hex = Hex(hash);
  Sha256Stream events_hash;
  for (int i = 0; i < record.event_count(); ++i, journal->Next()) {
    const std::string place = absl::StrCat("event ", *last_position + 1);
    keys::EventHeader header;
    if (!journal->Valid() || keys::NumberOf(ToView(journal->key())) != *last_position + 1) {
      RETURN_IF_ERROR(ToAbsl(journal->status(), place));
      return errors::StoreCorrupt(place, "the event is missing");
    }
    if (!keys::ParseEventRow(ToView(journal->value()), &header) ||
        header.revision != record.revision()) {
      return errors::StoreCorrupt(place, "the event is not of its record's revision");
    }
    RETURN_IF_ERROR(AddEvent(header.event, place, hex, &events_hash));
    ++*last_position;
  }
  if (events_hash.Finish() != record.events_hash()) {
    return errors::StoreCorrupt(record_place, "its events are not those that were committed");
  }
  return absl::OkStatus();
}

// The log: dense, chained, its events and history beside it.
absl::Status CheckLog(const Database& database, const View& view, const Head& head,
                      VerifyStoreResponse* response, int64_t* images) {
  std::unique_ptr<rocksdb::Iterator> log = view.Walk(database.log);
  std::unique_ptr<rocksdb::Iterator> journal = view.Walk(database.log);
  journal->Seek(keys::EventKey(0));
  std::string previous(kHashBytes, '\0');
  int64_t previous_time_us = std::numeric_limits<int64_t>::min();
  int64_t revision = 0;
  int64_t position = 0;
  for (log->Seek(keys::LogKey(0)); log->Valid() && log->key()[0] == keys::kLogKind; log->Next()) {
    const std::string place = absl::StrCat("log record ", ++revision);
    if (keys::NumberOf(ToView(log->key())) != revision) {
      return errors::StoreCorrupt(place, "the record is missing");
    }
    absl::string_view value = ToView(log->value());
    LogRecord record;
    RETURN_IF_ERROR(ParseLogRow(value, place, &record));
    if (record.revision() != revision)
      return errors::StoreCorrupt(place, "it has another revision");
    absl::string_view hash = value.substr(0, kHashBytes);
    if (Sha256({previous, value.substr(kHashBytes)}) != hash) {
      return errors::StoreCorrupt(place, "the chain of hashes is broken");
    }
    if (record.commit_time_us() <= previous_time_us) {
      return errors::StoreCorrupt(place, "its commit time is not after the one before");
    }
    RETURN_IF_ERROR(CheckEvents(record, hash, journal.get(), &position));
    for (const RowImage& image : record.rows()) {
      rocksdb::PinnableSlice ignored;
      rocksdb::Status status =
          database.db->Get(view.options(), database.history,
                           ToSlice(keys::HistoryKey(image.key(), revision)), &ignored);
      if (status.IsNotFound()) return errors::StoreCorrupt(place, "an image is not in the history");
      RETURN_IF_ERROR(ToAbsl(status, place));
      ++*images;
    }
    previous = std::string(hash);
    previous_time_us = record.commit_time_us();
  }
  RETURN_IF_ERROR(ToAbsl(log->status(), absl::StrCat("log record ", revision + 1)));
  RETURN_IF_ERROR(ToAbsl(journal->status(), absl::StrCat("event ", position + 1)));
  if (revision != head.revision() || previous != head.log_hash()) {
    return errors::StoreCorrupt(
        "head", absl::StrCat("the log ends at ", revision, ", the head is ", head.revision()));
  }
  if (position != head.event_position() ||
      (journal->Valid() && journal->key()[0] == keys::kEventKind)) {
    return errors::StoreCorrupt("head", absl::StrCat("the events of the log end at ", position,
                                                     ", the head says ", head.event_position()));
  }
  response->set_log_records(revision);
  response->set_events(position);
  return absl::OkStatus();
}

// State: each row is the last image of its key, and each key whose last image stands has its row.
// History and rows are walked side by side, so that memory does not grow with the store.
absl::Status CheckState(const Database& database, const View& view, int64_t images,
                        VerifyStoreResponse* response) {
  std::unique_ptr<rocksdb::Iterator> rows = view.Walk(database.rows);
  std::unique_ptr<rocksdb::Iterator> history = view.Walk(database.history);
  // Derived rows are rebuilt from state, personal data are in no image.
  const auto skip_others = [&rows] {
    while (rows->Valid() && !rows->value().empty() &&
           (rows->value()[0] == keys::kDerivedTag || rows->value()[0] == keys::kPersonalTag)) {
      rows->Next();
    }
  };
  int64_t state_rows = 0;
  int64_t entries = 0;
  rows->SeekToFirst();
  history->SeekToFirst();
  while (history->Valid()) {
    std::string key;
    int64_t revision = 0;
    if (!keys::ParseHistoryKey(ToView(history->key()), &key, &revision)) {
      return errors::StoreCorrupt("history", "a key cannot be read");
    }
    const std::string prefix = keys::HistoryPrefix(key);
    for (; history->Valid() && history->key().starts_with(prefix); history->Next(), ++entries) {
      revision =
          static_cast<int64_t>(keys::ReadNumber(ToView(history->key()).substr(prefix.size())));
    }
    const std::string place = absl::StrCat("log record ", revision);
    rocksdb::PinnableSlice value;
    rocksdb::Status status =
        database.db->Get(view.options(), database.log, keys::LogKey(revision), &value);
    if (status.IsNotFound())
      return errors::StoreCorrupt(place, "the history names a missing record");
    RETURN_IF_ERROR(ToAbsl(status, place));
    LogRecord record;
    RETURN_IF_ERROR(ParseLogRow(ToView(value), place, &record));
    const RowImage* last = nullptr;
    for (const RowImage& image : record.rows()) {
      if (image.key() == key) last = &image;
    }
    if (last == nullptr) return errors::StoreCorrupt(place, "the history names a missing image");
    if (last->erased()) continue;
    skip_others();
    RETURN_IF_ERROR(ToAbsl(rows->status(), "rows"));
    if (!rows->Valid() || ToView(rows->key()) != key || rows->value().empty() ||
        ToView(rows->value()).substr(1) != last->value()) {
      return errors::StoreCorrupt(
          absl::StrCat("row after state row ", state_rows),
          absl::StrCat("state is not the fold of the log at record ", revision));
    }
    ++state_rows;
    rows->Next();
  }
  RETURN_IF_ERROR(ToAbsl(history->status(), "history"));
  skip_others();
  RETURN_IF_ERROR(ToAbsl(rows->status(), "rows"));
  if (rows->Valid()) {
    return errors::StoreCorrupt("rows", "there is a state row that no log record wrote");
  }
  if (entries != images) {
    return errors::StoreCorrupt("history", "it has entries that the log does not have");
  }
  response->set_state_rows(state_rows);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerifyStoreResponse> VerifyDatabase(const Database& database) {
  RETURN_IF_ERROR(ToAbsl(database.db->VerifyChecksum(), "table blocks"));
  RETURN_IF_ERROR(ToAbsl(database.db->VerifyFileChecksums(rocksdb::ReadOptions()), "table files"));
  View view(database);
  rocksdb::PinnableSlice value;
  RETURN_IF_ERROR(
      ToAbsl(database.db->Get(view.options(), database.log, keys::kHeadKey, &value), "head"));
  Head head;
  if (!head.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return errors::StoreCorrupt("head", "the head cannot be read");
  }
  VerifyStoreResponse response;
  int64_t images = 0;
  RETURN_IF_ERROR(CheckLog(database, view, head, &response, &images));
  RETURN_IF_ERROR(CheckState(database, view, images, &response));
  return response;
}

}  // namespace nscl::store
