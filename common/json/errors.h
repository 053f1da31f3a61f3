// The refusals of reading JSON and field text.
#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::json::errors {

// The text is not one JSON document (RFC 8259) in UTF-8: `MALFORMED_JSON`.
absl::Status Malformed(size_t offset, absl::string_view path, absl::string_view what);
// Nested deeper than the limit: `DEPTH_EXCEEDED`.
absl::Status DepthExceeded(size_t offset, int limit);
// Too many values, too long a string or number: `LIMIT_EXCEEDED`.
absl::Status LimitExceeded(size_t offset, absl::string_view path, absl::string_view what,
                           size_t limit);
// The field was given before, in this or its other spelling: `DUPLICATE_FIELD`.
absl::Status DuplicateField(absl::string_view path);
// Two members of a oneof: `ONEOF_CONFLICT`.
absl::Status OneofConflict(absl::string_view path, absl::string_view oneof);
// The message has no such field: `UNKNOWN_FIELD`.
absl::Status UnknownField(absl::string_view path, absl::string_view message_name);
// A value of another kind than the field's: `WRONG_TYPE`.
absl::Status WrongType(absl::string_view path, absl::string_view wanted, absl::string_view got);
// Not a number of the field's kind and range: `INVALID_NUMBER`.
absl::Status InvalidNumber(absl::string_view path, absl::string_view wanted);
// Infinity or NaN: `NOT_FINITE`.
absl::Status NotFinite(absl::string_view path);
// Not a value of the enum: `INVALID_ENUM`.
absl::Status InvalidEnum(absl::string_view path, absl::string_view value,
                         absl::string_view enum_name);
// Lone surrogate, invalid UTF-8, U+0000: `INVALID_TEXT`.
absl::Status InvalidText(size_t offset, absl::string_view path, absl::string_view what);
// Not an instant, duration, mask or base64 text: `INVALID_FORMAT`.
absl::Status InvalidFormat(absl::string_view path, absl::string_view wanted);

}  // namespace nscl::json::errors
