// The comments of the protos, which the linked descriptors do not carry.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::gateway {

// The comment before an element of ours, by its full name ("nscl.registry.v1.Enterprise.tax_code"),
// as paragraphs; empty where there is none.
std::string CommentOf(absl::string_view full_name);

}  // namespace nscl::gateway
