// The refusals of imports and exports, and why a long work fails as a whole. (What is wrong with a
// file as a table: common/sheet/errors.h.)
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::registry::errors {

// Refusals of the methods.
absl::Status TooManyOperations(absl::string_view province, int max);  // RESOURCE_EXHAUSTED
// FAILED_PRECONDITION `OPERATION_STATE`.
absl::Status OperationState(absl::string_view name, absl::string_view state,
                            absl::string_view wanted);
absl::Status ImportOffset(int64_t given, int64_t received);  // OUT_OF_RANGE `IMPORT_OFFSET`
absl::Status ImportChecksum(absl::string_view given, absl::string_view found);  // DATA_LOSS
absl::Status OperationFileGone(absl::string_view name);                         // NOT_FOUND
absl::Status FileOffset(int64_t given, int64_t size);                           // OUT_OF_RANGE
absl::Status FilesFull(int64_t needed, int64_t free);  // RESOURCE_EXHAUSTED `STORAGE_FULL`
absl::Status FilesDamaged(absl::string_view what);     // UNAVAILABLE `OPERATION_FILES`

// Faults of a file as a whole. INVALID_ARGUMENT all.
absl::Status NoTitles();                                             // `IMPORT_EMPTY`
absl::Status TitlesUnknown(const std::vector<std::string>& titles);  // `IMPORT_TITLE_UNKNOWN`
absl::Status TitlesMissing(const std::vector<std::string>& titles);  // `IMPORT_TITLE_MISSING`
absl::Status TitlesTwice(const std::vector<std::string>& titles);    // `IMPORT_TITLE_TWICE`
absl::Status MergedCells(const std::vector<std::string>& ranges);    // `XLSX_MERGED_CELLS`
absl::Status FileGone();                                             // `IMPORT_FILE_GONE`

// Refusals of one row, beside those of the rules.
absl::Status RowTwice(int64_t first_row);                    // `IMPORT_ROW_TWICE`
absl::Status EnterpriseUnknown(absl::string_view tax_code);  // `ENTERPRISE_UNKNOWN`

}  // namespace nscl::registry::errors
