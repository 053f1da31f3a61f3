// Entries fold to balances, and the report shows them by line and source without inventing a split.
#include "services/reporting/domain/money.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/status/error.h"
#include "services/reporting/domain/shipped_catalogue.h"

namespace nscl::reporting::domain {
namespace {

using budgeting::v1::AnnexRow;
using budgeting::v1::Balance;
using budgeting::v1::LedgerEntry;
using budgeting::v1::Plan;

constexpr char kPlan[] = "provinces/48/plans/dn";
constexpr auto kSource = LedgerEntry::COLUMN_SOURCE;
constexpr auto kAvailable = LedgerEntry::COLUMN_AVAILABLE;
constexpr auto kReserved = LedgerEntry::COLUMN_RESERVED;
constexpr auto kCommitted = LedgerEntry::COLUMN_COMMITTED;
constexpr auto kPaid = LedgerEntry::COLUMN_PAID;

LedgerEntry Entry(LedgerEntry::Column from, LedgerEntry::Column to, int64_t amount) {
  LedgerEntry entry;
  entry.set_name("provinces/48/ledgerEntries/1");
  entry.mutable_account()->set_plan_line(std::string(kPlan) + "/lines/IV-1");
  entry.mutable_account()->set_budget_year(2023);
  entry.mutable_account()->set_funding_source("ST_TASK");
  entry.set_from_column(from);
  entry.set_to_column(to);
  entry.set_amount_vnd(amount);
  return entry;
}

TEST(FoldEntryTest, EveryKindMovesItsColumns) {
  const struct {
    LedgerEntry::Column from, to;
    int64_t amount;
    int64_t allocated, available, reserved, committed, paid;  // after
  } steps[] = {
      {kSource, kAvailable, 800, 800, 800, 0, 0, 0},
      {kAvailable, kReserved, 300, 800, 500, 300, 0, 0},
      {kReserved, kCommitted, 250, 800, 500, 50, 250, 0},
      {kReserved, kAvailable, 50, 800, 550, 0, 250, 0},
      {kCommitted, kPaid, 100, 800, 550, 0, 150, 100},
      {kCommitted, kAvailable, 150, 800, 700, 0, 0, 100},
      {kAvailable, kSource, 200, 600, 500, 0, 0, 100},
  };
  Balance balance;
  int number = 0;
  for (const auto& step : steps) {
    SCOPED_TRACE(++number);
    ASSERT_TRUE(FoldEntry(balance, Entry(step.from, step.to, step.amount)).ok());
    EXPECT_EQ(balance.allocated_vnd(), step.allocated);
    EXPECT_EQ(balance.available_vnd(), step.available);
    EXPECT_EQ(balance.reserved_vnd(), step.reserved);
    EXPECT_EQ(balance.committed_vnd(), step.committed);
    EXPECT_EQ(balance.paid_vnd(), step.paid);
    EXPECT_EQ(balance.available_vnd(), balance.allocated_vnd() - balance.reserved_vnd() -
                                           balance.committed_vnd() - balance.paid_vnd());
  }
  EXPECT_EQ(balance.account().funding_source(), "ST_TASK");
}

TEST(FoldEntryTest, ABrokenEntryChangesNothing) {
  const struct {
    LedgerEntry::Column from, to;
    int64_t amount;
  } rows[] = {
      {kSource, kAvailable, 0},
      {kSource, kAvailable, -1},
      {kAvailable, kReserved, 101},
      {kReserved, kCommitted, 1},
      {LedgerEntry::COLUMN_UNSPECIFIED, kAvailable, 1},
      {kAvailable, LedgerEntry::COLUMN_UNSPECIFIED, 1},
      {kSource, kAvailable, std::numeric_limits<int64_t>::max()},
  };
  for (const auto& row : rows) {
    Balance balance;
    ASSERT_TRUE(FoldEntry(balance, Entry(kSource, kAvailable, 100)).ok());
    const std::string before = balance.SerializeAsString();
    absl::Status status = FoldEntry(balance, Entry(row.from, row.to, row.amount));
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << row.amount;
    EXPECT_EQ(status::ReasonOf(status), "LEDGER_ENTRY");
    EXPECT_EQ(balance.SerializeAsString(), before);
  }
}

AnnexRow& AddLine(Plan& plan, const std::string& id, std::initializer_list<const char*> sources,
                  int64_t planned) {
  AnnexRow& row = *plan.mutable_annex()->add_rows();
  row.set_row_id(id);
  row.set_level(AnnexRow::LEVEL_LINE);
  row.set_label("line " + id);
  for (const char* source : sources) row.add_funding_sources(source);
  auto& cell = *row.add_cells();
  cell.set_year(2023);
  if (planned > 0) cell.mutable_printed()->set_amount_vnd(planned);
  return row;
}

Balance Kept(const std::string& line, int year, const std::string& source, int64_t allocated,
             int64_t paid) {
  Balance balance;
  balance.mutable_account()->set_plan_line(std::string(kPlan) + "/lines/" + line);
  balance.mutable_account()->set_budget_year(year);
  balance.mutable_account()->set_funding_source(source);
  balance.set_allocated_vnd(allocated);
  balance.set_paid_vnd(paid);
  balance.set_available_vnd(allocated - paid);
  return balance;
}

TEST(MoneyOfYearTest, ByLineAndBySource) {
  Plan plan;
  plan.set_name(kPlan);
  plan.mutable_annex()->add_rows()->set_level(AnnexRow::LEVEL_SECTION);
  AddLine(plan, "I-1", {"ST_RECURRENT"}, 100);
  AddLine(plan, "I-4", {"ST_RECURRENT", "UNIT_BUDGET"}, 50);
  AddLine(plan, "I-5", {"INTEGRATED"}, 0);
  AddLine(plan, "IV-1", {"ST_TASK"}, 800);
  AddLine(plan, "V-2", {"ST_RECURRENT"}, 0);  // nothing in this year
  const absl::StatusOr<Money> built = MoneyOfYear(
      plan,
      {Kept("I-1", 2023, "ST_RECURRENT", 90, 10), Kept("I-4", 2023, "ST_RECURRENT", 40, 0),
       Kept("IV-1", 2022, "ST_TASK", 7, 0),  // another year
       Kept("IV-1", 2023, "OTHER_STATE", 5, 0)},
      2023, ShippedCatalogue());
  ASSERT_TRUE(built.ok()) << built.status();
  const Money& money = *built;
  const struct {
    const char *line, *source;
    int64_t planned, allocated, paid, available;  // planned -1: absent
  } rows[] = {
      {"I-1", "ST_RECURRENT", 100, 90, 10, 80}, {"I-4", "ST_RECURRENT", -1, 40, 0, 40},
      {"I-4", "UNIT_BUDGET", -1, 0, 0, 0},      {"IV-1", "OTHER_STATE", -1, 5, 0, 5},
      {"IV-1", "ST_TASK", 800, 0, 0, 0},
  };
  ASSERT_EQ(money.rows.size(), std::size(rows));
  for (size_t i = 0; i < std::size(rows); ++i) {
    SCOPED_TRACE(std::string(rows[i].line) + " " + rows[i].source);
    const auto& row = money.rows[i];
    EXPECT_EQ(row.plan_line(), std::string(kPlan) + "/lines/" + rows[i].line);
    EXPECT_EQ(row.label(), std::string("line ") + rows[i].line);
    EXPECT_EQ(row.funding_source(), rows[i].source);
    EXPECT_EQ(row.has_planned_vnd() ? row.planned_vnd() : -1, rows[i].planned);
    EXPECT_EQ(row.allocated_vnd(), rows[i].allocated);
    EXPECT_EQ(row.paid_vnd(), rows[i].paid);
    EXPECT_EQ(row.available_vnd(), rows[i].available);
  }
  ASSERT_EQ(money.by_source.size(), 4u);
  EXPECT_EQ(money.by_source[1].funding_source(), "ST_RECURRENT");
  EXPECT_EQ(money.by_source[1].planned_vnd(), 100);
  EXPECT_EQ(money.by_source[1].allocated_vnd(), 130);
  EXPECT_EQ(money.by_source[1].plan_line(), "");
  ASSERT_EQ(money.notes.size(), 2u);
  EXPECT_NE(money.notes[0].find("I-4"), std::string::npos);
  EXPECT_NE(money.notes[1].find("I-5, V-2"), std::string::npos);
}

// Amounts that fit one by one, and not together.
TEST(MoneyOfYearTest, SumsAreCheckedNotWrapped) {
  Plan plan;
  plan.set_name(kPlan);
  AddLine(plan, "I-1", {"ST_TASK"}, 1);
  AddLine(plan, "I-2", {"ST_TASK"}, 1);
  const int64_t most = std::numeric_limits<int64_t>::max();
  const struct {
    int64_t first, second;
    const char* reason;
  } rows[] = {{most - 1, 1, ""}, {most, 1, "AMOUNT_OVERFLOW"}, {most, most, "AMOUNT_OVERFLOW"}};
  for (const auto& row : rows) {
    const auto money = MoneyOfYear(
        plan,
        {Kept("I-1", 2023, "ST_TASK", row.first, 0), Kept("I-2", 2023, "ST_TASK", row.second, 0)},
        2023, ShippedCatalogue());
    EXPECT_EQ(status::ReasonOf(money.status()), row.reason) << row.first << " + " << row.second;
  }
}

}  // namespace
}  // namespace nscl::reporting::domain
