#include "services/budgeting/domain/plan_findings.h"

#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/money/money.h"
#include "common/money/printed.h"

namespace nscl::budgeting::domain {
namespace {

using Severity = v1::Finding::Severity;

// Collects findings; every one starts OPEN.
class Findings {
 public:
  v1::Finding& Add(absl::string_view rule, Severity severity, absl::string_view id_suffix,
                   absl::string_view place) {
    v1::Finding& finding = rows_.emplace_back();
    finding.set_finding_id(id_suffix.empty() ? std::string(rule)
                                             : absl::StrCat(rule, "-", id_suffix));
    finding.set_rule(std::string(rule));
    finding.set_severity(severity);
    finding.set_place(std::string(place));
    finding.set_status(v1::Finding::STATUS_OPEN);
    return finding;
  }

  std::vector<v1::Finding> Take() { return std::move(rows_); }

 private:
  std::vector<v1::Finding> rows_;
};

// An amount in the annex's unit, as the paper would print it.
std::string InUnit(int64_t amount_vnd, int64_t vnd_per_unit) {
  if (vnd_per_unit <= 1) return money::FormatVnd(amount_vnd);
  const int64_t vnd_per_thousandth = vnd_per_unit / money::kThousandthsPerUnit;
  if (amount_vnd % vnd_per_thousandth != 0)
    return absl::StrCat(money::FormatVnd(amount_vnd), " đồng");
  return money::FormatThousandths(amount_vnd / vnd_per_thousandth);
}

// The figures of a mismatch, `printed` as text and both in đồng.
void SetFigures(v1::Finding& finding, absl::string_view printed_text,
                std::optional<int64_t> printed_vnd, int64_t computed_vnd, int64_t vnd_per_unit) {
  finding.set_printed(std::string(printed_text));
  finding.set_computed(InUnit(computed_vnd, vnd_per_unit));
  int64_t difference;
  if (printed_vnd.has_value() && !__builtin_sub_overflow(*printed_vnd, computed_vnd, &difference)) {
    finding.set_difference_vnd(difference);
  }
}

// The printed text of a row's cell of a year, or "".
template <typename Row>
std::string CellText(const Row& row, int32_t year) {
  for (const v1::AnnexCell& cell : row.cells()) {
    if (cell.year() == year) return cell.printed().text();
  }
  return "";
}

// --- Head and body
// -----------------------------------------------------------------------------------------

void CheckHead(const v1::Plan& plan, Findings& findings) {
  if (!HasDocumentNumber(plan.document().number())) {
    v1::Finding& finding =
        findings.Add("DOC_NUMBER_BLANK", v1::Finding::SEVERITY_ERROR, "", "document number");
    finding.set_printed(plan.document().number());
    finding.set_message("Văn bản không có số");
  }
  if (!plan.document().has_issue_date()) {
    v1::Finding& finding =
        findings.Add("DOC_DATE_BLANK", v1::Finding::SEVERITY_ERROR, "", "document date");
    finding.set_printed(plan.document().issue_date_text());
    finding.set_message("Văn bản không ghi đủ ngày, tháng, năm ban hành");
  }
}

// Digits right before `symbol` ("/KH-UBND") in a caption, blanks between them allowed; "" where
// there are none.
std::string NumberBefore(absl::string_view caption, size_t at) {
  size_t end = at;
  while (end > 0 && caption[end - 1] == ' ') --end;
  size_t begin = end;
  while (begin > 0 && absl::ascii_isdigit(caption[begin - 1])) --begin;
  return std::string(caption.substr(begin, end - begin));
}

void CheckCaptionNumber(const v1::Plan& plan, Findings& findings) {
  const absl::string_view number = plan.document().number();
  const size_t slash = number.find('/');
  if (slash == absl::string_view::npos || !HasDocumentNumber(number)) return;
  const absl::string_view own = absl::StripAsciiWhitespace(number.substr(0, slash));
  const absl::string_view symbol = number.substr(slash);
  const absl::string_view caption = plan.annex().caption();
  const size_t at = caption.find(symbol);
  if (at == absl::string_view::npos) return;
  const std::string cited = NumberBefore(caption, at);
  if (cited.empty() || cited == own) return;
  v1::Finding& finding =
      findings.Add("DOC_NUMBER_MISMATCH", v1::Finding::SEVERITY_ERROR, "", "annex caption");
  finding.set_printed(absl::StrCat(cited, symbol));
  finding.set_computed(std::string(number));
  finding.set_message("Số văn bản ở phụ lục khác số của kế hoạch");
}

// A task heading whose sub-tasks name the units needs none itself.
bool HasSubTask(const v1::Plan& plan, absl::string_view reference) {
  const std::string prefix = absl::StrCat(reference, ".");
  for (const v1::PlanTask& task : plan.tasks()) {
    if (absl::StartsWith(task.reference(), prefix)) return true;
  }
  return false;
}

void CheckLeadUnits(const v1::Plan& plan, Findings& findings) {
  bool any = false;
  for (const v1::PlanTask& task : plan.tasks()) any = any || !task.lead_unit().empty();
  if (!any) return;  // the paper names units elsewhere
  for (int i = 0; i < plan.tasks_size(); ++i) {
    const v1::PlanTask& task = plan.tasks(i);
    if (!task.lead_unit().empty() || !task.coordinating_units().empty()) continue;
    if (HasSubTask(plan, task.reference())) continue;
    v1::Finding& finding =
        findings.Add("LEAD_UNIT_MISSING", v1::Finding::SEVERITY_ERROR, absl::StrCat(i + 1),
                     absl::StrCat("task ", task.reference()));
    finding.set_message("Nhiệm vụ không có đơn vị chủ trì và đơn vị phối hợp");
  }
}

void CheckBodyTotal(const v1::Plan& plan, Findings& findings) {
  if (!plan.has_body_total()) return;
  const v1::StatedTotal& body = plan.body_total();
  if (!body.words().empty() && !body.has_words_vnd()) {
    v1::Finding& finding =
        findings.Add("WORDS_VS_FIGURE", v1::Finding::SEVERITY_WARNING, "", "body total");
    finding.set_printed(body.words());
    finding.set_message("Không đọc được số tiền bằng chữ");
  } else if (body.has_words_vnd() && body.has_amount_vnd() &&
             body.words_vnd() != body.amount_vnd()) {
    v1::Finding& finding =
        findings.Add("WORDS_VS_FIGURE", v1::Finding::SEVERITY_ERROR, "", "body total");
    SetFigures(finding, body.words(), body.words_vnd(), body.amount_vnd(), 1);
    finding.set_message("Số tiền bằng chữ khác số tiền bằng số");
  }
  if (!body.text().empty() && !body.has_amount_vnd()) {
    v1::Finding& finding =
        findings.Add("BODY_VS_ANNEX_TOTAL", v1::Finding::SEVERITY_WARNING, "", "body total");
    finding.set_printed(body.text());
    finding.set_message("Không đọc được tổng kinh phí nêu trong kế hoạch");
  }
}

// --- The annex
// ---------------------------------------------------------------------------------------------

struct AnnexView {
  const v1::Annex& annex;
  const AnnexSums& sums;
  int64_t vnd_per_unit;
};

std::string RowPlace(const v1::AnnexRow& row) { return absl::StrCat("annex row ", row.row_id()); }

// In a table of several years quantity and price may be meant for each year or for the whole.
bool ProductFits(const AnnexRowSums& sums) {
  if (!sums.product_exact) return false;
  if (sums.amount == sums.product) return true;
  int printed = 0;
  for (const std::optional<int64_t>& amount : sums.printed) {
    if (!amount.has_value()) continue;
    if (amount != sums.product) return false;
    ++printed;
  }
  return printed > 0;
}

void CheckPricing(const AnnexView& view, int index, Findings& findings) {
  const v1::AnnexRow& row = view.annex.rows(index);
  const AnnexRowSums& sums = view.sums.rows[index];
  if (sums.product.has_value() && !ProductFits(sums)) {
    v1::Finding& finding =
        findings.Add("QTY_X_PRICE", v1::Finding::SEVERITY_ERROR, row.row_id(), RowPlace(row));
    const std::string printed =
        sums.amount.has_value() ? InUnit(*sums.amount, view.vnd_per_unit) : "";
    SetFigures(finding, printed, sums.amount, *sums.product, view.vnd_per_unit);
    finding.set_message(absl::StrCat("Số lượng ", row.quantity_text(), " nhân đơn giá ",
                                     row.unit_price().text(), " khác thành tiền"));
  }
  if (!row.label_factors().empty() && sums.quantity_thousandths.has_value()) {
    __int128 factors = 1;
    for (int64_t factor : row.label_factors()) {
      factors *= factor;
      if (factors > INT64_MAX) break;
    }
    if (factors * money::kThousandthsPerUnit != *sums.quantity_thousandths) {
      v1::Finding& finding = findings.Add("QUANTITY_FACTORS", v1::Finding::SEVERITY_ERROR,
                                          row.row_id(), RowPlace(row));
      finding.set_printed(row.quantity_text());
      if (factors <= INT64_MAX)
        finding.set_computed(money::FormatVnd(static_cast<int64_t>(factors)));
      finding.set_message("Số lượng khác tích các số nêu trong nội dung");
    }
  }
}

void CheckBreakdown(const AnnexView& view, int index, Findings& findings) {
  const v1::AnnexRow& row = view.annex.rows(index);
  const AnnexRowSums& sums = view.sums.rows[index];
  if (!sums.breakdown.has_value()) return;
  if (sums.breakdown != sums.unit_price) {
    v1::Finding& finding = findings.Add("BREAKDOWN_UNIT_PRICE", v1::Finding::SEVERITY_ERROR,
                                        row.row_id(), RowPlace(row));
    SetFigures(finding, row.unit_price().text(), sums.unit_price, *sums.breakdown,
               view.vnd_per_unit);
    finding.set_message("Đơn giá khác tổng các dòng giải thích đơn giá");
  }
  // A breakdown within a breakdown is the same trap, told once.
  if (sums.part == v1::AnnexRow::PART_BREAKDOWN) return;
  v1::Finding& finding = findings.Add("DOUBLE_COUNT_TRAP", v1::Finding::SEVERITY_WARNING,
                                      row.row_id(), absl::StrCat("rows below ", row.row_id()));
  finding.set_printed(InUnit(*sums.breakdown, view.vnd_per_unit));
  finding.set_message(
      absl::StrCat("Các dòng dưới dòng ", row.row_id(),
                   " giải thích đơn giá của dòng đó; không cộng vào tổng để tránh tính hai lần"));
}

void CheckRowTotal(const AnnexView& view, int index, Findings& findings) {
  const v1::AnnexRow& row = view.annex.rows(index);
  const AnnexRowSums& sums = view.sums.rows[index];
  if (!sums.printed_total.has_value() || sums.printed_total == sums.amount) {
    // The amount is the total itself where no year has a figure: then nothing says when it is
    // spent.
    bool any_year = false;
    for (const std::optional<int64_t>& amount : sums.printed)
      any_year = any_year || amount.has_value();
    if (!sums.printed_total.has_value() || any_year) return;
    v1::Finding& finding =
        findings.Add("ROW_SUM", v1::Finding::SEVERITY_ERROR, row.row_id(), RowPlace(row));
    finding.set_printed(row.total().text());
    finding.set_message("Dòng có tổng nhưng không năm nào có số liệu");
    return;
  }
  v1::Finding& finding =
      findings.Add("ROW_SUM", v1::Finding::SEVERITY_ERROR, row.row_id(), RowPlace(row));
  SetFigures(finding, row.total().text(), sums.printed_total, *sums.amount, view.vnd_per_unit);
  finding.set_message("Tổng của dòng khác tổng các năm");
}

// A row that prints amounts must agree with the rows below in every year, blanks included: what is
// blank above and planned below is left out of somebody's sum.
void CheckSubtotal(const AnnexView& view, int index, Findings& findings) {
  const v1::AnnexRow& row = view.annex.rows(index);
  const AnnexRowSums& sums = view.sums.rows[index];
  if (!sums.below_total.has_value() || !sums.amount.has_value()) return;
  for (int y = 0; y < view.annex.years_size(); ++y) {
    if (sums.printed[y] == sums.below[y]) continue;
    if (!sums.printed[y].has_value() && row.cells().empty()) continue;  // only a total column
    if (!sums.below[y].has_value() && sums.printed[y] == 0) continue;   // a printed 0 over blanks
    if (!sums.printed[y].has_value() && sums.below[y] == 0) continue;  // a blank over printed zeros
    const int32_t year = view.annex.years(y);
    v1::Finding& finding = findings.Add("SECTION_SUM", v1::Finding::SEVERITY_ERROR,
                                        absl::StrCat(row.row_id(), "-", year),
                                        absl::StrCat(RowPlace(row), ", ", year));
    SetFigures(finding, CellText(row, year), sums.printed[y], sums.below[y].value_or(0),
               view.vnd_per_unit);
    finding.set_message("Số của dòng khác tổng các dòng chi tiết");
  }
  // Where years are printed, ROW_SUM ties the total to them; a total alone is compared here.
  if (!row.cells().empty() || sums.printed_total == sums.below_total) return;
  v1::Finding& finding =
      findings.Add("SECTION_SUM", v1::Finding::SEVERITY_ERROR, absl::StrCat(row.row_id(), "-TOTAL"),
                   absl::StrCat(RowPlace(row), ", total"));
  SetFigures(finding, row.total().text(), sums.printed_total, *sums.below_total, view.vnd_per_unit);
  finding.set_message("Tổng của dòng khác tổng các dòng chi tiết");
}

void CheckColumns(const AnnexView& view, Findings& findings) {
  const v1::AnnexTotal& total = view.annex.total();
  for (int y = 0; y < view.annex.years_size() && !total.cells().empty(); ++y) {
    const int32_t year = view.annex.years(y);
    std::optional<int64_t> printed;
    for (const v1::AnnexCell& cell : total.cells()) {
      if (cell.year() == year && cell.has_printed()) printed = cell.printed().amount_vnd();
    }
    if (printed.value_or(0) == view.sums.years[y].value_or(0)) continue;
    v1::Finding& finding = findings.Add("COLUMN_SUM", v1::Finding::SEVERITY_ERROR,
                                        absl::StrCat(year), absl::StrCat("annex total, ", year));
    SetFigures(finding, CellText(total, year), printed, view.sums.years[y].value_or(0),
               view.vnd_per_unit);
    finding.set_message(absl::StrCat("Tổng cộng năm ", year, " khác tổng các dòng"));
  }
  if (!total.has_total()) return;
  const int64_t grand = total.total().amount_vnd();
  if (grand != view.sums.total) {
    v1::Finding& finding =
        findings.Add("COLUMN_SUM", v1::Finding::SEVERITY_ERROR, "TOTAL", "annex total, all years");
    SetFigures(finding, total.total().text(), grand, view.sums.total, view.vnd_per_unit);
    finding.set_message("Tổng cộng các năm khác tổng các dòng");
  }
}

void CheckGrandTotal(const AnnexView& view, Findings& findings) {
  const v1::AnnexTotal& total = view.annex.total();
  if (!total.has_total() || total.cells().empty()) return;
  __int128 years = 0;  // at most 101 cells of 2^53
  for (const v1::AnnexCell& cell : total.cells()) years += cell.printed().amount_vnd();
  if (years == total.total().amount_vnd()) return;
  v1::Finding& finding = findings.Add("GRAND_TOTAL_CROSS", v1::Finding::SEVERITY_ERROR, "",
                                      "annex total, total of the years");
  SetFigures(finding, total.total().text(), total.total().amount_vnd(), static_cast<int64_t>(years),
             view.vnd_per_unit);
  finding.set_message("Tổng cộng khác tổng của các tổng năm đã in");
}

// Money is planned when the body names a total, or when a caption announces the table that is not
// there.
void CheckAnnexPresent(const v1::Plan& plan, Findings& findings) {
  if (!plan.annex().rows().empty()) return;
  if (!plan.has_body_total() && plan.annex().caption().empty()) return;
  v1::Finding& finding = findings.Add("ANNEX_MISSING", v1::Finding::SEVERITY_ERROR, "", "annex");
  finding.set_printed(plan.annex().caption());
  finding.set_message("Không có bảng phụ lục kinh phí");
}

void CheckBodyAgainstAnnex(const v1::Plan& plan, Findings& findings) {
  if (plan.annex().rows().empty() || !plan.body_total().has_amount_vnd()) return;
  const int64_t annex =
      plan.has_printed_total_vnd() ? plan.printed_total_vnd() : plan.computed_total_vnd();
  if (plan.body_total().amount_vnd() == annex) return;
  v1::Finding& finding =
      findings.Add("BODY_VS_ANNEX_TOTAL", v1::Finding::SEVERITY_ERROR, "", "body total");
  SetFigures(finding, plan.body_total().text(), plan.body_total().amount_vnd(), annex, 1);
  finding.set_message("Tổng kinh phí nêu trong kế hoạch khác tổng của phụ lục");
}

}  // namespace

bool HasDocumentNumber(absl::string_view number) {
  for (char c : number.substr(0, number.find('/'))) {
    if (absl::ascii_isdigit(c)) return true;
  }
  return false;
}

std::vector<v1::Finding> CheckPlan(const v1::Plan& plan, const AnnexSums& sums) {
  Findings findings;
  CheckHead(plan, findings);
  CheckCaptionNumber(plan, findings);
  CheckLeadUnits(plan, findings);
  CheckBodyTotal(plan, findings);
  CheckAnnexPresent(plan, findings);
  const AnnexView view{plan.annex(), sums, VndPerUnit(plan.annex().money_unit())};
  for (int i = 0; i < plan.annex().rows_size(); ++i) {
    CheckPricing(view, i, findings);
    CheckBreakdown(view, i, findings);
    CheckRowTotal(view, i, findings);
    CheckSubtotal(view, i, findings);
  }
  CheckColumns(view, findings);
  CheckGrandTotal(view, findings);
  CheckBodyAgainstAnnex(plan, findings);
  return findings.Take();
}

v1::Finding DocumentKnown(const v1::Plan& plan, absl::string_view other) {
  Findings findings;
  v1::Finding& finding =
      findings.Add("DOCUMENT_KNOWN", v1::Finding::SEVERITY_ERROR, "", "document number");
  finding.set_printed(plan.document().number());
  finding.set_computed(std::string(other));
  finding.set_message(absl::StrCat("Văn bản này đã được nhập ở kế hoạch ", other));
  return findings.Take().front();
}

}  // namespace nscl::budgeting::domain
