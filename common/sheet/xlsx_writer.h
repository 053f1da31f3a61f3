// Writing a workbook of one sheet, in constant memory.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/sheet/sheet.h"

namespace nscl::sheet {

// The first row is set in bold and stays in sight. Texts are written as texts, whatever they begin
// with. INVALID_ARGUMENT `SHEET_ROWS` beyond kMaxXlsxRows.
absl::StatusOr<std::unique_ptr<Writer>> MakeXlsx(const std::string& path,
                                                 const std::string& sheet_name);

}  // namespace nscl::sheet
