// The row of titles of a file.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/sheet/sheet.h"
#include "services/registry/imports/columns.h"

namespace nscl::registry::imports {

// Cells of a row by the dataset's columns; empty where the cell is, or the file has no such column.
using Cells = std::vector<std::string>;

class Header {
 public:
  // Titles are compared without accents, case and signs, in any order. INVALID_ARGUMENT
  // `IMPORT_TITLE_UNKNOWN`, `IMPORT_TITLE_MISSING`, `IMPORT_TITLE_TWICE`.
  static absl::StatusOr<Header> Read(const sheet::Row& row, const std::vector<Column>& columns);

  // Whether the row is the template's, which explains the columns.
  bool Explains(const sheet::Row& row) const;
  // The row's cells in the order of the dataset's columns.
  Cells CellsOf(const sheet::Row& row) const;
  // Whether a cell stands under no title.
  bool HasStray(const sheet::Row& row) const;

  // Titles and cells as they stand in the file, without those of a file of errors.
  std::vector<sheet::Cell> Titles() const { return AsInFile(titles_); }
  std::vector<sheet::Cell> AsInFile(const std::vector<std::string>& cells) const;

 private:
  const std::vector<Column>* columns_ = nullptr;
  std::vector<std::string> titles_;
  std::vector<int> column_at_;  // by place in the file; kIgnored, kNone
  std::vector<int> place_of_;   // by column; -1 where the file has it not
};

}  // namespace nscl::registry::imports
