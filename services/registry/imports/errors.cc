#include "services/registry/imports/errors.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/status/excerpt.h"

namespace nscl::registry::errors {
namespace {

using status::Error;

Error Invalid(absl::string_view reason) {
  return Error(absl::StatusCode::kInvalidArgument, reason);
}

// A list in a message, not longer than people read.
std::string Shown(const std::vector<std::string>& texts) {
  constexpr size_t kMost = 10;
  constexpr size_t kMaxBytes = 600;
  std::string shown;
  for (size_t i = 0; i < texts.size(); ++i) {
    if (i == kMost || shown.size() + texts[i].size() > kMaxBytes) {
      absl::StrAppend(&shown, " (+", texts.size() - i, ")");
      break;
    }
    absl::StrAppend(&shown, i == 0 ? "" : ", ", "\"", texts[i], "\"");
  }
  return shown;
}

}  // namespace

absl::Status TooManyOperations(absl::string_view province, int max) {
  return Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_OPERATIONS")
      .Meta("province", province)
      .Meta("max", max)
      .RetryAfter(absl::Seconds(30))
      .En("the province has ", max, " imports and exports under way already")
      .Vi("tỉnh đang có ", max, " lượt nhập, xuất dữ liệu chưa xong");
}

absl::Status OperationState(absl::string_view name, absl::string_view state,
                            absl::string_view wanted) {
  return Error(absl::StatusCode::kFailedPrecondition, "OPERATION_STATE")
      .Meta("name", name)
      .Meta("state", state)
      .Meta("wanted", wanted)
      .Precondition("OPERATION_STATE", name, absl::StrCat("the state must be ", wanted))
      .En(name, " is in state ", state, "; this needs ", wanted)
      .Vi(name, " đang ở trạng thái ", state, "; việc này cần ", wanted);
}

absl::Status ImportOffset(int64_t given, int64_t received) {
  return Error(absl::StatusCode::kOutOfRange, "IMPORT_OFFSET")
      .Meta("offset", given)
      .Meta("received_bytes", received)
      .En("the upload goes on at byte ", received, ", not at ", given)
      .Vi("cần gửi tiếp từ byte ", received, ", không phải ", given);
}

absl::Status ImportChecksum(absl::string_view given, absl::string_view found) {
  return Error(absl::StatusCode::kDataLoss, "IMPORT_CHECKSUM")
      .Meta("given", given)
      .Meta("found", found)
      .En("the file that arrived has the SHA-256 ", found, ", not ", given)
      .Vi("tệp nhận được có mã SHA-256 ", found, ", không phải ", given);
}

absl::Status OperationFileGone(absl::string_view name) {
  return Error(absl::StatusCode::kNotFound, "OPERATION_FILE_GONE")
      .Meta("name", name)
      .En("the file of ", name, " was removed after its time")
      .Vi("tệp của ", name, " đã được xoá sau thời hạn giữ");
}

absl::Status FileOffset(int64_t given, int64_t size) {
  return Error(absl::StatusCode::kOutOfRange, "FILE_OFFSET")
      .Meta("offset", given)
      .Meta("size_bytes", size)
      .En("the file has ", size, " bytes; ", given, " is beyond its end")
      .Vi("tệp có ", size, " byte; vị trí ", given, " nằm ngoài tệp");
}

absl::Status FilesFull(int64_t needed, int64_t free) {
  return Error(absl::StatusCode::kResourceExhausted, "STORAGE_FULL")
      .Meta("needed_bytes", needed)
      .Meta("free_bytes", free)
      .En("there is no space left for the file: ", needed, " bytes are needed, ", free, " are free")
      .Vi("ổ đĩa không đủ chỗ cho tệp: cần ", needed, " byte, còn ", free, " byte");
}

absl::Status FilesDamaged(absl::string_view what) {
  return Error(absl::StatusCode::kUnavailable, "OPERATION_FILES")
      .En("a file of the operation cannot be used: ", what)
      .Vi("không dùng được tệp của lượt nhập, xuất: ", what);
}

absl::Status NoTitles() {
  return Invalid("IMPORT_EMPTY")
      .En("the file has no row of titles")
      .Vi("tệp không có dòng tiêu đề");
}

absl::Status TitlesUnknown(const std::vector<std::string>& titles) {
  return Invalid("IMPORT_TITLE_UNKNOWN")
      .Meta("titles", status::Excerpt(absl::StrJoin(titles, "; "), 500))
      .En("unknown titles: ", Shown(titles), "; GetImportTemplate gives those that are known")
      .Vi("tiêu đề không có trong mẫu: ", Shown(titles), "; hãy tải mẫu nhập để đối chiếu");
}

absl::Status TitlesMissing(const std::vector<std::string>& titles) {
  return Invalid("IMPORT_TITLE_MISSING")
      .Meta("titles", absl::StrJoin(titles, "; "))
      .En("missing titles: ", Shown(titles))
      .Vi("thiếu cột bắt buộc: ", Shown(titles));
}

absl::Status TitlesTwice(const std::vector<std::string>& titles) {
  return Invalid("IMPORT_TITLE_TWICE")
      .Meta("titles", status::Excerpt(absl::StrJoin(titles, "; "), 500))
      .En("titles that stand twice: ", Shown(titles))
      .Vi("tiêu đề lặp lại: ", Shown(titles));
}

absl::Status MergedCells(const std::vector<std::string>& ranges) {
  return Invalid("XLSX_MERGED_CELLS")
      .Meta("ranges", status::Excerpt(absl::StrJoin(ranges, "; "), 500))
      .En("the sheet has merged cells: ", Shown(ranges), "; split them, a row is one record")
      .Vi("bảng tính có ô gộp: ", Shown(ranges), "; hãy bỏ gộp, mỗi dòng là một bản ghi");
}

absl::Status FileGone() {
  return Invalid("IMPORT_FILE_GONE")
      .En("the file that was sent is not there any more")
      .Vi("tệp đã gửi không còn");
}

absl::Status RowTwice(int64_t first_row) {
  return Error(absl::StatusCode::kAlreadyExists, "IMPORT_ROW_TWICE")
      .Meta("row", first_row)
      .En("the file has the same already in row ", first_row)
      .Vi("trùng với dòng ", first_row, " của tệp");
}

absl::Status EnterpriseUnknown(absl::string_view tax_code) {
  return Error(absl::StatusCode::kNotFound, "ENTERPRISE_UNKNOWN")
      .Meta("tax_code", tax_code)
      .En("no enterprise of the province has the tax code ", tax_code)
      .Vi("không có doanh nghiệp nào trong tỉnh mang mã số thuế ", tax_code);
}

}  // namespace nscl::registry::errors
