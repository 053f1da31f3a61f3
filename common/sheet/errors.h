// Why a table cannot be read or written. Each refusal has a stable reason, and where it has a
// place, metadata `row` (from 1) and `column` (a letter).
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::sheet::errors {

// Files.
absl::Status NotReadable(absl::string_view what);  // UNAVAILABLE `SHEET_IO`
absl::Status NotWritable(absl::string_view what);  // UNAVAILABLE `SHEET_IO`
absl::Status NoSpace();                            // RESOURCE_EXHAUSTED `STORAGE_FULL`

// Any table. INVALID_ARGUMENT all.
absl::Status CellTooLong(int64_t row, size_t column, size_t max_bytes);     // `SHEET_CELL_SIZE`
absl::Status RowTooLong(int64_t row, size_t max_bytes);                     // `SHEET_ROW_SIZE`
absl::Status TooManyColumns(int64_t row, size_t max_columns);               // `SHEET_COLUMNS`
absl::Status TooManyRows(int64_t max_rows);                                 // `SHEET_ROWS`
absl::Status AnotherFormat(absl::string_view found, absl::string_view vi);  // `SHEET_FORMAT`

// CSV. `looks_like` names the encoding that it seems to have.
absl::Status CsvEncoding(absl::string_view looks_like, int64_t row);  // `CSV_ENCODING`
// A quote that is never closed, or text after a closing quote, or a quote within plain text.
absl::Status CsvQuote(int64_t row, size_t column, absl::string_view en,
                      absl::string_view vi);  // `CSV_QUOTE`

// XLSX.
absl::Status XlsxDamaged(absl::string_view part, absl::string_view what);  // `XLSX_DAMAGED`
absl::Status XlsxEncrypted(absl::string_view part);                        // `XLSX_ENCRYPTED`
absl::Status XlsxTooLarge(absl::string_view part, int64_t max_bytes);      // `XLSX_SIZE`
absl::Status XlsxRatio(absl::string_view part, int64_t max_ratio);         // `XLSX_RATIO`
absl::Status XlsxTooMany(absl::string_view what, int64_t max);             // `XLSX_COUNT`
absl::Status XlsxDoctype(absl::string_view part);                          // `XLSX_DOCTYPE`

}  // namespace nscl::sheet::errors
