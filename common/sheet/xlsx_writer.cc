#include "common/sheet/xlsx_writer.h"

#include <sys/stat.h>
#include <xlsxwriter.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/sheet/errors.h"
#include "common/sheet/file.h"
#include "common/sheet/xlsx_values.h"
#include "common/status/status_macros.h"

namespace nscl::sheet {
namespace {

// Characters of a cell's text.
constexpr size_t kMaxTextBytes = 32'767;
// Whole numbers that a spreadsheet shows to the last digit.
constexpr int64_t kMaxExact = 999'999'999'999'999;

class XlsxWriter final : public Writer {
 public:
  // The workbook is written when it is closed; `path` exists already, with its mode.
  XlsxWriter(const std::string& path, const std::string& sheet_name)
      : folder_(std::filesystem::path(path).parent_path().string()) {
    lxw_workbook_options options = {};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder_.data();
    book_ = workbook_new_opt(path.c_str(), &options);
    sheet_ = workbook_add_worksheet(book_, sheet_name.c_str());
    bold_ = workbook_add_format(book_);
    format_set_bold(bold_);
    worksheet_freeze_panes(sheet_, 1, 0);
  }
  ~XlsxWriter() override {
    // Closing is the only way to free it.
    if (book_ != nullptr) workbook_close(book_);
  }

  absl::Status Add(const std::vector<Cell>& cells) override {
    if (row_ == kMaxXlsxRows) return errors::TooManyRows(kMaxXlsxRows);
    const auto row = static_cast<lxw_row_t>(row_);
    for (size_t i = 0; i < cells.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      int64_t number = 0;
      if (cells[i].text.empty()) continue;
      lxw_error error = LXW_NO_ERROR;
      if (cells[i].number && absl::SimpleAtoi(cells[i].text, &number) && number <= kMaxExact &&
          number >= -kMaxExact) {
        error = worksheet_write_number(sheet_, row, column, static_cast<double>(number), nullptr);
      } else {
        error = worksheet_write_string(sheet_, row, column, Escape(cells[i].text).c_str(),
                                       row_ == 0 ? bold_ : nullptr);
      }
      if (error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) {
        return errors::CellTooLong(row_ + 1, i, kMaxTextBytes);
      }
      if (error != LXW_NO_ERROR) return errors::NotWritable(lxw_strerror(error));
    }
    ++row_;
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    errno = 0;
    const lxw_error error = workbook_close(std::exchange(book_, nullptr));
    if (error == LXW_NO_ERROR) return absl::OkStatus();
    return errno == 0 ? errors::NotWritable(lxw_strerror(error)) : WriteFailed(errno);
  }

 private:
  std::string folder_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* bold_ = nullptr;
  int64_t row_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Writer>> MakeXlsx(const std::string& path,
                                                 const std::string& sheet_name) {
  // Made here so that its mode is ours; the library truncates and fills it.
  ASSIGN_OR_RETURN(File file, OpenToWrite(path));
  return std::make_unique<XlsxWriter>(path, sheet_name);
}

}  // namespace nscl::sheet
