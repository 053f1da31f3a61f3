// Fields that name another resource: their form. Whether it is there is asked of the rows.
#pragma once

#include <initializer_list>

#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace nscl::registry::domain {

// Adds a violation `REFERENCE` unless the name is empty or fits one of the patterns.
void CheckReference(status::Violations& violations, absl::string_view path, absl::string_view name,
                    std::initializer_list<absl::string_view> patterns);

// The same for a resource of `collection` below the parent of `of`: a product of the enterprise
// that the certificate belongs to.
void CheckSibling(status::Violations& violations, absl::string_view path, absl::string_view name,
                  absl::string_view of, absl::string_view collection);

}  // namespace nscl::registry::domain
