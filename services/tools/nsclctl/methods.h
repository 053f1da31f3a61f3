// The methods of the services, found in the linked descriptors, and requests for them.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::nsclctl {

// A method by its full name, or by any end of it that only one method has: "GetPlan",
// "budgeting.EventService.ListEvents". The error lists the candidates.
absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(absl::string_view name);

// All methods of the services, in order of name.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

// A new message of a linked type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// A random UUID, for `request_id`.
std::string NewUuid();

// Puts a random `request_id` into a request that needs one and has none.
void FillRequestId(google::protobuf::Message& request, const std::string& given = "");

}  // namespace nscl::nsclctl
