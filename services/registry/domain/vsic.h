// Values of the classification of lines of business (VSIC; Quyết định 27/2018/QĐ-TTg,
// 36/2025/QĐ-TTg).
#pragma once

#include "absl/strings/string_view.h"

namespace nscl::registry::domain {

// "C", "C10", "C10201" or "10", "1020", "10201": a section's letter and up to five digits, or two
// to five digits.
bool IsVsicForm(absl::string_view value);

// "C" of "C10"; "" where the value does not begin with its section.
absl::string_view VsicSectionOf(absl::string_view value);

// "1020" of "C1020": as lists print it below the sections; "C" of "C".
absl::string_view VsicDigitsOf(absl::string_view value);

}  // namespace nscl::registry::domain
