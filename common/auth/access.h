// The access rule of a method, read off its descriptor once and applied to every call.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/call.h"

namespace nscl::auth {

class AccessRule {
 public:
  // Reads `(nscl.annotation.v1.access)` off a method. INTERNAL `NO_ACCESS_RULE` without a
  // permission, INTERNAL where `scope_field` does not lead to a text field of the request.
  static absl::StatusOr<AccessRule> Of(const google::protobuf::MethodDescriptor* method);

  const std::string& permission() const { return permission_; }
  // Path of the field that names the province; "" where the method has none.
  const std::string& scope_field() const { return scope_field_; }
  bool any_scope() const { return any_scope_; }
  // Whether "provinces/-" may be asked for: methods that list, search, sum up or watch under a
  // parent.
  bool wildcard_allowed() const { return wildcard_allowed_; }

  // PERMISSION_DENIED `ROLE_DENIED`.
  absl::Status CheckPermission(const Caller& caller) const;
  // The province that the request names ("-" for a list over all in scope, "" where the method
  // names none); INVALID_ARGUMENT `RESOURCE_NAME`, PERMISSION_DENIED `SCOPE_DENIED`.
  absl::StatusOr<std::string> CheckScope(const Caller& caller,
                                         const google::protobuf::Message& request) const;

 private:
  std::string permission_;
  std::string scope_field_;
  bool any_scope_ = false;
  bool wildcard_allowed_ = false;
  std::vector<const google::protobuf::FieldDescriptor*> path_;
};

// All methods of linked services whose full name starts with `prefix` ("nscl.",
// "nscl.casework.v1."), in order of name. Their files must be linked whole (nscl_<service>_messages
// does).
std::vector<const google::protobuf::MethodDescriptor*> LinkedMethods(const std::string& prefix);

// "/nscl.casework.v1.SupportCaseService/ApproveSupportCase".
std::string MethodPath(const google::protobuf::MethodDescriptor* method);

}  // namespace nscl::auth
