// Personal data of messages: the string fields marked (nscl.annotation.v1.pii). Table keeps them
// beside the row (Txn::PutPersonal), so that erasing a person leaves log, events and kept answers
// as they are.
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::store {

// Whether messages of the type have such fields, at any depth.
bool HasPersonal(const google::protobuf::Descriptor* type);

// Takes the personal fields of a resource out; returns them serialised, "" where none is set. Those
// of messages within it are not kept: ClearPersonal drops them.
std::string TakePersonal(google::protobuf::Message& resource);
// Gives them back. DATA_LOSS `STORE_CORRUPT` where they cannot be read.
absl::Status GivePersonal(absl::string_view personal, google::protobuf::Message& resource);

// Clears the personal fields, at any depth.
void ClearPersonal(google::protobuf::Message& message);

}  // namespace nscl::store
