// Path templates of google.api.http: "/v1/{name=provinces/*/enterprises/*}:verb".
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::gateway {

// A compiled template.
struct PathTemplate {
  // A segment: literal text, or "*" for any one segment, or "**" for all that follow (last only).
  struct Segment {
    enum Kind { kLiteral, kOne, kRest } kind;
    std::string literal;
  };
  // A variable and the segments [begin, end) that it takes; the end of a variable that ends in "**"
  // is the end of the path.
  struct Variable {
    std::string field_path;  // "enterprise.name"
    size_t begin = 0;
    size_t end = 0;
  };

  std::vector<Segment> segments;
  std::vector<Variable> variables;
  std::string verb;  // without the colon; empty where the template has none
};

// Compiles a template; the error names what is wrong with it.
absl::StatusOr<PathTemplate> ParsePathTemplate(absl::string_view text);

// Whether some path fits both, which would make the answer depend on chance.
bool Overlap(const PathTemplate& a, const PathTemplate& b);

// The pieces of a request target.
struct Target {
  std::vector<std::string> segments;  // percent-decoded
  std::string verb;
  // Decoded query parameters in order.
  std::vector<std::pair<std::string, std::string>> query;
};

// Takes a request target ("/v1/provinces/48/plans?page_size=5") apart. Refuses with
// `MALFORMED_PATH`: wrong or unnecessary escapes (of control characters, `/` in a segment), empty
// segments, "." and "..", text that is not UTF-8.
absl::StatusOr<Target> ParseTarget(absl::string_view target);

}  // namespace nscl::gateway
