// Workbooks of Office Open XML (ECMA-376): the first sheet, row by row.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/sheet/sheet.h"

namespace nscl::sheet {

// Formulas count by the value kept with them. Numbers are given as text (xlsx_values.h), truth as
// "TRUE" and "FALSE", an error as its text, "#REF!".
absl::StatusOr<std::unique_ptr<Reader>> OpenXlsx(const std::string& path, const Limits& limits);

}  // namespace nscl::sheet
