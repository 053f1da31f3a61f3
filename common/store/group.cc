#include "common/store/group.h"

#include <cstdlib>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/keys.h"

namespace nscl::store {

using nscl::store::v1::Head;
using nscl::store::v1::KeptAnswer;
using nscl::store::v1::LogRecord;
using nscl::store::v1::Refusal;
using nscl::store::v1::RowImage;

namespace {

constexpr char kIdempotencyPlace[] = "idempotency";
constexpr char kLogPlace[] = "log";

// Refusals that another state would not have given: a retry must hear the same, whatever happened
// since.
bool DependsOnState(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kNotFound:
      return true;
    default:
      return false;
  }
}

}  // namespace

void AppendFieldHeader(std::string* out, int number, size_t length) {
  auto varint = [out](uint64_t value) {
    while (value >= 0x80) {
      out->push_back(static_cast<char>(value | 0x80));
      value >>= 7;
    }
    out->push_back(static_cast<char>(value));
  };
  varint(static_cast<uint64_t>(number) << 3 | 2);
  varint(length);
}

void AppendField(std::string* out, int number, absl::string_view value) {
  AppendFieldHeader(out, number, value.size());
  out->append(value.data(), value.size());
}

Refusal ToRefusal(const absl::Status& status) {
  Refusal refusal;
  refusal.set_code(static_cast<int>(status.code()));
  refusal.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    Refusal::Detail& detail = *refusal.add_details();
    detail.set_type_url(std::string(type_url));
    detail.set_value(std::string(payload));
  });
  return refusal;
}

absl::Status FromRefusal(const Refusal& refusal) {
  absl::Status status(static_cast<absl::StatusCode>(refusal.code()), refusal.message());
  for (const Refusal::Detail& detail : refusal.details()) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return status;
}

void Group::Begin(const Head& head) {
  head_ = head;
  rows_.clear();
  kept_.clear();
  batch_.Clear();
  dirty_ = false;
  answers_.clear();
}

void Group::Run(Waiting waiting, absl::Time now, const absl::Status& gate) noexcept {
  absl::StatusOr<Outcome> outcome = Execute(waiting, now, gate);
  answers_.push_back({std::move(waiting.done), std::move(outcome)});
}

absl::StatusOr<Outcome> Group::Execute(Waiting& waiting, absl::Time now, const absl::Status& gate) {
  const Command& command = waiting.command;
  if (command.cancelled && command.cancelled()) return errors::Cancelled();

  // A dry run keeps no answer and asks for none: its request id is free for the real one.
  std::string kept_key;
  if (!command.origin.request_id.empty() && !command.dry_run) {
    kept_key = keys::IdempotencyKey(command.origin.scope, command.origin.method,
                                    command.origin.request_id);
    ASSIGN_OR_RETURN(const KeptAnswer* kept, FindKept(kept_key));
    if (kept != nullptr) {
      if (kept->body_hash() != command.origin.body_hash) {
        return errors::RequestIdReused(command.origin.request_id);
      }
      if (kept->has_refusal()) return FromRefusal(kept->refusal());
      return Outcome{kept->response(), kept->revision(), true};
    }
  }
  RETURN_IF_ERROR(gate);

  // Commit times strictly increase, whatever the clock does.
  const int64_t commit_time_us = std::max(head_.commit_time_us() + 1, absl::ToUnixMicros(now));
  if (waiting.sweep) return Sweep(command, commit_time_us);

  StagedTxn txn(database_, rows_, head_.revision() + 1, absl::FromUnixMicros(commit_time_us));
  absl::StatusOr<std::string> response = command.apply(txn);
  if (command.dry_run) {
    if (!response.ok()) return response.status();
    return Outcome{*std::move(response), txn.next_revision(), false};
  }
  if (!response.ok()) {
    CommitRefusal(command, kept_key, commit_time_us, response.status());
    return response.status();
  }
  return Commit(command, kept_key, commit_time_us, txn, *std::move(response));
}

absl::StatusOr<const KeptAnswer*> Group::FindKept(const std::string& key) {
  if (auto in_group = kept_.find(key); in_group != kept_.end()) return &in_group->second;
  rocksdb::PinnableSlice value;
  rocksdb::Status status =
      database_.db->Get(rocksdb::ReadOptions(), database_.idempotency, key, &value);
  if (status.IsNotFound()) return nullptr;
  RETURN_IF_ERROR(ToAbsl(status, kIdempotencyPlace));
  if (!found_.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return errors::StoreCorrupt(kIdempotencyPlace, "a kept answer cannot be read");
  }
  return &found_;
}

void Group::BeginRecord(const Command& command, int64_t commit_time_us) {
  const Origin& origin = command.origin;
  record_.Clear();
  record_.set_revision(head_.revision() + 1);
  record_.set_epoch(head_.epoch());
  record_.set_commit_time_us(commit_time_us);
  record_.set_actor(origin.actor);
  record_.set_method(origin.method);
  record_.set_province(origin.province);
  record_.set_request_id(origin.request_id);
  record_.set_scope(origin.scope);
  record_.set_body_hash(origin.body_hash);
  record_.set_resource(origin.resource);
  record_.set_kept_forever(command.retention == Retention::kForever);
  events_.clear();
}

absl::StatusOr<Outcome> Group::Commit(const Command& command, const std::string& kept_key,
                                      int64_t commit_time_us, StagedTxn& txn,
                                      std::string response) {
  BeginRecord(command, commit_time_us);
  for (const auto& [key, row] : txn.rows()) {
    if (row.tag != keys::kStateTag) continue;
    RowImage& image = *record_.add_rows();
    image.set_key(key);
    if (row.value.has_value()) {
      image.set_value(*row.value);
    } else {
      image.set_erased(true);
    }
    Put(database_.history, keys::HistoryKey(key, record_.revision()), "");
  }
  if (!txn.events().empty()) StageEvents(command, txn.events(), commit_time_us);
  PutRecord();

  if (!kept_key.empty()) {
    KeptAnswer kept;
    kept.set_body_hash(command.origin.body_hash);
    kept.set_revision(head_.revision());
    kept.set_forever(command.retention == Retention::kForever);
    kept.set_response(response);
    Keep(kept_key, std::move(kept));
  }

  // The command's rows join the group's: nodes move, nothing is copied.
  StagedRows& rows = txn.rows();
  while (!rows.empty()) {
    auto inserted = rows_.insert(rows.extract(rows.begin()));
    if (!inserted.inserted) inserted.position->second = std::move(inserted.node.mapped());
  }
  return Outcome{std::move(response), head_.revision(), false};
}

void Group::CommitRefusal(const Command& command, const std::string& kept_key,
                          int64_t commit_time_us, const absl::Status& refusal) {
  BeginRecord(command, commit_time_us);
  *record_.mutable_refusal() = ToRefusal(refusal);
  PutRecord();
  if (kept_key.empty() || !DependsOnState(refusal.code())) return;
  KeptAnswer kept;
  kept.set_body_hash(command.origin.body_hash);
  kept.set_revision(head_.revision());
  kept.set_forever(command.retention == Retention::kForever);
  *kept.mutable_refusal() = record_.refusal();
  Keep(kept_key, std::move(kept));
}

absl::StatusOr<Outcome> Group::Sweep(const Command& command, int64_t commit_time_us) {
  const int64_t over_us = commit_time_us - absl::ToInt64Microseconds(kKeptFor);
  std::unique_ptr<rocksdb::Iterator> log(
      database_.db->NewIterator(rocksdb::ReadOptions(), database_.log));
  int64_t swept_through = head_.swept_through();
  int64_t removed = 0;
  int looked_at = 0;
  log->Seek(keys::LogKey(swept_through + 1));
  for (; log->Valid() && looked_at < kSweepRecords; log->Next(), ++looked_at) {
    absl::string_view value = ToView(log->value());
    LogRecord record;
    if (log->key()[0] != keys::kLogKind) break;
    if (value.size() < kHashBytes ||
        !record.ParseFromArray(value.data() + kHashBytes,
                               static_cast<int>(value.size() - kHashBytes))) {
      return errors::StoreCorrupt(absl::StrCat(kLogPlace, " ", swept_through + 1),
                                  "the record cannot be read");
    }
    if (record.commit_time_us() >= over_us) break;
    swept_through = record.revision();
    if (record.request_id().empty() || record.kept_forever()) continue;
    const std::string key =
        keys::IdempotencyKey(record.scope(), record.method(), record.request_id());
    ASSIGN_OR_RETURN(const KeptAnswer* kept, FindKept(key));
    // A later command may have taken the id after an earlier sweep.
    if (kept == nullptr || kept->revision() != record.revision()) continue;
    if (!batch_.Delete(database_.idempotency, key).ok()) std::abort();
    ++removed;
  }
  RETURN_IF_ERROR(ToAbsl(log->status(), kLogPlace));
  if (swept_through == head_.swept_through()) return Outcome{"0", head_.revision(), false};

  BeginRecord(command, commit_time_us);
  record_.set_swept_through(swept_through);
  PutRecord();
  head_.set_swept_through(swept_through);
  return Outcome{absl::StrCat(removed), head_.revision(), false};
}

void Group::StageEvents(const Command& command, std::vector<StagedEvent>& events,
                        int64_t commit_time_us) {
  static thread_local Sha256Stream hash;
  record_.set_first_event_position(head_.event_position() + 1);
  record_.set_event_count(static_cast<int>(events.size()));
  for (StagedEvent& event : events) {
    nscl::event::v1::EventMetadata& metadata = event.metadata;
    head_.set_event_position(head_.event_position() + 1);
    metadata.set_position(head_.event_position());
    metadata.set_epoch(head_.epoch());
    metadata.set_revision(record_.revision());
    metadata.mutable_commit_time()->set_seconds(commit_time_us / 1'000'000);
    metadata.mutable_commit_time()->set_nanos(static_cast<int>(commit_time_us % 1'000'000 * 1000));
    metadata.set_actor(command.origin.actor);
    metadata.set_request_id(command.origin.request_id);
    metadata.clear_log_hash();

    OpenEvent open;
    open.row_prefix = keys::EventRowPrefix(record_.revision(), metadata.province());
    metadata.SerializeToString(&open.metadata);
    AppendField(&open.resource, event.resource_field, event.resource);
    std::string header;
    AppendFieldHeader(&header, 1, open.metadata.size());
    std::string length;
    keys::AppendNumber(&length, header.size() + open.metadata.size() + open.resource.size());
    for (absl::string_view part :
         {absl::string_view(length), absl::string_view(header), absl::string_view(open.metadata),
          absl::string_view(open.resource)}) {
      hash.Add(part);
    }
    events_.push_back(std::move(open));
  }
  record_.set_events_hash(hash.Finish());
}

void Group::PutRecord() {
  buffer_.assign(kHashBytes, '\0');
  record_.AppendToString(&buffer_);
  const std::string hash =
      Sha256({head_.log_hash(), absl::string_view(buffer_).substr(kHashBytes)});
  buffer_.replace(0, kHashBytes, hash);
  Put(database_.log, keys::LogKey(record_.revision()), buffer_);

  if (!events_.empty()) {
    const std::string hex = Hex(hash);
    int64_t position = record_.first_event_position();
    for (const OpenEvent& event : events_) {
      buffer_ = event.row_prefix;
      AppendFieldHeader(&buffer_, 1, event.metadata.size() + kLogHashFieldBytes);
      buffer_.append(event.metadata).append(kLogHashTag, 2).append(hex).append(event.resource);
      Put(database_.log, keys::EventKey(position++), buffer_);
    }
  }
  head_.set_revision(record_.revision());
  head_.set_log_hash(hash);
  head_.set_commit_time_us(record_.commit_time_us());
  dirty_ = true;
}

void Group::Keep(const std::string& kept_key, KeptAnswer kept) {
  kept.SerializeToString(&buffer_);
  Put(database_.idempotency, kept_key, buffer_);
  kept_[kept_key] = std::move(kept);
}

void Group::Put(rocksdb::ColumnFamilyHandle* family, absl::string_view key,
                absl::string_view value) {
  if (!batch_.Put(family, ToSlice(key), ToSlice(value)).ok()) std::abort();
}

rocksdb::WriteBatch& Group::Seal() {
  // A row that several commands of the group changed is written once; the log has every image.
  for (const auto& [key, row] : rows_) {
    rocksdb::Status status;
    if (row.value.has_value()) {
      rocksdb::Slice key_part(key);
      rocksdb::Slice value_parts[2] = {rocksdb::Slice(&row.tag, 1), rocksdb::Slice(*row.value)};
      status = batch_.Put(database_.rows, rocksdb::SliceParts(&key_part, 1),
                          rocksdb::SliceParts(value_parts, 2));
    } else {
      status = batch_.Delete(database_.rows, rocksdb::Slice(key));
    }
    if (!status.ok()) std::abort();
  }
  head_.SerializeToString(&buffer_);
  Put(database_.log, keys::kHeadKey, buffer_);
  return batch_;
}

}  // namespace nscl::store
