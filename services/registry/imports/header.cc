#include "services/registry/imports/header.h"

#include <algorithm>

#include "common/text/search_key.h"
#include "services/registry/imports/errors.h"

namespace nscl::registry::imports {
namespace {

constexpr int kNone = -1;     // no title
constexpr int kIgnored = -2;  // a column of a file of errors

// Which column a title names.
int ColumnNamed(const std::string& key, const std::vector<Column>& columns) {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (text::SearchKey(columns[i].title) == key) return static_cast<int>(i);
  }
  if (key == text::SearchKey(kRowTitle) || key == text::SearchKey(kReasonTitle)) return kIgnored;
  return kNone;
}

}  // namespace

absl::StatusOr<Header> Header::Read(const sheet::Row& row, const std::vector<Column>& columns) {
  Header header;
  header.columns_ = &columns;
  header.titles_ = row.cells;
  header.place_of_.assign(columns.size(), -1);
  std::vector<std::string> unknown, twice, missing;
  for (size_t place = 0; place < row.cells.size(); ++place) {
    const std::string key = text::SearchKey(row.cells[place]);
    const int column = key.empty() ? kNone : ColumnNamed(key, columns);
    header.column_at_.push_back(column);
    if (column == kNone && !key.empty()) unknown.push_back(row.cells[place]);
    if (column < 0) continue;
    int& known = header.place_of_[static_cast<size_t>(column)];
    if (known >= 0) twice.push_back(row.cells[place]);
    known = static_cast<int>(place);
  }
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].required && header.place_of_[i] < 0) {
      missing.emplace_back(columns[i].title);
    }
  }
  if (!unknown.empty()) return errors::TitlesUnknown(unknown);
  if (!twice.empty()) return errors::TitlesTwice(twice);
  if (!missing.empty()) return errors::TitlesMissing(missing);
  return header;
}

bool Header::Explains(const sheet::Row& row) const {
  bool any = false;
  for (size_t place = 0; place < row.cells.size(); ++place) {
    if (row.cells[place].empty()) continue;
    const int column = place < column_at_.size() ? column_at_[place] : kNone;
    if (column < 0 || row.cells[place] != (*columns_)[static_cast<size_t>(column)].description) {
      return false;
    }
    any = true;
  }
  return any;
}

Cells Header::CellsOf(const sheet::Row& row) const {
  Cells cells(columns_->size());
  for (size_t i = 0; i < cells.size(); ++i) {
    const int place = place_of_[i];
    if (place < 0 || static_cast<size_t>(place) >= row.cells.size()) continue;
    cells[i] = row.cells[static_cast<size_t>(place)];
  }
  return cells;
}

bool Header::HasStray(const sheet::Row& row) const {
  for (size_t place = 0; place < row.cells.size(); ++place) {
    if (row.cells[place].empty()) continue;
    if (place >= column_at_.size() || column_at_[place] == kNone) return true;
  }
  return false;
}

std::vector<sheet::Cell> Header::AsInFile(const std::vector<std::string>& cells) const {
  std::vector<sheet::Cell> kept;
  for (size_t place = 0; place < std::max(cells.size(), column_at_.size()); ++place) {
    if (place < column_at_.size() && column_at_[place] == kIgnored) continue;
    kept.push_back({place < cells.size() ? cells[place] : std::string()});
  }
  return kept;
}

}  // namespace nscl::registry::imports
