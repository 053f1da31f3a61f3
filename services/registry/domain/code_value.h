// Values of codes and names of support cases that other resources carry: their form. Whether a code
// is one is asked of its list (rows::Codes).
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace nscl::registry::domain {

// Cleans the value of a code: at most 100 characters, as in the lists.
void NormaliseCodeValue(status::Violations& violations, absl::string_view path, std::string* value,
                        bool required);

// Adds a violation `RESOURCE_NAME` unless the name is empty or that of a support case. Casework is
// not asked whether it is there.
void CheckCaseName(status::Violations& violations, absl::string_view path, absl::string_view name);

}  // namespace nscl::registry::domain
