#include "services/registry/domain/code_value.h"

#include "common/resource/name.h"
#include "common/text/clean.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxValue = 100;

}  // namespace

void NormaliseCodeValue(status::Violations& violations, absl::string_view path, std::string* value,
                        bool required) {
  text::CleanField(violations, path, value,
                   {.min_chars = required ? size_t{1} : size_t{0}, .max_chars = kMaxValue});
}

void CheckCaseName(status::Violations& violations, absl::string_view path, absl::string_view name) {
  static const resource::NamePattern kCases("provinces/{province}/supportCases/{support_case}");
  if (name.empty()) return;
  violations.AddAll(kCases.Parse(name, path).status(), "");
}

}  // namespace nscl::registry::domain
