#include "services/budgeting/domain/plan_import.h"

#include <string>
#include <utility>

#include "common/money/printed.h"
#include "common/status/status_macros.h"
#include "common/text/number_words.h"
#include "services/budgeting/domain/annex_sums.h"
#include "services/budgeting/domain/plan_file.h"
#include "services/budgeting/domain/plan_findings.h"

namespace nscl::budgeting::domain {
namespace {

void ReadBodyTotal(v1::StatedTotal& body) {
  if (absl::StatusOr<int64_t> figure = money::ParseVndWithUnit(body.text()); figure.ok()) {
    body.set_amount_vnd(*figure);
  }
  if (absl::StatusOr<int64_t> words = text::ParseAmountInWords(body.words()); words.ok())
    body.set_words_vnd(*words);
}

// Writes what was computed into the rows, beside what is printed.
void SetRowSums(const AnnexSums& sums, v1::Annex& annex) {
  for (int i = 0; i < annex.rows_size(); ++i) {
    const AnnexRowSums& row = sums.rows[i];
    v1::AnnexRow& target = *annex.mutable_rows(i);
    target.set_part(row.part);
    if (row.value_total().has_value()) target.set_computed_total_vnd(*row.value_total());
    for (v1::AnnexCell& cell : *target.mutable_cells()) {
      int y = 0;
      while (annex.years(y) != cell.year()) ++y;
      if (row.below[y].has_value()) {
        cell.set_computed_vnd(*row.below[y]);
      } else if (row.product.has_value() && annex.years_size() == 1) {
        cell.set_computed_vnd(*row.product);
      }
    }
  }
}

// The grand total as printed: the total column, or the only year's cell.
void SetPrintedTotal(v1::Plan& plan) {
  const v1::AnnexTotal& total = plan.annex().total();
  if (total.has_total()) {
    plan.set_printed_total_vnd(total.total().amount_vnd());
  } else if (plan.annex().years_size() == 1 && total.cells_size() == 1 &&
             total.cells(0).has_printed()) {
    plan.set_printed_total_vnd(total.cells(0).printed().amount_vnd());
  }
}

void SetYearTotals(const AnnexSums& sums, v1::Plan& plan) {
  for (int y = 0; y < plan.annex().years_size(); ++y) {
    v1::YearTotal& total = *plan.add_year_totals();
    total.set_year(plan.annex().years(y));
    total.set_computed_vnd(sums.years[y].value_or(0));
    if (!plan.annex().has_total()) continue;
    for (v1::AnnexCell& cell : *plan.mutable_annex()->mutable_total()->mutable_cells()) {
      if (cell.year() != total.year()) continue;
      cell.set_computed_vnd(total.computed_vnd());
      if (cell.has_printed()) total.set_printed_vnd(cell.printed().amount_vnd());
    }
  }
}

}  // namespace

absl::StatusOr<v1::Plan> ImportPlan(v1::Plan printed, absl::string_view name,
                                    const FundingSources& sources) {
  ASSIGN_OR_RETURN(v1::Plan plan, ReadPlanFile(std::move(printed), sources));
  ASSIGN_OR_RETURN(const AnnexSums sums, ComputeAnnexSums(plan.annex()));
  plan.set_name(std::string(name));
  plan.set_state(v1::Plan::STATE_DRAFT);
  if (plan.has_body_total()) ReadBodyTotal(*plan.mutable_body_total());
  if (plan.has_annex()) {
    SetRowSums(sums, *plan.mutable_annex());
    SetPrintedTotal(plan);
    SetYearTotals(sums, plan);
  }
  plan.set_computed_total_vnd(sums.total);
  plan.set_amount_rows(sums.amount_rows);
  plan.set_counting_rows(sums.counting_rows);
  for (v1::Finding& finding : CheckPlan(plan, sums)) plan.add_findings()->Swap(&finding);
  return plan;
}

}  // namespace nscl::budgeting::domain
