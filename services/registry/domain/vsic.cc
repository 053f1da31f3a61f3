#include "services/registry/domain/vsic.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMinDigits = 2;
constexpr size_t kMaxDigits = 5;

}  // namespace

bool IsVsicForm(absl::string_view value) {
  const bool letter = !VsicSectionOf(value).empty();
  const absl::string_view digits = letter ? value.substr(1) : value;
  if (letter && digits.empty()) return true;
  return (letter || digits.size() >= kMinDigits) && digits.size() <= kMaxDigits &&
         std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
}

absl::string_view VsicSectionOf(absl::string_view value) {
  return !value.empty() && absl::ascii_isupper(value[0]) ? value.substr(0, 1) : "";
}

absl::string_view VsicDigitsOf(absl::string_view value) {
  return value.size() > 1 && !VsicSectionOf(value).empty() ? value.substr(1) : value;
}

}  // namespace nscl::registry::domain
