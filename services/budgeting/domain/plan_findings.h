// What is wrong with the paper: rules over its figures and its head. Each rule looks at the content
// alone and reports; nothing is corrected.
#pragma once

#include <vector>

#include "absl/strings/string_view.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "services/budgeting/domain/annex_sums.h"

namespace nscl::budgeting::domain {

// "37/KH-UBND" has a number; "/KH-UBND" and "Số: /KH-UBND" have none.
bool HasDocumentNumber(absl::string_view number);

// All findings of a plan whose file is read and whose sums are computed, in the order of the paper:
// head, body, annex rows, annex totals. Ids are stable: the rule, then the place. Rules:
//   DOC_NUMBER_BLANK, DOC_DATE_BLANK   the head has no number, no full date (Nghị định
//   30/2020/NĐ-CP) DOC_NUMBER_MISMATCH     the annex caption cites another number with the same
//   symbol LEAD_UNIT_MISSING       a task without lead and coordinating unit among tasks that name
//   theirs WORDS_VS_FIGURE         total in words against the figure (INV-B3) BODY_VS_ANNEX_TOTAL
//   total of the body against the annex (INV-B3) ANNEX_MISSING           money is planned and no
//   annex shows where QTY_X_PRICE             quantity times unit price against the amount (INV-B1)
//   QUANTITY_FACTORS        factors of the label against the quantity
//   BREAKDOWN_UNIT_PRICE    rows that explain a unit price against it (INV-B1)
//   DOUBLE_COUNT_TRAP       such rows stand among cost rows: adding them would count twice
//   ROW_SUM                 total of a row against its years
//   SECTION_SUM             a row against the counting rows below it (INV-B2)
//   COLUMN_SUM              total of a column against the counting rows (INV-B2)
//   GRAND_TOTAL_CROSS       grand total against the totals of the years (INV-B2)
std::vector<v1::Finding> CheckPlan(const v1::Plan& plan, const AnnexSums& sums);

// `DOCUMENT_KNOWN`: `other`, a plan of the province, has the same paper. An error: planned twice,
// its money would be allocated twice.
v1::Finding DocumentKnown(const v1::Plan& plan, absl::string_view other);

}  // namespace nscl::budgeting::domain
