// CSV (RFC 4180) in UTF-8.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/sheet/sheet.h"

namespace nscl::sheet {

// Reads UTF-8 with or without its mark; the comma, semicolon or tab that the first row has most of
// (or that a first line "sep=;" names) parts the cells; rows end with LF, CR or CR LF. A quoted
// cell holds line breaks and "" for a quote. A cell that MakeCsv escaped is given back as it was.
absl::StatusOr<std::unique_ptr<Reader>> OpenCsv(const std::string& path, const Limits& limits);

// Writes UTF-8 with its mark, which Excel needs, commas, and CR LF. Text that a spreadsheet would
// take for a formula gets an apostrophe before it.
absl::StatusOr<std::unique_ptr<Writer>> MakeCsv(const std::string& path);

// One row as MakeCsv writes it, its end included.
std::string CsvLine(const std::vector<Cell>& cells);

// "=cmd" as "'=cmd", and back. What stands after apostrophes is judged, so that every text comes
// back as it was.
std::string EscapeFormula(absl::string_view text);
absl::string_view UnescapeFormula(absl::string_view text);

}  // namespace nscl::sheet
