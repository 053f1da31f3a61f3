#include "services/budgeting/domain/annex_sums.h"

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::budgeting::domain {
namespace {

absl::Status Overflow(int row, absl::string_view row_id, absl::string_view what) {
  status::Violations violations;
  violations.Add(
      row < 0 ? std::string("plan.annex.total") : absl::StrCat("plan.annex.rows[", row, "]"),
      "AMOUNT_OVERFLOW",
      absl::StrCat("the ", what, row < 0 ? "" : absl::StrCat(" of row ", row_id),
                   " does not fit int64 đồng"),
      absl::StrCat("số tiền", row < 0 ? " tổng cộng" : absl::StrCat(" của dòng ", row_id),
                   " quá lớn"));
  return violations.ToStatus();
}

// Adds where there is something to add; false where int64 is too small.
bool AddTo(std::optional<int64_t>& sum, const std::optional<int64_t>& amount) {
  if (!amount.has_value()) return true;
  int64_t result;
  if (__builtin_add_overflow(sum.value_or(0), *amount, &result)) return false;
  sum = result;
  return true;
}

// |a - b|, exact.
__int128 Distance(int64_t a, int64_t b) {
  const __int128 difference = static_cast<__int128>(a) - b;
  return difference < 0 ? -difference : difference;
}

// Whether rows below that come to `sum` explain the unit price of a row, rather than being its
// items.
bool ExplainsUnitPrice(const AnnexRowSums& row, int64_t sum) {
  if (!row.product.has_value()) return false;
  if (sum == *row.unit_price) return true;
  const int64_t amount = row.amount.value_or(*row.product);
  return Distance(sum, *row.unit_price) < Distance(sum, amount);
}

absl::Status ReadRow(const v1::Annex& annex, int index,
                     const absl::flat_hash_map<int32_t, int>& year_index, AnnexRowSums& row) {
  const v1::AnnexRow& source = annex.rows(index);
  row.printed.resize(annex.years_size());
  row.below.resize(annex.years_size());
  for (const v1::AnnexCell& cell : source.cells()) {
    if (!cell.has_printed()) continue;
    row.printed[year_index.at(cell.year())] = cell.printed().amount_vnd();
    if (!AddTo(row.amount, cell.printed().amount_vnd())) {
      return Overflow(index, source.row_id(), "sum over the years");
    }
  }
  if (source.has_total()) row.printed_total = source.total().amount_vnd();
  if (!row.amount.has_value()) row.amount = row.printed_total;
  if (source.has_quantity_thousandths()) row.quantity_thousandths = source.quantity_thousandths();
  if (source.has_unit_price()) row.unit_price = source.unit_price().amount_vnd();
  if (!row.quantity_thousandths.has_value() || !row.unit_price.has_value()) return absl::OkStatus();

  const __int128 thousandths = static_cast<__int128>(*row.quantity_thousandths) * *row.unit_price;
  const __int128 product =
      (thousandths + money::kThousandthsPerUnit / 2) / money::kThousandthsPerUnit;
  if (product > INT64_MAX) return Overflow(index, source.row_id(), "quantity times unit price");
  row.product = static_cast<int64_t>(product);
  row.product_exact = thousandths % money::kThousandthsPerUnit == 0;
  return absl::OkStatus();
}

// Sums the rows below and decides what they are to this row.
absl::Status SumBelow(const v1::Annex& annex, int index, AnnexSums& sums) {
  AnnexRowSums& row = sums.rows[index];
  YearAmounts years(annex.years_size());
  std::optional<int64_t> total;
  for (int child : row.children) {
    bool fits = AddTo(total, sums.rows[child].value_total());
    for (int y = 0; y < annex.years_size(); ++y)
      fits = AddTo(years[y], sums.rows[child].value()[y]) && fits;
    if (!fits) return Overflow(index, annex.rows(index).row_id(), "sum of the rows below");
  }
  if (!total.has_value()) {
    row.part = row.amount.has_value() ? v1::AnnexRow::PART_COUNTING : v1::AnnexRow::PART_BLANK;
  } else if (ExplainsUnitPrice(row, *total)) {
    row.breakdown = total;
    row.part = row.amount.has_value() ? v1::AnnexRow::PART_COUNTING : v1::AnnexRow::PART_BLANK;
  } else {
    row.below = std::move(years);
    row.below_total = total;
    row.part = row.amount.has_value() ? v1::AnnexRow::PART_SUBTOTAL : v1::AnnexRow::PART_BLANK;
  }
  return absl::OkStatus();
}

// Rows under a row that they explain take no part in the sum, however deep they stand.
void MarkBreakdowns(AnnexSums& sums) {
  for (AnnexRowSums& row : sums.rows) {
    if (row.parent < 0) continue;
    const AnnexRowSums& above = sums.rows[row.parent];
    const bool explains = above.breakdown.has_value() || above.part == v1::AnnexRow::PART_BREAKDOWN;
    if (explains) row.part = v1::AnnexRow::PART_BREAKDOWN;
  }
}

}  // namespace

int64_t VndPerUnit(v1::Annex::MoneyUnit unit) {
  switch (unit) {
    case v1::Annex::MONEY_UNIT_DONG:
      return 1;
    case v1::Annex::MONEY_UNIT_THOUSAND_DONG:
      return 1'000;
    case v1::Annex::MONEY_UNIT_MILLION_DONG:
      return 1'000'000;
    default:
      return 0;
  }
}

absl::StatusOr<AnnexSums> ComputeAnnexSums(const v1::Annex& annex) {
  AnnexSums sums;
  sums.rows.resize(annex.rows_size());
  sums.years.resize(annex.years_size());
  absl::flat_hash_map<int32_t, int> year_index;
  for (int y = 0; y < annex.years_size(); ++y) year_index[annex.years(y)] = y;
  absl::flat_hash_map<std::string, int> row_index;
  for (int i = 0; i < annex.rows_size(); ++i) {
    const v1::AnnexRow& row = annex.rows(i);
    row_index[row.row_id()] = i;
    if (!row.parent_row_id().empty()) {
      sums.rows[i].parent = row_index.at(row.parent_row_id());
      sums.rows[sums.rows[i].parent].children.push_back(i);
    }
    RETURN_IF_ERROR(ReadRow(annex, i, year_index, sums.rows[i]));
  }
  for (int i = annex.rows_size() - 1; i >= 0; --i) RETURN_IF_ERROR(SumBelow(annex, i, sums));
  MarkBreakdowns(sums);

  std::optional<int64_t> total;
  for (const AnnexRowSums& row : sums.rows) {
    if (row.amount.has_value()) ++sums.amount_rows;
    if (row.part != v1::AnnexRow::PART_COUNTING) continue;
    ++sums.counting_rows;
    bool fits = AddTo(total, row.amount);
    for (int y = 0; y < annex.years_size(); ++y)
      fits = AddTo(sums.years[y], row.printed[y]) && fits;
    if (!fits) return Overflow(-1, "", "grand total");
  }
  sums.total = total.value_or(0);
  return sums;
}

}  // namespace nscl::budgeting::domain
