// The writer of protobuf's JSON form.
//
// lowerCamelCase names, 64-bit integers as strings, enums by name, instants in UTC. Fields without
// presence are written even at their default ("paidVnd":"0", empty lists too), so that a client
// sees every amount; absent messages and absent optional fields are left out, because a blank is
// not a zero.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::json {

struct WriteOptions {
  // Writes fields without presence at their default. Off for answers cut down by a read mask, where
  // a zero could be taken for a value.
  bool defaults = true;
};

// Appends the JSON form of `message`.
void AppendJson(const google::protobuf::Message& message, const WriteOptions& options,
                std::string* out);

// The JSON form of `message`.
std::string WriteJson(const google::protobuf::Message& message, const WriteOptions& options = {});

// Appends `text` as a JSON string.
void AppendJsonString(absl::string_view text, std::string* out);

}  // namespace nscl::json
