// What a running command has staged: private until it succeeds, laid over what the group staged
// before it, laid over the database.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/store/rocks.h"
#include "common/store/store.h"

namespace nscl::store {

// A row that was staged; without a value it is erased.
struct StagedRow {
  std::optional<std::string> value;
  char tag = 's';  // keys::kStateTag and the like
};

struct KeyLess {
  using is_transparent = void;
  bool operator()(absl::string_view a, absl::string_view b) const { return a < b; }
};

// A tree, not a hash: scans merge it with the database; and its nodes stay where they are, so that
// a visit may stage while it scans.
using StagedRows = std::map<std::string, StagedRow, KeyLess>;

struct StagedEvent {
  nscl::event::v1::EventMetadata metadata;
  int resource_field = 0;
  std::string resource;
};

// Reads a row of the database, tag taken off.
absl::StatusOr<std::optional<std::string>> ReadRow(const Database& database,
                                                   const rocksdb::ReadOptions& options,
                                                   absl::string_view key);

// Visits the rows of a range: `upper` covers `lower` covers the database. Null overlays are empty.
absl::Status ScanRows(const Database& database, rocksdb::ReadOptions options, const KeyRange& range,
                      const StagedRows* upper, const StagedRows* lower,
                      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit);

class StagedTxn : public Txn {
 public:
  StagedTxn(const Database& database, const StagedRows& group, int64_t revision,
            absl::Time commit_time)
      : database_(database), group_(group), revision_(revision), commit_time_(commit_time) {}

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override;
  absl::Status Scan(
      const KeyRange& range,
      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const override;
  int64_t revision() const override { return revision_ - 1; }

  void Put(absl::string_view key, absl::string_view value) override;
  void Erase(absl::string_view key) override;
  void PutDerived(absl::string_view key, absl::string_view value) override;
  void EraseDerived(absl::string_view key) override;
  void PutPersonal(absl::string_view row_key, absl::string_view value) override;
  void ErasePersonal(absl::string_view row_key) override;
  void Emit(nscl::event::v1::EventMetadata metadata, int resource_field,
            absl::string_view resource) override;

  int64_t next_revision() const override { return revision_; }
  absl::Time commit_time() const override { return commit_time_; }

  StagedRows& rows() { return rows_; }
  std::vector<StagedEvent>& events() { return events_; }

 private:
  void Stage(absl::string_view key, absl::string_view value, char tag);
  void StageErase(absl::string_view key, char tag);

  const Database& database_;
  const StagedRows& group_;
  const int64_t revision_;
  const absl::Time commit_time_;
  StagedRows rows_;
  std::vector<StagedEvent> events_;
};

}  // namespace nscl::store
