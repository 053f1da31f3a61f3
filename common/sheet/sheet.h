// Tables in files: CSV and XLSX, read and written row by row, so that a file of any size takes the
// memory of a few rows. What is read from outside is bounded by `Limits` before it is kept.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::sheet {

enum class Format { kCsv, kXlsx };

// What a file may have. Ours, unless a source is named; the XLSX figures bound a zip bomb.
struct Limits {
  size_t max_cell_bytes = size_t{64} << 10;  // Excel: 32,767 characters
  size_t max_row_bytes = size_t{1} << 20;
  size_t max_columns = 256;
  int64_t max_rows = 5'000'000;
  // XLSX: bytes that all parts read inflate to, how many times those of a part may exceed its
  // packed bytes once it is past `ratio_from_bytes`, and how much of it is kept.
  int64_t max_inflated_bytes = int64_t{4} << 30;
  int64_t max_ratio = 100;
  int64_t ratio_from_bytes = int64_t{16} << 20;
  size_t max_parts = 4096;
  size_t max_sheets = 256;
  size_t max_shared_strings = 5'000'000;
  size_t max_shared_bytes = size_t{256} << 20;
  size_t max_formats = 65'536;  // Excel: 64,000 cell formats
  size_t max_merged_ranges = 1000;
};

// A row as read. `cells[i]` is column i, from 0; columns after the last filled one may be missing.
struct Row {
  int64_t number = 0;  // from 1, as a spreadsheet shows it: empty rows count
  std::vector<std::string> cells;
};

// "A" for 0, "AB" for 27.
std::string ColumnName(size_t column);

class Reader {
 public:
  virtual ~Reader() = default;
  // The next row that is not empty; false at the end.
  virtual absl::StatusOr<bool> Next(Row& row) = 0;
  // Merged cells met so far, "B2:C3"; all of them at the end. A CSV has none. Of a merged range
  // only the upper left cell has a value.
  virtual const std::vector<std::string>& merged_ranges() const = 0;
};

// Opens a file; the refusals of a file as a whole, named in errors.h. An XLSX is read by its first
// sheet.
absl::StatusOr<std::unique_ptr<Reader>> OpenReader(Format format, const std::string& path,
                                                   const Limits& limits = {});

// A cell to be written.
struct Cell {
  std::string text;
  bool number = false;  // a whole number: XLSX writes it as one, where it is exact
};

class Writer {
 public:
  virtual ~Writer() = default;
  virtual absl::Status Add(const std::vector<Cell>& cells) = 0;
  // Completes the file; without it there is none.
  virtual absl::Status Finish() = 0;
};

// Rows that a sheet of an XLSX holds.
inline constexpr int64_t kMaxXlsxRows = 1'048'576;

// Makes a file that only its owner reads, in place of one that is there. `sheet_name` is the
// XLSX's.
absl::StatusOr<std::unique_ptr<Writer>> MakeWriter(Format format, const std::string& path,
                                                   const std::string& sheet_name);

}  // namespace nscl::sheet
