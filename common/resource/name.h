// Resource names (AIP-122): "provinces/{province}/supportCases/{support_case}".
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::resource {

// Most characters of an id.
inline constexpr size_t kMaxIdLength = 63;

// The id that stands for all in the parent of a list.
inline constexpr char kWildcard[] = "-";

// An id: letters, digits, "-" and ".", beginning with a letter or digit, at most 63 characters.
bool IsId(absl::string_view id);
// A province code: two digits.
bool IsProvinceCode(absl::string_view code);

// Checks an id that a client asks for. INVALID_ARGUMENT `RESOURCE_ID` naming `field`.
absl::Status CheckId(absl::string_view id, absl::string_view field);

// Ids of a name, as views into it.
using Ids = absl::InlinedVector<absl::string_view, 4>;

// A pattern of names. Variables: {province} is two digits, {year} four digits, any other an id.
class NamePattern {
 public:
  // `pattern` is a literal of the program; a bad one stops the process.
  explicit NamePattern(absl::string_view pattern);

  const std::string& pattern() const { return pattern_; }
  size_t ids() const { return variables_; }

  // The ids of a name. INVALID_ARGUMENT `RESOURCE_NAME` naming `field` where it does not fit.
  absl::StatusOr<Ids> Parse(absl::string_view name, absl::string_view field = "name") const;
  // The same for the parent of a list, where any id may be the wildcard "-".
  absl::StatusOr<Ids> ParseParent(absl::string_view parent,
                                  absl::string_view field = "parent") const;
  bool Matches(absl::string_view name) const;

  // The name of ids that were checked before.
  std::string Format(std::initializer_list<absl::string_view> ids) const;

 private:
  enum class Kind { kLiteral, kId, kProvince, kYear };
  struct Segment {
    Kind kind;
    std::string literal;
  };

  bool Split(absl::string_view name, bool wildcards, Ids* ids) const;
  absl::Status Misfit(absl::string_view name, absl::string_view field) const;

  std::string pattern_;
  std::vector<Segment> segments_;
  size_t variables_ = 0;
};

// "48" of "provinces/48" and of any name below it; "" where the name has no province.
absl::string_view ProvinceOf(absl::string_view name);
// The name without its last collection and id: "provinces/48" of "provinces/48/plans/p"; "" at the
// top.
absl::string_view ParentOf(absl::string_view name);
// The last segment.
absl::string_view LastIdOf(absl::string_view name);

}  // namespace nscl::resource
