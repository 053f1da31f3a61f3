// The text form of a single field value: what a JSON string, a path segment and a query parameter
// have in common.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::json {

// Message types whose JSON form is a string.
enum class TextType { kNone, kTimestamp, kDuration, kFieldMask };
TextType TextTypeOf(const google::protobuf::Descriptor& type);

// An integer in plain decimal form: an optional minus, no plus, no leading zero, no blank, no
// exponent.
bool ParseInteger(absl::string_view text, int64_t* value);
bool ParseUnsigned(absl::string_view text, uint64_t* value);

// Sets (or, for a repeated field, adds) the value of a scalar or text-typed field from text. `path`
// names the field in errors.
absl::Status SetFieldFromText(google::protobuf::Message& message,
                              const google::protobuf::FieldDescriptor& field,
                              absl::string_view text, absl::string_view path);

// Fills a Timestamp, Duration or FieldMask from its text.
absl::Status ParseTextMessage(TextType type, absl::string_view text, absl::string_view path,
                              google::protobuf::Message& message);

// The text of a Timestamp, Duration or FieldMask; empty where the value has none (out of range).
std::string FormatTextMessage(TextType type, const google::protobuf::Message& message);

// Valid UTF-8 without surrogates, overlong forms and U+0000. On false, `*bad` is the offset of the
// fault.
bool IsCleanUtf8(absl::string_view text, size_t* bad);

}  // namespace nscl::json
