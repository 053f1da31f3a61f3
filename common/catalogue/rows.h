// Reading the dated law and the code lists (deploy/catalogue/*.json), strictly: a file that cannot
// be read as it is described stops the start of a service with the file, the row and the field.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace nscl::catalogue {

// What every row has: when it holds, and why.
struct Basis {
  absl::optional<absl::CivilDay> valid_from;  // absent: open, or not known
  absl::optional<absl::CivilDay> valid_to;    // inclusive
  std::string legal_basis;

  bool HoldsOn(absl::CivilDay day) const {
    return (!valid_from.has_value() || *valid_from <= day) &&
           (!valid_to.has_value() || day <= *valid_to);
  }
};

// One row while it is read. The first fault is kept; Finish tells it, and refuses fields that
// nobody read.
class Row {
 public:
  Row(absl::string_view file, size_t index, const nlohmann::json& row);

  std::string Text(absl::string_view field);          // must be there and not empty
  std::string OptionalText(absl::string_view field);  // "" where absent or null
  std::vector<std::string> Texts(absl::string_view field);
  bool Flag(absl::string_view field);
  // A whole number of min..max, as a number or as a string of digits.
  int64_t Whole(absl::string_view field, int64_t min, int64_t max);
  absl::optional<int64_t> OptionalWhole(absl::string_view field, int64_t min, int64_t max);
  absl::CivilDay Day(absl::string_view field);
  absl::optional<absl::CivilDay> OptionalDay(absl::string_view field);
  // valid_from, valid_to, legal_basis and confidence.
  Basis ReadBasis();

  // Keeps a fault found by the caller: "is not a size".
  void Fault(absl::string_view field, absl::string_view what);
  // OK, or INVALID_ARGUMENT `CATALOGUE` with metadata `file`, `row` (from 1) and `field`.
  absl::Status Finish() const;

 private:
  const nlohmann::json* Find(absl::string_view field);
  absl::optional<int64_t> ToWhole(absl::string_view field, const nlohmann::json& value, int64_t min,
                                  int64_t max);

  std::string file_;
  size_t index_;
  const nlohmann::json& row_;
  std::set<std::string> known_;
  absl::Status fault_;
};

// The text of a file. NOT_FOUND `CATALOGUE` where it cannot be read.
absl::StatusOr<std::string> ReadFile(absl::string_view dir, absl::string_view file);

// Visits the rows of `<dir>/<file>`; "<name>.json" must have the schema "nscl.catalogue.<name>.v1".
// `visit` reads the fields of a row; Finish is called after it. Duplicate keys and unknown fields
// are refused. NOT_FOUND `CATALOGUE` where the file cannot be read.
absl::Status ReadRows(absl::string_view dir, absl::string_view file,
                      absl::FunctionRef<void(Row&)> visit);
// The same for a text that was read, and for fields beside the rows (the "row" 0).
absl::Status ReadRowsOf(
    absl::string_view text, absl::string_view file, absl::FunctionRef<void(Row&)> visit,
    absl::FunctionRef<void(Row&)> visit_head = [](Row&) {});

// Refuses two rows of one key that hold on the same day: the date would not choose between them.
absl::Status CheckNoOverlapOf(absl::string_view file,
                              absl::Span<const std::pair<std::string, Basis>> keyed);
template <typename Rows, typename KeyOf>
absl::Status CheckNoOverlap(absl::string_view file, const Rows& rows, KeyOf key_of) {
  std::vector<std::pair<std::string, Basis>> keyed;
  for (const auto& row : rows) keyed.emplace_back(key_of(row), row.basis);
  return CheckNoOverlapOf(file, keyed);
}

// The row of `rows` that `is` names and that holds on `day`; null where there is none.
template <typename Rows, typename Is>
auto ValidOn(const Rows& rows, absl::CivilDay day, Is is) -> decltype(&*rows.begin()) {
  for (const auto& row : rows) {
    if (is(row) && row.basis.HoldsOn(day)) return &row;
  }
  return nullptr;
}

}  // namespace nscl::catalogue
