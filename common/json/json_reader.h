// A strict reader of protobuf's JSON form.
//
// One pass over the text drives protobuf reflection. It takes what protobuf's own mapping takes,
// less what that parser takes leniently: duplicate keys (also `caseId` beside `case_id`), trailing
// commas, comments, single quotes, raw control characters, lone surrogates, U+0000, numbers in
// other forms than the field's, enum numbers that do not exist, `"true"` for true, and integers
// above 2^53 written as JSON numbers (a client that uses doubles has already lost digits there:
// write them as strings). Its time and space are linear in the text.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::json {

// Limits of one document.
struct Limits {
  // Objects and lists within each other, the outermost counted.
  int depth = 32;
  // Values and keys.
  size_t tokens = 50'000;
  // Bytes of one string, escapes undone.
  size_t string_bytes = 64 * 1024;
  // Characters of one number.
  size_t number_chars = 32;
};

// Reads `text` into `message`, which must be empty. `path_prefix` ("enterprise") stands before the
// field paths in errors. On an error the message's content is undefined.
absl::Status ReadJson(absl::string_view text, const Limits& limits, absl::string_view path_prefix,
                      google::protobuf::Message& message);

inline absl::Status ReadJson(absl::string_view text, google::protobuf::Message& message) {
  return ReadJson(text, Limits(), "", message);
}

// Whether every message reachable from `type` can be read and written: no Any, Struct, Value,
// ListValue, extensions or groups, which public messages must not have. On false, `*problem` names
// the field.
bool IsSupported(const google::protobuf::Descriptor& type, std::string* problem);

}  // namespace nscl::json
