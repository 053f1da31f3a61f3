#include "services/reporting/domain/money.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/money/money.h"
#include "common/money/printed.h"
#include "common/status/status_macros.h"
#include "services/reporting/errors.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::AnnexRow;
using budgeting::v1::Balance;
using budgeting::v1::LedgerEntry;
using budgeting::v1::Plan;
using v1::MoneyRow;

// Adds `delta` to a column; false where there is no such column or it would leave its range.
bool AddTo(Balance& balance, LedgerEntry::Column column, int64_t delta) {
  int64_t before = 0, after = 0;
  void (Balance::*set)(int64_t) = nullptr;
  switch (column) {
    case LedgerEntry::COLUMN_SOURCE:
      // The source stands outside the account: what left it is what was assigned.
      before = balance.allocated_vnd(), delta = -delta, set = &Balance::set_allocated_vnd;
      break;
    case LedgerEntry::COLUMN_AVAILABLE:
      before = balance.available_vnd(), set = &Balance::set_available_vnd;
      break;
    case LedgerEntry::COLUMN_RESERVED:
      before = balance.reserved_vnd(), set = &Balance::set_reserved_vnd;
      break;
    case LedgerEntry::COLUMN_COMMITTED:
      before = balance.committed_vnd(), set = &Balance::set_committed_vnd;
      break;
    case LedgerEntry::COLUMN_PAID:
      before = balance.paid_vnd(), set = &Balance::set_paid_vnd;
      break;
    default:
      return false;
  }
  if (__builtin_add_overflow(before, delta, &after) || after < 0) return false;
  (balance.*set)(after);
  return true;
}

// What the annex plans for the line in the year, đồng.
std::optional<int64_t> PlannedOf(const AnnexRow& line, int year) {
  for (const auto& cell : line.cells()) {
    if (cell.year() == year && cell.has_printed()) return cell.printed().amount_vnd();
  }
  return std::nullopt;
}

MoneyRow RowOf(const std::string& source, const Balance* balance) {
  MoneyRow row;
  row.set_funding_source(source);
  if (balance == nullptr) return row;
  row.set_allocated_vnd(balance->allocated_vnd());
  row.set_reserved_vnd(balance->reserved_vnd());
  row.set_committed_vnd(balance->committed_vnd());
  row.set_paid_vnd(balance->paid_vnd());
  row.set_available_vnd(balance->available_vnd());
  return row;
}

absl::Status AddRow(MoneyRow& sum, const MoneyRow& row) {
  if (row.has_planned_vnd()) {
    ASSIGN_OR_RETURN(int64_t planned, money::Add(sum.planned_vnd(), row.planned_vnd()));
    sum.set_planned_vnd(planned);
  }
  ASSIGN_OR_RETURN(int64_t allocated, money::Add(sum.allocated_vnd(), row.allocated_vnd()));
  ASSIGN_OR_RETURN(int64_t reserved, money::Add(sum.reserved_vnd(), row.reserved_vnd()));
  ASSIGN_OR_RETURN(int64_t committed, money::Add(sum.committed_vnd(), row.committed_vnd()));
  ASSIGN_OR_RETURN(int64_t paid, money::Add(sum.paid_vnd(), row.paid_vnd()));
  ASSIGN_OR_RETURN(int64_t available, money::Add(sum.available_vnd(), row.available_vnd()));
  sum.set_allocated_vnd(allocated);
  sum.set_reserved_vnd(reserved);
  sum.set_committed_vnd(committed);
  sum.set_paid_vnd(paid);
  sum.set_available_vnd(available);
  return absl::OkStatus();
}

}  // namespace

absl::Status FoldEntry(Balance& balance, const LedgerEntry& entry) {
  if (entry.amount_vnd() <= 0)
    return errors::BrokenLedgerEntry(entry.name(), "the amount is not positive");
  Balance next = balance;
  *next.mutable_account() = entry.account();
  if (!AddTo(next, entry.from_column(), -entry.amount_vnd()) ||
      !AddTo(next, entry.to_column(), entry.amount_vnd())) {
    return errors::BrokenLedgerEntry(entry.name(), "a column is unknown or would leave its range");
  }
  balance = std::move(next);
  return absl::OkStatus();
}

absl::StatusOr<Money> MoneyOfYear(const Plan& plan, const std::vector<Balance>& balances, int year,
                                  const Catalogue& lists) {
  std::map<std::string, std::map<std::string, const Balance*>> by_line;
  for (const Balance& balance : balances) {
    if (balance.account().budget_year() != year) continue;
    by_line[balance.account().plan_line()][balance.account().funding_source()] = &balance;
  }

  Money result;
  std::map<std::string, MoneyRow> by_source;
  std::vector<std::string> without_money;
  for (const AnnexRow& line : plan.annex().rows()) {
    if (line.level() != AnnexRow::LEVEL_LINE) continue;
    const std::string name = absl::StrCat(plan.name(), "/lines/", line.row_id());
    const std::optional<int64_t> planned = PlannedOf(line, year);

    // The sources that the line names and those that money was assigned from.
    std::set<std::string> sources;
    std::set<std::string> named;
    for (const std::string& source : line.funding_sources()) {
      const catalogue::FundingSource* known = lists.funding_sources.Any(source);
      if (known == nullptr || !known->pseudo) named.insert(source);
    }
    if (planned.has_value()) sources = named;
    const auto& kept = by_line[name];
    for (const auto& [source, balance] : kept) sources.insert(source);
    if (sources.empty()) {
      without_money.push_back(line.row_id());
      continue;
    }
    for (const std::string& source : sources) {
      auto balance = kept.find(source);
      MoneyRow row = RowOf(source, balance == kept.end() ? nullptr : balance->second);
      row.set_plan_line(name);
      row.set_label(line.label());
      if (planned.has_value() && named.size() == 1 && named.contains(source)) {
        row.set_planned_vnd(*planned);
      }
      auto& sum = by_source[source];
      sum.set_funding_source(source);
      RETURN_IF_ERROR(AddRow(sum, row));
      result.rows.push_back(std::move(row));
    }
    if (planned.has_value() && named.size() != 1) {
      result.notes.push_back(absl::StrCat(
          "Dòng ", line.row_id(), ": kế hoạch năm ", year, " là ", money::FormatVnd(*planned),
          " đồng cho nhiều nguồn (", absl::StrJoin(named, ", "),
          "), không in mức chia; số kế hoạch không cộng vào nguồn nào."));
    }
  }
  if (!without_money.empty()) {
    result.notes.push_back(absl::StrCat("Không có kinh phí trong năm ", year,
                                        " (lồng ghép, phê duyệt riêng hoặc không bố trí): ",
                                        absl::StrJoin(without_money, ", "), "."));
  }
  for (auto& [source, sum] : by_source) {
    const catalogue::FundingSource* known = lists.funding_sources.Any(source);
    if (known != nullptr) sum.set_label(known->name);
    result.by_source.push_back(std::move(sum));
  }
  return result;
}

}  // namespace nscl::reporting::domain
