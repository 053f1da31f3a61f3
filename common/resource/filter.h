// Filters of lists: the part of AIP-160 that is served.
//
//   expression  = and
//   and         = or { "AND" or }               OR binds closer than AND, as AIP-160 has it
//   or          = term { "OR" term }
//   term        = [ "NOT" ] ( "(" expression ")" | comparison )
//   comparison  = path ( "=" | "!=" | "<" | "<=" | ">" | ">=" ) value
//   value       = "text" | 'text' | word         \" \' \\ stand for themselves within quotes
//
// Paths come from the list that each method allows. The value is read by the type of the field:
// text (compared by bytes), whole numbers, true or false (= and != only), or the name of an enum
// value (= and != only). A comparison of a field that is absent is false, != included.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "absl/types/variant.h"

namespace nscl::resource {

// Limits of a filter: beyond them it is refused before it costs anything.
inline constexpr size_t kMaxFilterBytes = 2000;
inline constexpr int kMaxFilterDepth = 20;
inline constexpr int kMaxFilterComparisons = 50;

// A filter, compiled for one message type.
class Filter {
 public:
  // `allowed` are paths of `type` through singular fields, "account.budget_year"; one that does not
  // exist stops the process. INVALID_ARGUMENT `FILTER` with metadata `position` (first byte of the
  // fault, from 0).
  static absl::StatusOr<Filter> Parse(absl::string_view text,
                                      const google::protobuf::Descriptor* type,
                                      absl::Span<const absl::string_view> allowed);

  // Nothing is filtered.
  bool empty() const { return nodes_.empty(); }

  bool Matches(const google::protobuf::Message& message) const;

  // The text that `path` must equal for anything to match, where the filter says so in a comparison
  // that stands alone or under AND: what an index can be asked for. Enums and numbers by their text
  // as given.
  absl::optional<std::string> RequiredValue(absl::string_view path) const;

 private:
  friend class FilterParser;

  enum class Operator { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  struct Comparison {
    std::string path;
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    Operator op = Operator::kEqual;
    std::string text;                                           // the value as given
    absl::variant<std::string, int64_t, uint64_t, bool> value;  // enums as int64_t
  };
  enum class Kind { kAnd, kOr, kNot, kComparison };
  struct Node {
    Kind kind;
    std::vector<int> children;  // indexes of nodes_
    Comparison comparison;
  };

  bool Matches(int node, const google::protobuf::Message& message) const;
  static bool Holds(const Comparison& comparison, const google::protobuf::Message& message);
  const Comparison* Required(int node, absl::string_view path) const;

  std::vector<Node> nodes_;
  int root_ = -1;
};

}  // namespace nscl::resource
