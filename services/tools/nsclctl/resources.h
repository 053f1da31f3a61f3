// Which resources there are and how they are read, from the descriptors: a new resource needs no
// code here.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::nsclctl {

struct Resource {
  const google::protobuf::Descriptor* type = nullptr;
  std::string plural;   // "enterprises"
  std::string pattern;  // "provinces/{province}/enterprises/{enterprise}"
  const google::protobuf::MethodDescriptor* get = nullptr;   // null where there is none
  const google::protobuf::MethodDescriptor* list = nullptr;  // null where there is none
};

// All of them, in order of plural.
std::vector<Resource> AllResources();

// The resource that a name is of ("provinces/48/plans/p").
absl::StatusOr<Resource> ResourceOfName(absl::string_view name);

// The resource with this plural ("plans"); the error lists all.
absl::StatusOr<Resource> ResourceOfPlural(absl::string_view plural);

}  // namespace nscl::nsclctl
