#include "common/store/errors.h"

#include <random>

#include "common/status/error.h"

namespace nscl::store::errors {

using absl::StatusCode;
using status::Error;

absl::Status StoreMissing(absl::string_view path) {
  return Error(StatusCode::kNotFound, "STORE_MISSING")
      .Meta("path", path)
      .En("there is no store in ", path, "; --init makes a new one")
      .Vi("không có kho dữ liệu tại ", path, "; dùng --init để tạo mới");
}

absl::Status StoreLost(absl::string_view path, absl::string_view anchor) {
  return Error(StatusCode::kDataLoss, "STORE_LOST")
      .Meta("path", path)
      .Meta("anchor", anchor)
      .En("the store in ", path, " is gone, but its anchor ", anchor,
          " says that there was one: restore a backup; a lost store is not replaced by an empty "
          "one")
      .Vi("kho dữ liệu tại ", path, " đã mất nhưng tệp neo ", anchor,
          " cho biết đã từng có: hãy khôi phục từ bản sao lưu");
}

absl::Status FolderNotEmpty(absl::string_view path) {
  return Error(StatusCode::kAlreadyExists, "FOLDER_NOT_EMPTY")
      .Meta("path", path)
      .En("the folder ", path, " is not empty")
      .Vi("thư mục ", path, " không trống");
}

absl::Status MarkerMissing(absl::string_view path) {
  return Error(StatusCode::kFailedPrecondition, "STORE_MARKER_MISSING")
      .Meta("path", path)
      .En("the folder ", path, " has files but no store marker; it is not opened or overwritten")
      .Vi("thư mục ", path, " có tệp nhưng không có dấu kho dữ liệu; không mở và không ghi đè");
}

absl::Status OtherService(absl::string_view path, absl::string_view found,
                          absl::string_view wanted) {
  return Error(StatusCode::kFailedPrecondition, "STORE_OTHER_SERVICE")
      .Meta("path", path)
      .Meta("found", found)
      .Meta("wanted", wanted)
      .En("the store in ", path, " belongs to ", found, ", not to ", wanted)
      .Vi("kho dữ liệu tại ", path, " thuộc dịch vụ ", found, ", không phải ", wanted);
}

absl::Status SchemaNewer(absl::string_view path, int found, int known) {
  return Error(StatusCode::kFailedPrecondition, "STORE_SCHEMA_NEWER")
      .Meta("path", path)
      .Meta("found", found)
      .Meta("known", known)
      .En("the store in ", path, " has schema version ", found, "; this program knows up to ",
          known)
      .Vi("kho dữ liệu tại ", path, " có phiên bản ", found, "; chương trình này chỉ biết đến ",
          known);
}

absl::Status StoreInUse(absl::string_view path) {
  return Error(StatusCode::kFailedPrecondition, "STORE_IN_USE")
      .Meta("path", path)
      .En("the store in ", path, " is open in another process")
      .Vi("kho dữ liệu tại ", path, " đang được tiến trình khác mở");
}

absl::Status StoreCorrupt(absl::string_view place, absl::string_view what) {
  return Error(StatusCode::kDataLoss, kStoreCorrupt)
      .Meta("place", place)
      .En("stored data is damaged at ", place, ": ", what)
      .Vi("dữ liệu lưu trữ bị hỏng tại ", place);
}

absl::Status StoreIo(absl::string_view place, absl::string_view what) {
  return Error(StatusCode::kUnavailable, kStoreIo)
      .Meta("place", place)
      .En("the disk failed at ", place, ": ", what)
      .Vi("lỗi đĩa tại ", place);
}

absl::Status Overloaded(absl::string_view province, size_t waiting) {
  // Callers that were refused together must not come back together.
  thread_local std::minstd_rand random{std::random_device{}()};
  absl::Duration delay = absl::Milliseconds(std::uniform_int_distribution<int>(1000, 5000)(random));
  return Error(StatusCode::kResourceExhausted, "OVERLOADED")
      .Meta("province", province)
      .Meta("waiting", waiting)
      .RetryAfter(delay)
      .En(waiting, " commands are waiting; try again later")
      .Vi("đang có ", waiting, " yêu cầu chờ xử lý; vui lòng thử lại sau");
}

absl::Status StorageFull(int64_t free_bytes, int64_t limit_bytes) {
  return Error(StatusCode::kResourceExhausted, "STORAGE_FULL")
      .Meta("free_bytes", free_bytes)
      .Meta("limit_bytes", limit_bytes)
      .RetryAfter(absl::Seconds(30))
      .En("only ", free_bytes, " bytes are free on the volume; writes need ", limit_bytes)
      .Vi("ổ đĩa chỉ còn ", free_bytes, " byte; cần ", limit_bytes, " byte để ghi");
}

absl::Status VolumeFull() {
  return Error(StatusCode::kResourceExhausted, "STORAGE_FULL")
      .RetryAfter(absl::Seconds(30))
      .En("the volume of the store or of its backups is full")
      .Vi("ổ đĩa của kho dữ liệu hoặc của bản sao lưu đã đầy");
}

absl::Status StoreRegressed(int64_t revision, int64_t anchor_revision) {
  return Error(StatusCode::kFailedPrecondition, "STORE_REGRESSED")
      .Meta("revision", revision)
      .Meta("anchor_revision", anchor_revision)
      .En("the store stands at revision ", revision, " but its anchor knows ", anchor_revision,
          ": committed data is missing; writes are refused until a backup is restored")
      .Vi("kho dữ liệu ở phiên bản ", revision, " nhưng tệp neo ghi ", anchor_revision,
          ": thiếu dữ liệu đã ghi; không nhận ghi cho đến khi khôi phục");
}

absl::Status ClockJumped(absl::Time expected, absl::Time seen) {
  return Error(StatusCode::kFailedPrecondition, "CLOCK_JUMPED")
      .Meta("expected", absl::FormatTime(absl::RFC3339_full, expected, absl::UTCTimeZone()))
      .Meta("seen", absl::FormatTime(absl::RFC3339_full, seen, absl::UTCTimeZone()))
      .En("the machine's clock jumped forward to ", absl::FormatTime(seen, absl::UTCTimeZone()),
          "; writes are refused until an operator confirms it")
      .Vi("đồng hồ máy nhảy tới ", absl::FormatTime(seen, absl::UTCTimeZone()),
          "; không nhận ghi cho đến khi người vận hành xác nhận");
}

absl::Status OutcomeUnknown() {
  return Error(StatusCode::kUnavailable, "OUTCOME_UNKNOWN")
      .En("the disk failed while the change was being written; whether it was kept shows when it "
          "is sent "
          "again with the same request id")
      .Vi("lỗi đĩa khi ghi; gửi lại với cùng request_id để biết kết quả");
}

absl::Status StoreClosed() {
  return Error(StatusCode::kUnavailable, "STORE_CLOSED")
      .En("the store is closed or closing")
      .Vi("kho dữ liệu đang đóng");
}

absl::Status Cancelled() {
  return Error(StatusCode::kCancelled, "CANCELLED")
      .En("the caller gave up before the change began; nothing was done")
      .Vi("yêu cầu đã bị hủy trước khi thực hiện; chưa thay đổi gì");
}

absl::Status RequestIdReused(absl::string_view request_id) {
  return Error(StatusCode::kAlreadyExists, "REQUEST_ID_REUSED")
      .Meta("request_id", request_id)
      .En("request id ", request_id, " was used before with another request")
      .Vi("mã yêu cầu ", request_id, " đã được dùng cho một yêu cầu khác");
}

absl::Status RequestIdMissing() {
  return Error(StatusCode::kInvalidArgument, "REQUEST_ID")
      .Field("request_id", "REQUEST_ID: required on every change, a UUID")
      .En("request_id is required on every change")
      .Vi("mọi thay đổi phải có request_id");
}

absl::Status RequestIdMalformed(absl::string_view request_id) {
  return Error(StatusCode::kInvalidArgument, "REQUEST_ID")
      .Meta("request_id", request_id.substr(0, 64))
      .Field("request_id", "REQUEST_ID: must be a UUID, 8-4-4-4-12 hexadecimal digits")
      .En("request_id must be a UUID, 8-4-4-4-12 hexadecimal digits")
      .Vi("request_id phải là UUID");
}

absl::Status EpochChanged(int64_t given, int64_t current) {
  return Error(StatusCode::kAborted, "EPOCH_CHANGED")
      .Meta("epoch", given)
      .Meta("current_epoch", current)
      .En("the cursor is of epoch ", given, ", the store of epoch ", current,
          ": it was restored from a backup")
      .Vi("vị trí đọc thuộc kỳ ", given, ", kho dữ liệu ở kỳ ", current);
}

absl::Status CursorAhead(int64_t given, int64_t head) {
  return Error(StatusCode::kOutOfRange, "CURSOR_AHEAD")
      .Meta("position", given)
      .Meta("head_position", head)
      .En("position ", given, " is ahead of the newest event, ", head)
      .Vi("vị trí ", given, " vượt quá sự kiện mới nhất ", head);
}

absl::Status CursorNegative(int64_t given) {
  return Error(StatusCode::kInvalidArgument, "CURSOR")
      .Meta("position", given)
      .Field("after_position", "CURSOR: must not be negative")
      .En("position ", given, " is negative")
      .Vi("vị trí ", given, " là số âm");
}

absl::Status RevisionAhead(int64_t given, int64_t head) {
  return Error(StatusCode::kOutOfRange, "REVISION_AHEAD")
      .Meta("revision", given)
      .Meta("head_revision", head)
      .En("revision ", given, " is ahead of the newest, ", head)
      .Vi("phiên bản ", given, " vượt quá phiên bản mới nhất ", head);
}

absl::Status NoBackupFolder() {
  return Error(StatusCode::kFailedPrecondition, "NO_BACKUP_FOLDER")
      .En("the service was started without a backup folder")
      .Vi("dịch vụ được khởi động mà không có thư mục sao lưu");
}

absl::Status BackupSetName(absl::string_view name) {
  return Error(StatusCode::kInvalidArgument, "BACKUP_SET")
      .Field("backup_set", "BACKUP_SET: 1 to 64 letters, digits and '-'")
      .En("a backup set is named by 1 to 64 letters, digits and '-'")
      .Vi("tên bộ sao lưu gồm 1 đến 64 chữ cái, chữ số và dấu '-'");
}

absl::Status BackupExists(absl::string_view path) {
  return Error(StatusCode::kAlreadyExists, "BACKUP_EXISTS")
      .Meta("path", path)
      .En("there is a backup in ", path, " already")
      .Vi("đã có bản sao lưu tại ", path);
}

absl::Status BackupMissing(absl::string_view path) {
  return Error(StatusCode::kNotFound, "BACKUP_MISSING")
      .Meta("path", path)
      .En("there is no finished backup in ", path)
      .Vi("không có bản sao lưu hoàn chỉnh tại ", path);
}

absl::Status BackupDamaged(absl::string_view path, absl::string_view what) {
  return Error(StatusCode::kDataLoss, "BACKUP_DAMAGED")
      .Meta("path", path)
      .En("the backup in ", path, " is damaged: ", what)
      .Vi("bản sao lưu tại ", path, " bị hỏng");
}

absl::Status BarrierHeld(absl::string_view held, absl::string_view asked) {
  return Error(StatusCode::kFailedPrecondition, "BARRIER_HELD")
      .Meta("held", held)
      .Meta("barrier_id", asked)
      .En("barrier ", held, " holds the store")
      .Vi("kho dữ liệu đang được giữ bởi ", held);
}

absl::Status BarrierGone(absl::string_view asked) {
  return Error(StatusCode::kFailedPrecondition, "BARRIER_GONE")
      .Meta("barrier_id", asked)
      .En("barrier ", asked, " does not hold the store: its lease ran out or it was never taken")
      .Vi("mốc dừng ", asked, " không còn hiệu lực");
}

absl::Status LeaseRange(absl::Duration lease) {
  return Error(StatusCode::kInvalidArgument, "LEASE_RANGE")
      .Field("lease_ms", "LEASE_RANGE: 1 to 30000 milliseconds")
      .En("a barrier is held for 1 to 30000 milliseconds, not ", absl::FormatDuration(lease))
      .Vi("thời gian giữ phải từ 1 đến 30000 mili giây");
}

absl::Status ResourceName(absl::string_view name, absl::string_view pattern) {
  return Error(StatusCode::kInvalidArgument, "RESOURCE_NAME")
      .Meta("name", name.substr(0, 256))
      .Meta("pattern", pattern)
      .Field("name", absl::StrCat("RESOURCE_NAME: must be ", pattern))
      .En("\"", name.substr(0, 256), "\" is not a name of the form ", pattern)
      .Vi("\"", name.substr(0, 256), "\" không phải tên dạng ", pattern);
}

absl::Status NotFound(absl::string_view name) {
  return Error(StatusCode::kNotFound, "NOT_FOUND")
      .Meta("name", name)
      .En(name, " does not exist")
      .Vi("không tìm thấy ", name);
}

absl::Status Exists(absl::string_view reason, absl::string_view name) {
  return Error(StatusCode::kAlreadyExists, reason)
      .Meta("name", name)
      .En(name, " exists already")
      .Vi(name, " đã tồn tại");
}

absl::Status EtagMismatch(absl::string_view name, absl::string_view given,
                          absl::string_view current) {
  return Error(StatusCode::kAborted, "ETAG_MISMATCH")
      .Meta("name", name)
      .Meta("given_etag", given)
      .Meta("current_etag", current)
      .En(name, " was changed since it was read: its etag is ", current, ", not ", given)
      .Vi(name, " đã bị thay đổi kể từ lần đọc: etag hiện tại là ", current);
}

}  // namespace nscl::store::errors
