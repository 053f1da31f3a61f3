#include "services/registry/domain/references.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "common/resource/name.h"

namespace nscl::registry::domain {

void CheckReference(status::Violations& violations, absl::string_view path, absl::string_view name,
                    std::initializer_list<absl::string_view> patterns) {
  if (name.empty()) return;
  const bool fits = std::any_of(patterns.begin(), patterns.end(), [&](absl::string_view pattern) {
    return resource::NamePattern(pattern).Matches(name);
  });
  const std::string wanted = absl::StrJoin(patterns, ", ");
  violations.Check(fits, path, "REFERENCE", absl::StrCat("must be a name ", wanted),
                   absl::StrCat("phải là tên ", wanted));
}

void CheckSibling(status::Violations& violations, absl::string_view path, absl::string_view name,
                  absl::string_view of, absl::string_view collection) {
  if (name.empty()) return;
  const std::string prefix = absl::StrCat(resource::ParentOf(of), "/", collection, "/");
  absl::string_view id = name;
  const bool fits = absl::ConsumePrefix(&id, prefix) && resource::IsId(id);
  violations.Check(fits, path, "REFERENCE", absl::StrCat("must be a name below ", prefix),
                   absl::StrCat("phải là tên thuộc ", prefix));
}

}  // namespace nscl::registry::domain
