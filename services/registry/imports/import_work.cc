// An import: the file is read once to the end before its first row is stored, so that a fault of
// the file as a whole stores nothing; then its rows go to the writer in batches, and a batch and
// the number of rows done are one commit. Refused rows are listed in the file of errors.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <future>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/resource/name.h"
#include "common/sheet/csv.h"
#include "common/sheet/file.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/registry/imports/errors.h"
#include "services/registry/imports/work.h"

namespace nscl::registry::imports {
namespace {

// Rows of a command: at most 500, and no command is to hold the writer for long.
constexpr int64_t kBatchRows = 250;
// Batches that are prepared while one is being stored.
constexpr size_t kBatchesUnderWay = 3;
// Rows that are counted, or passed over, in a step.
constexpr int64_t kStepRows = 20'000;
constexpr int64_t kMaxErrorBytes = int64_t{64} << 20;
constexpr absl::Duration kRetryAfter = absl::Milliseconds(20);

// A row of a batch.
struct BatchRow {
  sheet::Row row;
  std::unique_ptr<PreparedRow> prepared;
  absl::Status refused;
};

struct Batch {
  int64_t first = 0;  // rows of the file before it
  std::vector<BatchRow> rows;
  bool dry_run = false;  // nothing is stored, not even the count: rows whose refusals are wanted
  // What applying it gave; of the last attempt.
  std::vector<absl::Status> refusals;
  v1::Operation counts;
  std::future<absl::StatusOr<store::Outcome>> outcome;
};

bool IsOfTheRow(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
      return true;
    default:
      return false;
  }
}

class Import final : public Work {
 public:
  Import(const Workshop& workshop, const v1::Operation& operation)
      : workshop_(workshop),
        operation_(operation),
        dataset_(workshop.dataset(operation.dataset())),
        upload_(workshop.files.UploadOf(operation.name())),
        errors_path_(workshop.files.ResultOf(operation.name())),
        province_(resource::ProvinceOf(operation.name())) {}

  ~Import() override {
    // Commands under way write to the batches.
    for (const std::unique_ptr<Batch>& batch : under_way_) {
      if (batch->outcome.valid()) batch->outcome.wait();
    }
  }

  absl::StatusOr<bool> Step() override {
    if (reader_ == nullptr) RETURN_IF_ERROR(OpenFile());
    if (!counted_) return Count();
    if (done_ < resume_at_) return PassOver();
    return StoreNext();
  }

 private:
  absl::Status OpenFile();
  absl::StatusOr<bool> Count();
  absl::StatusOr<bool> PassOver();
  absl::StatusOr<bool> StoreNext();
  absl::StatusOr<std::optional<sheet::Row>> NextRow();
  absl::StatusOr<std::unique_ptr<Batch>> ReadBatch(int64_t rows);
  void Prepare(BatchRow& row, const store::Reader& reader, const Scope& scope);
  void Submit(Batch& batch);
  absl::Status ApplyRows(store::Txn& txn, Batch& batch) const;
  absl::StatusOr<std::unique_ptr<Batch>> TakeSettled();
  absl::Status Settle();
  absl::Status CountDryRun(const Batch& batch);
  absl::Status ListRefused(const Batch& batch);
  absl::Status BeginErrors();
  absl::Status CopyListed(size_t width, sheet::Writer& fresh);
  absl::StatusOr<bool> Finish();
  absl::Status RunPatiently(const std::function<store::Command()>& make);

  const Workshop& workshop_;
  const v1::Operation operation_;  // as it was when the work began
  const Dataset& dataset_;
  const std::string upload_;
  const std::string errors_path_;
  const std::string province_;

  std::unique_ptr<sheet::Reader> reader_;
  std::optional<Header> header_;
  bool counted_ = false;
  bool after_titles_ = false;
  int64_t rows_total_ = 0;
  int64_t done_ = 0;       // rows read
  int64_t resume_at_ = 0;  // rows that were stored before a restart
  absl::flat_hash_map<uint64_t, int64_t> seen_;
  std::deque<std::unique_ptr<Batch>> under_way_;
  sheet::File errors_;
  int64_t errors_bytes_ = 0;
  int64_t rows_listed_ = 0;
  int64_t last_listed_ = 0;  // row number
};

absl::Status Import::OpenFile() {
  if (!workshop_.files.Exists(upload_)) return errors::FileGone();
  ASSIGN_OR_RETURN(reader_, sheet::OpenReader(operation_.format() == v1::Operation::FORMAT_XLSX
                                                  ? sheet::Format::kXlsx
                                                  : sheet::Format::kCsv,
                                              upload_));
  sheet::Row titles;
  ASSIGN_OR_RETURN(bool any, reader_->Next(titles));
  if (!any) return errors::NoTitles();
  ASSIGN_OR_RETURN(header_, Header::Read(titles, dataset_.columns()));
  after_titles_ = true;
  done_ = 0;
  // Begun before a restart: the count is known.
  if (!counted_ && operation_.rows_done() > 0) {
    counted_ = true;
    rows_total_ = operation_.rows_total();
    resume_at_ = operation_.rows_done();
  }
  return absl::OkStatus();
}

// The next row of data; none at the end.
absl::StatusOr<std::optional<sheet::Row>> Import::NextRow() {
  sheet::Row row;
  ASSIGN_OR_RETURN(bool more, reader_->Next(row));
  if (more && after_titles_ && header_->Explains(row)) {
    ASSIGN_OR_RETURN(more, reader_->Next(row));
  }
  after_titles_ = false;
  if (!more) return std::optional<sheet::Row>();
  return std::optional<sheet::Row>(std::move(row));
}

absl::StatusOr<bool> Import::Count() {
  for (int64_t i = 0; i < kStepRows; ++i) {
    ASSIGN_OR_RETURN(std::optional<sheet::Row> row, NextRow());
    if (row.has_value()) {
      ++rows_total_;
      continue;
    }
    if (!reader_->merged_ranges().empty()) return errors::MergedCells(reader_->merged_ranges());
    counted_ = true;
    reader_.reset();
    RETURN_IF_ERROR(RunPatiently([this] {
      return OperationCommand(workshop_, operation_, [this](store::Txn&, v1::Operation& operation) {
        operation.set_rows_total(rows_total_);
        return absl::OkStatus();
      });
    }));
    RETURN_IF_ERROR(OpenFile());
    RETURN_IF_ERROR(BeginErrors());
    return true;
  }
  return true;
}

// Goes past the rows that are stored. Those of the batches that were under way may be missing from
// the file of errors: they are tried once more, without storing anything.
absl::StatusOr<bool> Import::PassOver() {
  if (errors_ == nullptr) RETURN_IF_ERROR(BeginErrors());
  const int64_t unsure =
      std::max<int64_t>(0, resume_at_ - static_cast<int64_t>(kBatchesUnderWay + 1) * kBatchRows);
  for (int64_t i = 0; i < kStepRows && done_ < unsure; ++i) {
    ASSIGN_OR_RETURN(std::optional<sheet::Row> row, NextRow());
    if (!row.has_value()) return errors::FilesDamaged("it is shorter than before");
    ++done_;
    seen_.try_emplace(absl::HashOf(dataset_.KeyOf(header_->CellsOf(*row))), row->number);
  }
  if (done_ < unsure) return true;
  while (done_ < resume_at_) {
    ASSIGN_OR_RETURN(std::unique_ptr<Batch> batch,
                     ReadBatch(std::min(kBatchRows, resume_at_ - done_)));
    if (batch->rows.empty()) return errors::FilesDamaged("it is shorter than before");
    const int64_t listed_before = last_listed_;
    // What is listed already is not listed again.
    batch->dry_run = true;
    under_way_.push_back(std::move(batch));
    Submit(*under_way_.back());
    ASSIGN_OR_RETURN(batch, TakeSettled());
    Batch missing;
    for (size_t row = 0; row < batch->rows.size(); ++row) {
      if (batch->rows[row].row.number <= listed_before) continue;
      missing.rows.push_back(std::move(batch->rows[row]));
      missing.refusals.push_back(batch->refusals[row]);
    }
    RETURN_IF_ERROR(ListRefused(missing));
  }
  return true;
}

absl::StatusOr<std::unique_ptr<Batch>> Import::ReadBatch(int64_t rows) {
  auto batch = std::make_unique<Batch>();
  batch->first = done_;
  const std::unique_ptr<store::Snapshot> snapshot = workshop_.store.TakeSnapshot();
  const absl::Time now = workshop_.clock.Now();
  const Scope scope{province_, now, time::VietnamDay(now)};
  batch->rows.reserve(static_cast<size_t>(rows));
  while (static_cast<int64_t>(batch->rows.size()) < rows) {
    ASSIGN_OR_RETURN(std::optional<sheet::Row> row, NextRow());
    if (!row.has_value()) break;
    ++done_;
    BatchRow& added = batch->rows.emplace_back();
    added.row = *std::move(row);
    Prepare(added, *snapshot, scope);
  }
  return batch;
}

void Import::Prepare(BatchRow& row, const store::Reader& reader, const Scope& scope) {
  if (header_->HasStray(row.row)) {
    status::Violations violations;
    violations.Add("row", "CELL_STRAY", "a cell stands under no title",
                   "có ô nằm ngoài các cột có tiêu đề");
    row.refused = violations.ToStatus();
    return;
  }
  Cells cells = header_->CellsOf(row.row);
  if (const std::string key = dataset_.KeyOf(cells); !key.empty()) {
    const auto [first, is_first] = seen_.try_emplace(absl::HashOf(key), row.row.number);
    if (!is_first) {
      row.refused = errors::RowTwice(first->second);
      return;
    }
  }
  absl::StatusOr<std::unique_ptr<PreparedRow>> prepared =
      dataset_.Prepare(reader, std::move(cells), scope);
  if (prepared.ok()) {
    row.prepared = *std::move(prepared);
  } else {
    row.refused = prepared.status();
  }
}

// In the writer.
absl::Status Import::ApplyRows(store::Txn& txn, Batch& batch) const {
  batch.refusals.assign(batch.rows.size(), absl::OkStatus());
  batch.counts.Clear();
  std::vector<int64_t> updated(dataset_.columns().size(), 0);
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    absl::Status& refusal = batch.refusals[i] = batch.rows[i].refused;
    if (refusal.ok()) {
      absl::StatusOr<Applied> applied = batch.rows[i].prepared->Apply(txn);
      refusal = applied.status();
      if (applied.ok()) {
        switch (applied->effect) {
          case Applied::Effect::kCreated:
            batch.counts.set_rows_created(batch.counts.rows_created() + 1);
            break;
          case Applied::Effect::kUpdated:
            batch.counts.set_rows_updated(batch.counts.rows_updated() + 1);
            break;
          case Applied::Effect::kUnchanged:
            batch.counts.set_rows_unchanged(batch.counts.rows_unchanged() + 1);
            break;
        }
        for (size_t column : applied->columns) ++updated[column];
      }
    }
    if (refusal.ok()) continue;
    if (!IsOfTheRow(refusal)) return refusal;
    batch.counts.set_rows_failed(batch.counts.rows_failed() + 1);
  }
  for (size_t i = 0; i < updated.size(); ++i) {
    if (updated[i] == 0) continue;
    v1::UpdatedField& field = *batch.counts.add_updated_fields();
    field.set_field(std::string(dataset_.columns()[i].field));
    field.set_rows(updated[i]);
  }
  return absl::OkStatus();
}

// Adds a batch to the operation. Rows that were done are done once: the number must fit.
absl::Status AddCounts(const Batch& batch, const Dataset& dataset, v1::Operation& operation) {
  if (operation.rows_done() != batch.first) {
    return absl::AbortedError("a batch out of turn");
  }
  operation.set_rows_done(batch.first + static_cast<int64_t>(batch.rows.size()));
  operation.set_rows_created(operation.rows_created() + batch.counts.rows_created());
  operation.set_rows_updated(operation.rows_updated() + batch.counts.rows_updated());
  operation.set_rows_unchanged(operation.rows_unchanged() + batch.counts.rows_unchanged());
  operation.set_rows_failed(operation.rows_failed() + batch.counts.rows_failed());
  if (batch.counts.updated_fields().empty()) return absl::OkStatus();
  absl::flat_hash_map<std::string, int64_t> fields;
  for (const auto& field : operation.updated_fields()) fields[field.field()] += field.rows();
  for (const auto& field : batch.counts.updated_fields()) fields[field.field()] += field.rows();
  operation.clear_updated_fields();
  for (const Column& column : dataset.columns()) {
    const auto found = fields.find(column.field);
    if (found == fields.end()) continue;
    v1::UpdatedField& field = *operation.add_updated_fields();
    field.set_field(found->first);
    field.set_rows(found->second);
  }
  return absl::OkStatus();
}

void Import::Submit(Batch& batch) {
  const bool dry_run = batch.dry_run || operation_.dry_run();
  store::Command command = OperationCommand(
      workshop_, operation_, [this, &batch, dry_run](store::Txn& txn, v1::Operation& operation) {
        RETURN_IF_ERROR(ApplyRows(txn, batch));
        return dry_run ? absl::OkStatus() : AddCounts(batch, dataset_, operation);
      });
  command.dry_run = dry_run;
  auto promise = std::make_shared<std::promise<absl::StatusOr<store::Outcome>>>();
  batch.outcome = promise->get_future();
  workshop_.store.Submit(std::move(command), [promise](absl::StatusOr<store::Outcome> outcome) {
    promise->set_value(std::move(outcome));
  });
}

absl::StatusOr<bool> Import::StoreNext() {
  if (errors_ == nullptr) RETURN_IF_ERROR(BeginErrors());
  ASSIGN_OR_RETURN(std::unique_ptr<Batch> batch, ReadBatch(kBatchRows));
  if (!batch->rows.empty()) {
    Submit(*batch);
    under_way_.push_back(std::move(batch));
    while (under_way_.size() > kBatchesUnderWay) RETURN_IF_ERROR(Settle());
    return true;
  }
  while (!under_way_.empty()) RETURN_IF_ERROR(Settle());
  return Finish();
}

// Waits for the oldest batch. Where the store was too busy for it, those after it were out of turn:
// all are sent again.
absl::StatusOr<std::unique_ptr<Batch>> Import::TakeSettled() {
  while (true) {
    const absl::StatusOr<store::Outcome> outcome = under_way_.front()->outcome.get();
    if (outcome.ok()) break;
    for (size_t i = 1; i < under_way_.size(); ++i) under_way_[i]->outcome.wait();
    if (status::ReasonOf(outcome.status()) != "OVERLOADED" || workshop_.stopping()) {
      under_way_.clear();
      return outcome.status();
    }
    absl::SleepFor(kRetryAfter);
    for (const std::unique_ptr<Batch>& batch : under_way_) Submit(*batch);
  }
  std::unique_ptr<Batch> settled = std::move(under_way_.front());
  under_way_.pop_front();
  return settled;
}

absl::Status Import::Settle() {
  ASSIGN_OR_RETURN(const std::unique_ptr<Batch> settled, TakeSettled());
  RETURN_IF_ERROR(ListRefused(*settled));
  return operation_.dry_run() ? CountDryRun(*settled) : absl::OkStatus();
}

absl::Status Import::CountDryRun(const Batch& batch) {
  return RunPatiently([this, &batch] {
    return OperationCommand(workshop_, operation_,
                            [this, &batch](store::Txn&, v1::Operation& operation) {
                              return AddCounts(batch, dataset_, operation);
                            });
  });
}

absl::Status Import::RunPatiently(const std::function<store::Command()>& make) {
  while (true) {
    const absl::Status status = workshop_.store.Run(make()).status();
    if (status::ReasonOf(status) != "OVERLOADED" || workshop_.stopping()) return status;
    absl::SleepFor(kRetryAfter);
  }
}

// Copies the rows that are listed already, as far as they are whole: a crash may have cut the last.
absl::Status Import::CopyListed(size_t width, sheet::Writer& fresh) {
  const int64_t size = workshop_.files.SizeOf(errors_path_);
  if (size == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string last_byte, workshop_.files.Read(errors_path_, size - 1, 1));
  ASSIGN_OR_RETURN(std::unique_ptr<sheet::Reader> old,
                   sheet::OpenReader(sheet::Format::kCsv, errors_path_));
  sheet::Row titles;
  sheet::Row row;
  absl::StatusOr<bool> more = old->Next(titles);
  if (more.ok() && *more) more = old->Next(row);
  while (more.ok() && *more) {
    sheet::Row next;
    more = old->Next(next);
    const bool whole = (more.ok() && *more) || last_byte == "\n";
    int64_t number = 0;
    if (!whole || row.cells.size() != width || !absl::SimpleAtoi(row.cells[width - 2], &number)) {
      break;
    }
    std::vector<sheet::Cell> cells;
    for (std::string& cell : row.cells) cells.push_back({std::move(cell)});
    RETURN_IF_ERROR(fresh.Add(cells));
    last_listed_ = number;
    ++rows_listed_;
    row = std::move(next);
  }
  return absl::OkStatus();
}

// Opens the file of errors. After a restart it is cut after its last whole row of what was stored.
absl::Status Import::BeginErrors() {
  std::vector<sheet::Cell> titles = header_->Titles();
  titles.push_back({std::string(kRowTitle)});
  titles.push_back({std::string(kReasonTitle)});
  const std::string path = workshop_.files.UnfinishedResultOf(operation_.name());
  if (resume_at_ == 0) workshop_.files.Remove(errors_path_);
  ASSIGN_OR_RETURN(std::unique_ptr<sheet::Writer> fresh,
                   sheet::MakeWriter(sheet::Format::kCsv, path, ""));
  RETURN_IF_ERROR(fresh->Add(titles));
  RETURN_IF_ERROR(CopyListed(titles.size(), *fresh));
  RETURN_IF_ERROR(fresh->Finish());
  if (std::rename(path.c_str(), errors_path_.c_str()) != 0) return sheet::WriteFailed(errno);
  errors_.reset(std::fopen(errors_path_.c_str(), "abe"));
  if (errors_ == nullptr) return sheet::WriteFailed(errno);
  errors_bytes_ = workshop_.files.SizeOf(errors_path_);
  return absl::OkStatus();
}

absl::Status Import::ListRefused(const Batch& batch) {
  std::string lines;
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    if (batch.refusals[i].ok()) continue;
    if (errors_bytes_ + static_cast<int64_t>(lines.size()) > kMaxErrorBytes) break;
    std::vector<sheet::Cell> cells = header_->AsInFile(batch.rows[i].row.cells);
    cells.push_back({absl::StrCat(batch.rows[i].row.number)});
    cells.push_back({dataset_.ReasonOf(batch.refusals[i])});
    absl::StrAppend(&lines, sheet::CsvLine(cells));
    last_listed_ = batch.rows[i].row.number;
    ++rows_listed_;
  }
  if (lines.empty()) return absl::OkStatus();
  if (std::fwrite(lines.data(), 1, lines.size(), errors_.get()) != lines.size() ||
      std::fflush(errors_.get()) != 0 || fdatasync(fileno(errors_.get())) != 0) {
    return sheet::WriteFailed(errno);
  }
  errors_bytes_ += static_cast<int64_t>(lines.size());
  return absl::OkStatus();
}

absl::StatusOr<bool> Import::Finish() {
  // Nothing was refused: no file of errors.
  if (rows_listed_ == 0) workshop_.files.Remove(errors_path_);
  RETURN_IF_ERROR(RunPatiently([this] {
    return OperationCommand(
        workshop_, operation_, [this](store::Txn& txn, v1::Operation& operation) {
          operation.set_rows_listed(rows_listed_);
          End(workshop_.files_kept, txn, v1::Operation::STATE_SUCCEEDED, operation);
          return absl::OkStatus();
        });
  }));
  workshop_.files.Remove(upload_);
  return false;
}

}  // namespace

std::unique_ptr<Work> ImportWork(const Workshop& workshop, const v1::Operation& operation) {
  return std::make_unique<Import>(workshop, operation);
}

}  // namespace nscl::registry::imports
