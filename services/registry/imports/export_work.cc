// An export: one consistent view of the store, written from the first row to the last. After a
// restart it begins again.
#include <cerrno>
#include <cstdio>
#include <utility>

#include "common/resource/name.h"
#include "common/sheet/file.h"
#include "common/status/status_macros.h"
#include "services/registry/imports/work.h"

namespace nscl::registry::imports {
namespace {

// Rows after which the progress is stored.
constexpr int64_t kProgressRows = 20'000;
// What a page of rows may take on disk, judged before it is written.
constexpr int64_t kPageBytes = int64_t{4} << 20;

class Export final : public Work {
 public:
  Export(const Workshop& workshop, const v1::Operation& operation)
      : workshop_(workshop),
        operation_(operation),
        dataset_(workshop.dataset(operation.dataset())),
        path_(workshop.files.ResultOf(operation.name())),
        unfinished_(workshop.files.UnfinishedResultOf(operation.name())),
        province_(resource::ProvinceOf(operation.name())) {}

  absl::StatusOr<bool> Step() override {
    if (writer_ == nullptr) RETURN_IF_ERROR(Begin());
    RETURN_IF_ERROR(workshop_.files.CheckSpace(kPageBytes));
    ASSIGN_OR_RETURN(ExportPage page,
                     dataset_.Export(*snapshot_, province_, operation_.filter(), after_key_));
    for (const std::vector<sheet::Cell>& row : page.rows) RETURN_IF_ERROR(writer_->Add(row));
    rows_ += static_cast<int64_t>(page.rows.size());
    after_key_ = std::move(page.last_key);
    if (after_key_.empty()) return Finish();
    if (rows_ - told_ >= kProgressRows) RETURN_IF_ERROR(Tell());
    return true;
  }

 private:
  absl::Status Begin() {
    ASSIGN_OR_RETURN(
        writer_,
        sheet::MakeWriter(operation_.format() == v1::Operation::FORMAT_XLSX ? sheet::Format::kXlsx
                                                                            : sheet::Format::kCsv,
                          unfinished_, std::string(LabelOf(operation_.dataset()))));
    std::vector<sheet::Cell> titles;
    for (const Column& column : dataset_.columns()) titles.push_back({std::string(column.title)});
    RETURN_IF_ERROR(writer_->Add(titles));
    snapshot_ = workshop_.store.TakeSnapshot();
    return absl::OkStatus();
  }

  absl::Status Tell() {
    told_ = rows_;
    return workshop_.store
        .Run(OperationCommand(workshop_, operation_,
                              [this](store::Txn&, v1::Operation& operation) {
                                operation.set_rows_done(rows_);
                                return absl::OkStatus();
                              }))
        .status();
  }

  absl::StatusOr<bool> Finish() {
    RETURN_IF_ERROR(writer_->Finish());
    snapshot_.reset();
    if (std::rename(unfinished_.c_str(), path_.c_str()) != 0) return sheet::WriteFailed(errno);
    RETURN_IF_ERROR(workshop_.store
                        .Run(OperationCommand(workshop_, operation_,
                                              [this](store::Txn& txn, v1::Operation& operation) {
                                                operation.set_rows_done(rows_);
                                                operation.set_rows_total(rows_);
                                                operation.set_size_bytes(
                                                    workshop_.files.SizeOf(path_));
                                                End(workshop_.files_kept, txn,
                                                    v1::Operation::STATE_SUCCEEDED, operation);
                                                return absl::OkStatus();
                                              }))
                        .status());
    return false;
  }

  const Workshop& workshop_;
  const v1::Operation operation_;
  const Dataset& dataset_;
  const std::string path_;
  const std::string unfinished_;
  const std::string province_;
  std::unique_ptr<store::Snapshot> snapshot_;
  std::unique_ptr<sheet::Writer> writer_;
  std::string after_key_;
  int64_t rows_ = 0;
  int64_t told_ = 0;
};

}  // namespace

std::unique_ptr<Work> ExportWork(const Workshop& workshop, const v1::Operation& operation) {
  return std::make_unique<Export>(workshop, operation);
}

}  // namespace nscl::registry::imports
