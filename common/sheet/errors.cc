#include "common/sheet/errors.h"

#include "absl/strings/str_cat.h"
#include "common/sheet/sheet.h"
#include "common/status/error.h"

namespace nscl::sheet::errors {
namespace {

using status::Error;

Error Invalid(absl::string_view reason) {
  return Error(absl::StatusCode::kInvalidArgument, reason);
}

}  // namespace

absl::Status NotReadable(absl::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "SHEET_IO")
      .En("the file cannot be read: ", what)
      .Vi("không đọc được tệp: ", what);
}

absl::Status NotWritable(absl::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "SHEET_IO")
      .En("the file cannot be written: ", what)
      .Vi("không ghi được tệp: ", what);
}

absl::Status NoSpace() {
  return Error(absl::StatusCode::kResourceExhausted, "STORAGE_FULL")
      .En("there is no space left for files")
      .Vi("ổ đĩa không còn chỗ để ghi tệp");
}

absl::Status CellTooLong(int64_t row, size_t column, size_t max_bytes) {
  return Invalid("SHEET_CELL_SIZE")
      .Meta("row", row)
      .Meta("column", ColumnName(column))
      .Meta("max_bytes", max_bytes)
      .En("row ", row, ", column ", ColumnName(column), ": a cell has at most ", max_bytes,
          " bytes")
      .Vi("dòng ", row, ", cột ", ColumnName(column), ": một ô không được quá ", max_bytes,
          " byte");
}

absl::Status RowTooLong(int64_t row, size_t max_bytes) {
  return Invalid("SHEET_ROW_SIZE")
      .Meta("row", row)
      .Meta("max_bytes", max_bytes)
      .En("row ", row, ": a row has at most ", max_bytes, " bytes")
      .Vi("dòng ", row, ": một dòng không được quá ", max_bytes, " byte");
}

absl::Status TooManyColumns(int64_t row, size_t max_columns) {
  return Invalid("SHEET_COLUMNS")
      .Meta("row", row)
      .Meta("max_columns", max_columns)
      .En("row ", row, ": a table has at most ", max_columns, " columns")
      .Vi("dòng ", row, ": một bảng không được quá ", max_columns, " cột");
}

absl::Status TooManyRows(int64_t max_rows) {
  return Invalid("SHEET_ROWS")
      .Meta("max_rows", max_rows)
      .En("a table has at most ", max_rows, " rows")
      .Vi("một bảng không được quá ", max_rows, " dòng");
}

absl::Status AnotherFormat(absl::string_view found, absl::string_view vi) {
  return Invalid("SHEET_FORMAT").Meta("found", found).En("the file is ", found).Vi("tệp là ", vi);
}

absl::Status CsvEncoding(absl::string_view looks_like, int64_t row) {
  Error error = Invalid("CSV_ENCODING");
  error.Meta("row", row).Meta("looks_like", looks_like);
  if (looks_like.empty()) {
    return error.En("row ", row, ": not UTF-8; save the file as CSV UTF-8")
        .Vi("dòng ", row, ": không phải UTF-8; hãy lưu lại tệp dạng CSV UTF-8");
  }
  return error
      .En("row ", row, ": not UTF-8; looks like ", looks_like, "; save the file as CSV UTF-8")
      .Vi("dòng ", row, ": không phải UTF-8, có vẻ là ", looks_like,
          "; hãy lưu lại tệp dạng CSV UTF-8");
}

absl::Status CsvQuote(int64_t row, size_t column, absl::string_view en, absl::string_view vi) {
  return Invalid("CSV_QUOTE")
      .Meta("row", row)
      .Meta("column", ColumnName(column))
      .En("row ", row, ", column ", ColumnName(column), ": ", en)
      .Vi("dòng ", row, ", cột ", ColumnName(column), ": ", vi);
}

absl::Status XlsxDamaged(absl::string_view part, absl::string_view what) {
  return Invalid("XLSX_DAMAGED")
      .Meta("part", part)
      .Meta("fault", what)
      .En("the workbook cannot be read: ", part, ": ", what)
      .Vi("không đọc được bảng tính: ", part, ": ", what);
}

absl::Status XlsxEncrypted(absl::string_view part) {
  return Invalid("XLSX_ENCRYPTED")
      .Meta("part", part)
      .En("the workbook is protected by a password")
      .Vi("bảng tính được bảo vệ bằng mật khẩu");
}

absl::Status XlsxTooLarge(absl::string_view part, int64_t max_bytes) {
  return Invalid("XLSX_SIZE")
      .Meta("part", part)
      .Meta("max_bytes", max_bytes)
      .En("the workbook unpacks to more than ", max_bytes, " bytes (", part, ")")
      .Vi("bảng tính giải nén ra quá ", max_bytes, " byte (", part, ")");
}

absl::Status XlsxRatio(absl::string_view part, int64_t max_ratio) {
  return Invalid("XLSX_RATIO")
      .Meta("part", part)
      .Meta("max_ratio", max_ratio)
      .En("a part of the workbook unpacks to more than ", max_ratio, " times its size (", part, ")")
      .Vi("một phần của bảng tính giải nén ra quá ", max_ratio, " lần kích thước (", part, ")");
}

absl::Status XlsxTooMany(absl::string_view what, int64_t max) {
  return Invalid("XLSX_COUNT")
      .Meta("what", what)
      .Meta("max", max)
      .En("the workbook has more than ", max, " ", what)
      .Vi("bảng tính có quá ", max, " ", what);
}

absl::Status XlsxDoctype(absl::string_view part) {
  return Invalid("XLSX_DOCTYPE")
      .Meta("part", part)
      .En("a part of the workbook declares a document type (", part, ")")
      .Vi("một phần của bảng tính khai báo kiểu tài liệu (", part, ")");
}

}  // namespace nscl::sheet::errors
