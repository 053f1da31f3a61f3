// Snapshots, reads as of a revision, pages of events.
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/keys.h"
#include "common/store/log_reader.h"
#include "common/store/rocks_store.h"

namespace nscl::store {

using nscl::store::v1::Head;
using nscl::store::v1::LogRecord;

namespace {

// Events that one page looks at, in scope or not, so that a filter does not read the whole journal.
constexpr int kMaxEventsLookedAt = 10'000;

class RocksSnapshot : public Snapshot {
 public:
  explicit RocksSnapshot(std::shared_ptr<Database> database,
                         std::function<absl::Status(absl::Status)> noted)
      : database_(std::move(database)), noted_(std::move(noted)) {
    options_.snapshot = database_->db->GetSnapshot();
  }
  ~RocksSnapshot() override { database_->db->ReleaseSnapshot(options_.snapshot); }

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    absl::StatusOr<std::optional<std::string>> value = ReadRow(*database_, options_, key);
    if (!value.ok()) return noted_(value.status());
    return value;
  }

  absl::Status Scan(
      const KeyRange& range,
      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const override {
    return noted_(ScanRows(*database_, options_, range, nullptr, nullptr, visit));
  }

  int64_t revision() const override { return head().revision(); }
  int64_t event_position() const override { return head().event_position(); }

 private:
  // Read when it is asked for: most calls do not ask.
  const Head& head() const {
    if (!head_.has_value()) {
      head_.emplace();
      rocksdb::PinnableSlice value;
      rocksdb::Status status = database_->db->Get(options_, database_->log, keys::kHeadKey, &value);
      // The head was read when the store was opened: what fails here is the disk, and is noted as
      // such.
      if (!noted_(ToAbsl(status, "head")).ok()) return *head_;
      head_->ParseFromArray(value.data(), static_cast<int>(value.size()));
    }
    return *head_;
  }

  std::shared_ptr<Database> database_;
  std::function<absl::Status(absl::Status)> noted_;
  rocksdb::ReadOptions options_;
  mutable std::optional<Head> head_;
};

}  // namespace

std::unique_ptr<Snapshot> RocksStore::TakeSnapshot() const {
  return std::make_unique<RocksSnapshot>(
      database_, [this](absl::Status status) { return status.ok() ? status : Noted(status); });
}

absl::StatusOr<std::optional<std::string>> RocksStore::LatestReader::Get(
    absl::string_view key) const {
  absl::StatusOr<std::optional<std::string>> value =
      ReadRow(*store_.database_, rocksdb::ReadOptions(), key);
  if (!value.ok()) return store_.Noted(value.status());
  return value;
}

absl::Status RocksStore::LatestReader::Scan(
    const KeyRange& range,
    absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const {
  return store_.Noted(
      ScanRows(*store_.database_, rocksdb::ReadOptions(), range, nullptr, nullptr, visit));
}

int64_t RocksStore::LatestReader::revision() const {
  std::lock_guard<std::mutex> lock(store_.mutex_);
  return store_.head_.revision();
}

absl::StatusOr<std::optional<std::string>> RocksStore::GetAsOf(absl::string_view key,
                                                               int64_t revision) const {
  int64_t head;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    head = head_.revision();
  }
  if (revision > head) return errors::RevisionAhead(revision, head);
  if (revision <= 0) return std::nullopt;
  const std::string prefix = keys::HistoryPrefix(key);
  std::unique_ptr<rocksdb::Iterator> history(
      database_->db->NewIterator(rocksdb::ReadOptions(), database_->history));
  history->SeekForPrev(keys::HistoryKey(key, revision));
  RETURN_IF_ERROR(Noted(ToAbsl(history->status(), "history")));
  if (!history->Valid() || history->key().size() != prefix.size() + 8 ||
      !history->key().starts_with(prefix)) {
    return std::nullopt;
  }
  const int64_t at =
      static_cast<int64_t>(keys::ReadNumber(ToView(history->key()).substr(prefix.size())));
  absl::StatusOr<LogRecord> record = ReadLogRecord(*database_, rocksdb::ReadOptions(), at, nullptr);
  if (!record.ok()) return Noted(record.status());
  for (nscl::store::v1::RowImage& image : *record->mutable_rows()) {
    if (image.key() != key) continue;
    if (image.erased()) return std::nullopt;
    return std::move(*image.mutable_value());
  }
  return Noted(errors::StoreCorrupt(absl::StrCat("log record ", at), "an image is missing"));
}

absl::StatusOr<int64_t> RocksStore::RevisionBefore(absl::Time instant) const {
  const int64_t before_us = absl::ToUnixMicros(instant);
  int64_t first = 0;
  int64_t last;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    last = head_.revision();
    if (head_.commit_time_us() < before_us) return last;
  }
  // Revisions are dense and commit times rise with them: the last one before lies in first..last-1.
  while (last - first > 1) {
    const int64_t middle = first + (last - first) / 2;
    absl::StatusOr<LogRecord> record =
        ReadLogRecord(*database_, rocksdb::ReadOptions(), middle, nullptr);
    if (!record.ok()) return Noted(record.status());
    (record->commit_time_us() < before_us ? first : last) = middle;
  }
  return first;
}

absl::StatusOr<EventPage> RocksStore::ReadEvents(int64_t after_position, int64_t epoch,
                                                 absl::string_view province, int limit) const {
  EventPage page;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    page.epoch = head_.epoch();
    page.head_position = head_.event_position();
  }
  if (after_position < 0) return errors::CursorNegative(after_position);
  if (epoch != 0 && epoch != page.epoch) return errors::EpochChanged(epoch, page.epoch);
  if (after_position > page.head_position) {
    return errors::CursorAhead(after_position, page.head_position);
  }
  const bool all = province.empty() || province == "-";
  page.next_position = after_position;
  std::unique_ptr<rocksdb::Iterator> journal(
      database_->db->NewIterator(rocksdb::ReadOptions(), database_->log));
  int64_t revision = 0;
  int looked_at = 0;
  journal->Seek(keys::EventKey(after_position + 1));
  for (; journal->Valid() && page.next_position < page.head_position; journal->Next()) {
    keys::EventHeader header;
    const std::string place = absl::StrCat("event ", page.next_position + 1);
    if (keys::NumberOf(ToView(journal->key())) != page.next_position + 1 ||
        !keys::ParseEventRow(ToView(journal->value()), &header)) {
      return Noted(errors::StoreCorrupt(place, "the event is missing or cannot be read"));
    }
    // A command is never split: the page ends where the next one begins.
    const bool full =
        static_cast<int>(page.events.size()) >= limit || looked_at >= kMaxEventsLookedAt;
    if (full && header.revision != revision) break;
    revision = header.revision;
    ++looked_at;
    ++page.next_position;
    if (all || header.province == province) {
      page.events.emplace_back(header.event.data(), header.event.size());
    }
  }
  RETURN_IF_ERROR(Noted(ToAbsl(journal->status(), "events")));
  if (!journal->Valid() && page.next_position < page.head_position) {
    return Noted(errors::StoreCorrupt(absl::StrCat("event ", page.next_position + 1),
                                      "the event is missing"));
  }
  return page;
}

}  // namespace nscl::store
