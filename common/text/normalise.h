// Every text of a message in Unicode NFC, so that equal texts are equal bytes in what is stored,
// compared and searched for.
#pragma once

#include <google/protobuf/message.h>

namespace nscl::text {

// Puts the string fields of a message, nested and repeated ones included, into NFC. What is no
// UTF-8 stays as it is, for the checks of the field to name. Every request goes through this at the
// door of its service (common/rpc/handle.h): no handler normalises again.
void NormaliseFields(google::protobuf::Message* message);

}  // namespace nscl::text
