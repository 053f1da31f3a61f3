// What every row of an annex plays in the sum, and what the sums come to. The part of a row follows
// from the figures alone, never from a mark in the file: what is declared can be declared wrongly.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "nscl/budgeting/v1/plan.pb.h"

namespace nscl::budgeting::domain {

// Đồng per unit of the printed amounts; 0 for an unknown unit.
int64_t VndPerUnit(v1::Annex::MoneyUnit unit);

// Amounts by year, in the order of Annex.years. An absent amount is a blank: it is not zero.
using YearAmounts = std::vector<std::optional<int64_t>>;

// A row with its place in the tree and its sums. All amounts in đồng.
struct AnnexRowSums {
  int parent = -1;            // index in Annex.rows, -1 at the top
  std::vector<int> children;  // indexes, in printed order
  v1::AnnexRow::Part part = v1::AnnexRow::PART_UNSPECIFIED;

  YearAmounts printed;                   // the row's own cells
  std::optional<int64_t> printed_total;  // the row's own total column
  // The row's own amount over the years: the sum of its cells, else its total column.
  std::optional<int64_t> amount;

  // What the counting rows below come to, or for a row of a breakdown its leaves below; absent
  // where no row below has an amount. Rows that explain this row's unit price are not in it.
  YearAmounts below;
  std::optional<int64_t> below_total;
  // What the rows that explain this row's unit price come to; absent where none does.
  std::optional<int64_t> breakdown;

  std::optional<int64_t> quantity_thousandths;
  std::optional<int64_t> unit_price;
  // Quantity times unit price in đồng, rounded to the nearest; absent where one of them is.
  std::optional<int64_t> product;
  // The product is a whole number of đồng.
  bool product_exact = true;

  // What the row adds to the row above: what is below it, else its own amounts.
  const YearAmounts& value() const { return below_total.has_value() ? below : printed; }
  std::optional<int64_t> value_total() const {
    return below_total.has_value() ? below_total : amount;
  }
};

struct AnnexSums {
  std::vector<AnnexRowSums> rows;  // as Annex.rows
  YearAmounts years;               // sum of the counting rows by year
  int64_t total = 0;               // sum of the counting rows over all years
  int32_t amount_rows = 0;         // rows that print an amount
  int32_t counting_rows = 0;       // rows that count
};

// Computes the sums of an annex whose numbers are parsed and whose rows stand after their parents
// (plan_file has checked it). INVALID_ARGUMENT `AMOUNT_OVERFLOW` naming the row at which a sum
// leaves int64.
//
// A row with quantity, unit price and rows below is explained by them where they come to its unit
// price; where they come to its amount they are its items. Where they come to neither, something is
// misprinted, and the nearer of the two is taken, so that the finding names the figure that is off.
absl::StatusOr<AnnexSums> ComputeAnnexSums(const v1::Annex& annex);

}  // namespace nscl::budgeting::domain
