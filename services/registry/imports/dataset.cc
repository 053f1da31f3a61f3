#include "services/registry/imports/dataset.h"

#include <cstdlib>
#include <iostream>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"

namespace nscl::registry::imports {
namespace {

// "address" of "enterprise.address" and of "enterprise.address[2].x"; a field that a column names
// with its message, "year_profile.revenue_vnd", as it is.
bool Names(absl::string_view path, absl::string_view field) {
  path = path.substr(0, path.find('['));
  return path == field || (absl::EndsWith(path, field) && path.size() > field.size() &&
                           path[path.size() - field.size() - 1] == '.');
}

}  // namespace

std::string Dataset::ReasonOf(const absl::Status& refused) const {
  std::string localized = status::LocalizedMessageOf(refused);
  if (localized.empty()) localized = std::string(refused.message());
  std::string reasons;
  absl::flat_hash_set<std::string> titles;
  for (absl::string_view line : absl::StrSplit(localized, '\n', absl::SkipEmpty())) {
    const size_t colon = line.find(": ");
    const absl::string_view path = line.substr(0, colon);
    std::string shown(line);
    for (const Column& column : columns_) {
      if (colon == absl::string_view::npos || !Names(path, column.field)) continue;
      // The cell's own fault is told first; what follows from it is not.
      if (!titles.insert(std::string(column.title)).second) shown.clear();
      if (!shown.empty()) shown = absl::StrCat(column.title, line.substr(colon));
      break;
    }
    if (!shown.empty()) absl::StrAppend(&reasons, reasons.empty() ? "" : "; ", shown);
  }
  return reasons;
}

void Dataset::CheckRequired(const Cells& cells, status::Violations& violations) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    violations.Check(!columns_[i].required || !cells[i].empty(), columns_[i].field, "CELL_MISSING",
                     "must be filled", "không được để trống");
  }
}

size_t Dataset::PlaceOf(absl::string_view field) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].field == field) return i;
  }
  std::cerr << "no column fills " << field << std::endl;
  std::abort();
}

}  // namespace nscl::registry::imports
