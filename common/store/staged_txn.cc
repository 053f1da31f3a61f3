#include "common/store/staged_txn.h"

#include <memory>
#include <utility>

#include "common/store/errors.h"
#include "common/store/keys.h"

namespace nscl::store {
namespace {

constexpr char kRowsPlace[] = "rows";

// One of the two overlays of a scan, restricted to the range.
class OverlayCursor {
 public:
  OverlayCursor(const StagedRows* rows, const KeyRange& range) : rows_(rows), end_(range.end) {
    if (rows_ != nullptr) at_ = rows_->lower_bound(range.begin);
  }
  bool valid() const {
    return rows_ != nullptr && at_ != rows_->end() &&
           (end_.empty() || absl::string_view(at_->first) < end_);
  }
  absl::string_view key() const { return at_->first; }
  const StagedRow& row() const { return at_->second; }
  void Next() { ++at_; }

 private:
  const StagedRows* rows_;
  absl::string_view end_;
  StagedRows::const_iterator at_;
};

}  // namespace

absl::StatusOr<std::optional<std::string>> ReadRow(const Database& database,
                                                   const rocksdb::ReadOptions& options,
                                                   absl::string_view key) {
  rocksdb::PinnableSlice value;
  rocksdb::Status status = database.db->Get(options, database.rows, ToSlice(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return ToAbsl(status, kRowsPlace);
  if (value.empty()) return errors::StoreCorrupt(kRowsPlace, "a row has no tag");
  return std::string(value.data() + 1, value.size() - 1);
}

absl::Status ScanRows(const Database& database, rocksdb::ReadOptions options, const KeyRange& range,
                      const StagedRows* upper, const StagedRows* lower,
                      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) {
  // What stands before the service's keys is personal: read one by one or not at all.
  if (range.begin.empty() || range.begin[0] < keys::kFirstServiceByte) {
    return ScanRows(database, std::move(options),
                    {std::string(1, keys::kFirstServiceByte), range.end}, upper, lower, visit);
  }
  if (!range.end.empty() && range.end <= range.begin) return absl::OkStatus();
  rocksdb::Slice bound = ToSlice(range.end);
  if (!range.end.empty()) options.iterate_upper_bound = &bound;
  std::unique_ptr<rocksdb::Iterator> stored(database.db->NewIterator(options, database.rows));
  stored->Seek(ToSlice(range.begin));
  OverlayCursor top(upper, range);
  OverlayCursor middle(lower, range);
  while (true) {
    // A damaged block ends an iterator early, and only status() tells.
    if (!stored->Valid() && !stored->status().ok()) return ToAbsl(stored->status(), kRowsPlace);
    absl::string_view key;
    bool found = false;
    if (stored->Valid()) key = ToView(stored->key()), found = true;
    if (middle.valid() && (!found || middle.key() < key)) key = middle.key(), found = true;
    if (top.valid() && (!found || top.key() < key)) key = top.key(), found = true;
    if (!found) return absl::OkStatus();

    const bool in_top = top.valid() && top.key() == key;
    const bool in_middle = middle.valid() && middle.key() == key;
    const bool in_stored = stored->Valid() && ToView(stored->key()) == key;
    bool go_on = true;
    if (in_top || in_middle) {
      const StagedRow& row = in_top ? top.row() : middle.row();
      if (row.value.has_value()) go_on = visit(key, *row.value);
    } else {
      if (stored->value().empty()) return errors::StoreCorrupt(kRowsPlace, "a row has no tag");
      go_on = visit(key, ToView(stored->value()).substr(1));
    }
    if (!go_on) return absl::OkStatus();
    if (in_top) top.Next();
    if (in_middle) middle.Next();
    if (in_stored) stored->Next();
  }
}

absl::StatusOr<std::optional<std::string>> StagedTxn::Get(absl::string_view key) const {
  if (auto mine = rows_.find(key); mine != rows_.end()) return mine->second.value;
  if (auto before = group_.find(key); before != group_.end()) return before->second.value;
  return ReadRow(database_, rocksdb::ReadOptions(), key);
}

absl::Status StagedTxn::Scan(
    const KeyRange& range,
    absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const {
  return ScanRows(database_, rocksdb::ReadOptions(), range, &rows_, &group_, visit);
}

void StagedTxn::Put(absl::string_view key, absl::string_view value) {
  Stage(key, value, keys::kStateTag);
}

void StagedTxn::Erase(absl::string_view key) { StageErase(key, keys::kStateTag); }

void StagedTxn::PutDerived(absl::string_view key, absl::string_view value) {
  Stage(key, value, keys::kDerivedTag);
}

void StagedTxn::EraseDerived(absl::string_view key) { StageErase(key, keys::kDerivedTag); }

void StagedTxn::PutPersonal(absl::string_view row_key, absl::string_view value) {
  Stage(keys::PersonalKey(row_key), value, keys::kPersonalTag);
}

void StagedTxn::ErasePersonal(absl::string_view row_key) {
  StageErase(keys::PersonalKey(row_key), keys::kPersonalTag);
}

void StagedTxn::Emit(nscl::event::v1::EventMetadata metadata, int resource_field,
                     absl::string_view resource) {
  events_.push_back({std::move(metadata), resource_field, std::string(resource)});
}

void StagedTxn::Stage(absl::string_view key, absl::string_view value, char tag) {
  auto at = rows_.lower_bound(key);
  if (at == rows_.end() || at->first != key)
    at = rows_.emplace_hint(at, std::string(key), StagedRow());
  at->second.value.emplace(value.data(), value.size());
  at->second.tag = tag;
}

void StagedTxn::StageErase(absl::string_view key, char tag) {
  StagedRow& row = rows_[std::string(key)];
  row.value.reset();
  row.tag = tag;
}

}  // namespace nscl::store
