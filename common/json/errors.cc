#include "common/json/errors.h"

#include "common/status/error.h"

namespace nscl::json::errors {
namespace {

using status::Error;

// "", or " at `path`".
std::string At(absl::string_view path) {
  return path.empty() ? std::string() : absl::StrCat(" at `", path, "`");
}

std::string Tai(absl::string_view path) {
  return path.empty() ? std::string() : absl::StrCat(" tại `", path, "`");
}

Error Invalid(absl::string_view reason, absl::string_view path, absl::string_view description) {
  Error error(absl::StatusCode::kInvalidArgument, reason);
  if (!path.empty()) error.Meta("field", path).Field(path, description);
  return error;
}

}  // namespace

absl::Status Malformed(size_t offset, absl::string_view path, absl::string_view what) {
  return Invalid("MALFORMED_JSON", path, what)
      .Meta("offset", offset)
      .En("the body is not strict JSON: ", what, " at byte ", offset, At(path))
      .Vi("nội dung không phải JSON hợp lệ, lỗi ở byte ", offset, Tai(path));
}

absl::Status DepthExceeded(size_t offset, int limit) {
  return Invalid("DEPTH_EXCEEDED", "", "")
      .Meta("offset", offset)
      .Meta("limit", limit)
      .En("the JSON is nested deeper than ", limit, " levels at byte ", offset)
      .Vi("JSON lồng quá ", limit, " mức ở byte ", offset);
}

absl::Status LimitExceeded(size_t offset, absl::string_view path, absl::string_view what,
                           size_t limit) {
  return Invalid("LIMIT_EXCEEDED", path, what)
      .Meta("offset", offset)
      .Meta("limit", limit)
      .En(what, " at byte ", offset, At(path), "; the limit is ", limit)
      .Vi("vượt giới hạn ", limit, " ở byte ", offset, Tai(path));
}

absl::Status DuplicateField(absl::string_view path) {
  return Invalid("DUPLICATE_FIELD", path, "given more than once")
      .En("`", path, "` is given more than once")
      .Vi("trường `", path, "` bị lặp lại");
}

absl::Status OneofConflict(absl::string_view path, absl::string_view oneof) {
  return Invalid("ONEOF_CONFLICT", path, "another member of the same choice is given")
      .Meta("oneof", oneof)
      .En("`", path, "`: only one member of `", oneof, "` may be given")
      .Vi("`", path, "`: chỉ được nêu một mục của `", oneof, "`");
}

absl::Status UnknownField(absl::string_view path, absl::string_view message_name) {
  return Invalid("UNKNOWN_FIELD", path, "no such field")
      .Meta("message", message_name)
      .En("there is no field `", path, "` in ", message_name)
      .Vi("không có trường `", path, "`");
}

absl::Status WrongType(absl::string_view path, absl::string_view wanted, absl::string_view got) {
  return Invalid("WRONG_TYPE", path, absl::StrCat("must be ", wanted))
      .Meta("wanted", wanted)
      .Meta("got", got)
      .En(path.empty() ? absl::string_view("the body") : path, " must be ", wanted, ", not ", got)
      .Vi("`", path, "` sai kiểu dữ liệu");
}

absl::Status InvalidNumber(absl::string_view path, absl::string_view wanted) {
  return Invalid("INVALID_NUMBER", path, absl::StrCat("must be ", wanted))
      .Meta("wanted", wanted)
      .En("`", path, "` must be ", wanted)
      .Vi("`", path, "` không phải số hợp lệ");
}

absl::Status NotFinite(absl::string_view path) {
  return Invalid("NOT_FINITE", path, "must be a finite number")
      .En("`", path, "` must be a finite number")
      .Vi("`", path, "` phải là số hữu hạn");
}

absl::Status InvalidEnum(absl::string_view path, absl::string_view value,
                         absl::string_view enum_name) {
  return Invalid("INVALID_ENUM", path, absl::StrCat("is not a value of ", enum_name))
      .Meta("value", value)
      .Meta("enum", enum_name)
      .En("`", path, "`: \"", value, "\" is not a value of ", enum_name)
      .Vi("`", path, "`: giá trị \"", value, "\" không có trong danh mục");
}

absl::Status InvalidText(size_t offset, absl::string_view path, absl::string_view what) {
  return Invalid("INVALID_TEXT", path, what)
      .Meta("offset", offset)
      .En("the text", At(path), " has ", what, " at byte ", offset)
      .Vi("văn bản", Tai(path), " có ký tự không hợp lệ ở byte ", offset);
}

absl::Status InvalidFormat(absl::string_view path, absl::string_view wanted) {
  return Invalid("INVALID_FORMAT", path, absl::StrCat("must be ", wanted))
      .Meta("wanted", wanted)
      .En("`", path, "` must be ", wanted)
      .Vi("`", path, "` sai định dạng");
}

}  // namespace nscl::json::errors
