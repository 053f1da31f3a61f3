#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/match.h"
#include "common/json/field_text.h"
#include "common/sheet/csv.h"
#include "common/sheet/encoding.h"
#include "common/sheet/errors.h"
#include "common/sheet/file.h"
#include "common/status/status_macros.h"

namespace nscl::sheet {
namespace {

constexpr size_t kReadBytes = size_t{256} << 10;
// What the encoding is guessed by.
constexpr size_t kSampleBytes = size_t{64} << 10;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

class CsvReader final : public Reader {
 public:
  CsvReader(File file, const Limits& limits) : file_(std::move(file)), limits_(limits) {}

  absl::Status Begin();
  absl::StatusOr<bool> Next(Row& row) override;
  const std::vector<std::string>& merged_ranges() const override { return no_ranges_; }

 private:
  // How the parsing of one row ended.
  enum class Parsed { kRow, kIncomplete, kEnd };

  absl::string_view Unread() const {
    return absl::string_view(buffer_).substr(position_, buffer_.size() - position_);
  }
  absl::Status Refill();
  absl::StatusOr<Parsed> ParseRow(Row& row);
  absl::StatusOr<Parsed> ParseQuoted(absl::string_view text, size_t& at, size_t column,
                                     std::string* cell) const;
  absl::Status AddCell(Row& row, absl::string_view cell, size_t column) const;
  absl::Status CheckText(const Row& row) const;
  absl::Status WrongEncoding() const;

  File file_;
  const Limits limits_;
  const std::vector<std::string> no_ranges_;
  std::string buffer_;
  size_t position_ = 0;
  bool at_end_ = false;
  char delimiter_ = ',';
  int64_t number_ = 0;
  std::string scratch_;
};

// The delimiter that the first row has most of, quoted cells left out.
char DelimiterOf(absl::string_view text) {
  constexpr absl::string_view kDelimiters = ",;\t";
  size_t counts[kDelimiters.size()] = {};
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    const size_t which = kDelimiters.find(c);
    if (which != absl::string_view::npos) ++counts[which];
  }
  return kDelimiters[static_cast<size_t>(std::max_element(std::begin(counts), std::end(counts)) -
                                         std::begin(counts))];
}

absl::Status CsvReader::Begin() {
  RETURN_IF_ERROR(Refill());
  if (absl::StartsWith(buffer_, kByteOrderMark)) position_ = kByteOrderMark.size();
  const absl::string_view start = Unread().substr(0, kSampleBytes);
  if (const std::string wide = WideEncodingOf(start.substr(0, start.size() & ~size_t{1}));
      !wide.empty()) {
    return errors::CsvEncoding(wide, 1);
  }
  if (absl::StartsWith(start, "PK\x03\x04")) {
    return errors::AnotherFormat("a ZIP archive (an XLSX?), not CSV",
                                 "tệp nén ZIP (XLSX?), không phải CSV");
  }
  if (absl::StartsWith(start, "\xD0\xCF\x11\xE0")) {
    return errors::AnotherFormat("a workbook of Excel 97-2003 (.xls); save it as .xlsx or CSV",
                                 "bảng tính Excel 97-2003 (.xls); hãy lưu lại dạng .xlsx hoặc CSV");
  }
  if (start.size() >= 6 && absl::StartsWithIgnoreCase(start, "sep=") &&
      (start[5] == '\r' || start[5] == '\n')) {
    delimiter_ = start[4];
    position_ += start[5] == '\r' && start.size() > 6 && start[6] == '\n' ? 7 : 6;
  } else {
    delimiter_ = DelimiterOf(start);
  }
  return absl::OkStatus();
}

// Moves what is not read yet to the front and reads on.
absl::Status CsvReader::Refill() {
  buffer_.erase(0, position_);
  position_ = 0;
  const size_t kept = buffer_.size();
  buffer_.resize(kept + kReadBytes);
  const size_t got = std::fread(buffer_.data() + kept, 1, kReadBytes, file_.get());
  if (std::ferror(file_.get()) != 0) return errors::NotReadable(std::strerror(errno));
  at_end_ = got < kReadBytes;
  buffer_.resize(kept + got);
  return absl::OkStatus();
}

absl::StatusOr<bool> CsvReader::Next(Row& row) {
  while (true) {
    ASSIGN_OR_RETURN(Parsed parsed, ParseRow(row));
    if (parsed == Parsed::kIncomplete) {
      if (Unread().size() > limits_.max_row_bytes) {
        return errors::RowTooLong(number_ + 1, limits_.max_row_bytes);
      }
      RETURN_IF_ERROR(Refill());
      continue;
    }
    if (parsed == Parsed::kEnd) return false;
    row.number = ++number_;
    if (number_ > limits_.max_rows) return errors::TooManyRows(limits_.max_rows);
    RETURN_IF_ERROR(CheckText(row));
    if (std::any_of(row.cells.begin(), row.cells.end(),
                    [](const std::string& cell) { return !cell.empty(); })) {
      return true;
    }
  }
}

absl::Status CsvReader::AddCell(Row& row, absl::string_view cell, size_t column) const {
  if (cell.size() > limits_.max_cell_bytes) {
    return errors::CellTooLong(number_ + 1, column, limits_.max_cell_bytes);
  }
  if (column >= limits_.max_columns) {
    return errors::TooManyColumns(number_ + 1, limits_.max_columns);
  }
  // Strings of the row before are used again.
  if (column == row.cells.size()) row.cells.emplace_back();
  const absl::string_view text = UnescapeFormula(cell);
  row.cells[column].assign(text.data(), text.size());
  return absl::OkStatus();
}

// `at` stands on the opening quote, afterwards on what follows the closing one.
absl::StatusOr<CsvReader::Parsed> CsvReader::ParseQuoted(absl::string_view text, size_t& at,
                                                         size_t column, std::string* cell) const {
  cell->clear();
  for (size_t from = at + 1;;) {
    const size_t quote = text.find('"', from);
    if (quote == absl::string_view::npos || (quote + 1 == text.size() && !at_end_)) {
      if (!at_end_) return Parsed::kIncomplete;
      return errors::CsvQuote(number_ + 1, column, "the quote is never closed",
                              "dấu nháy kép không được đóng");
    }
    cell->append(text.data() + from, quote - from);
    if (quote + 1 < text.size() && text[quote + 1] == '"') {
      cell->push_back('"');
      from = quote + 2;
      continue;
    }
    at = quote + 1;
    return Parsed::kRow;
  }
}

absl::StatusOr<CsvReader::Parsed> CsvReader::ParseRow(Row& row) {
  const absl::string_view text = Unread();
  if (text.empty()) return at_end_ ? Parsed::kEnd : Parsed::kIncomplete;
  size_t at = 0;
  for (size_t column = 0;; ++column) {
    if (at < text.size() && text[at] == '"') {
      ASSIGN_OR_RETURN(Parsed quoted, ParseQuoted(text, at, column, &scratch_));
      if (quoted == Parsed::kIncomplete) return quoted;
      if (at < text.size() && text[at] != delimiter_ && text[at] != '\r' && text[at] != '\n') {
        return errors::CsvQuote(number_ + 1, column, "text stands after the closing quote",
                                "có chữ sau dấu nháy kép đóng");
      }
      RETURN_IF_ERROR(AddCell(row, scratch_, column));
    } else {
      const size_t from = at;
      while (at < text.size() && text[at] != delimiter_ && text[at] != '\r' && text[at] != '\n' &&
             text[at] != '"') {
        ++at;
      }
      if (at < text.size() && text[at] == '"') {
        return errors::CsvQuote(number_ + 1, column,
                                "a quote stands within plain text; quote the whole cell and double "
                                "the quotes in it",
                                "dấu nháy kép nằm giữa ô; hãy đặt cả ô trong nháy kép và viết đôi "
                                "dấu nháy bên trong");
      }
      if (at == text.size() && !at_end_) return Parsed::kIncomplete;
      RETURN_IF_ERROR(AddCell(row, text.substr(from, at - from), column));
    }
    if (at == text.size() && !at_end_) return Parsed::kIncomplete;
    if (at < text.size() && text[at] == delimiter_) {
      ++at;
      continue;
    }
    // The end of the row; CR LF is one end, which may be cut by the buffer.
    if (at < text.size()) {
      if (text[at] == '\r' && at + 1 == text.size() && !at_end_) return Parsed::kIncomplete;
      at += text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
    }
    if (at > limits_.max_row_bytes) {
      return errors::RowTooLong(number_ + 1, limits_.max_row_bytes);
    }
    row.cells.resize(column + 1);
    position_ += at;
    return Parsed::kRow;
  }
}

absl::Status CsvReader::CheckText(const Row& row) const {
  size_t bad = 0;
  for (const std::string& cell : row.cells) {
    if (!json::IsCleanUtf8(cell, &bad)) return WrongEncoding();
  }
  return absl::OkStatus();
}

// The guess reads from the start: the first bad byte alone says little. Where the start is good,
// the buffer around the fault says more.
absl::Status CsvReader::WrongEncoding() const {
  std::string sample(kSampleBytes, 0);
  std::rewind(file_.get());
  sample.resize(std::fread(sample.data(), 1, sample.size(), file_.get()));
  size_t bad = 0;
  constexpr size_t kLongestCharacter = 4;
  const bool good = json::IsCleanUtf8(sample, &bad) || bad + kLongestCharacter > sample.size();
  return errors::CsvEncoding(NarrowEncodingOf(good ? buffer_ : sample), number_);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> OpenCsv(const std::string& path, const Limits& limits) {
  ASSIGN_OR_RETURN(File file, OpenToRead(path));
  auto reader = std::make_unique<CsvReader>(std::move(file), limits);
  RETURN_IF_ERROR(reader->Begin());
  return reader;
}

}  // namespace nscl::sheet
