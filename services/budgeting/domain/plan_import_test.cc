// The two plans as printed, and what no plan may hide: one wrong figure is always found.
#include "services/budgeting/domain/plan_import.h"

#include <google/protobuf/util/json_util.h>

#include <fstream>
#include <functional>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/money/printed.h"
#include "common/testing/random.h"
#include "common/testing/status_matchers.h"

namespace nscl::budgeting::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Refused;
using ::testing::UnorderedElementsAre;

const FundingSources& Sources() {
  static const FundingSources* sources = new FundingSources{
      {"ST_RECURRENT", {"", false}}, {"ST_TASK", {"", false}},   {"UNIT_BUDGET", {"", false}},
      {"ENTERPRISE", {"", false}},   {"INTEGRATED", {"", true}}, {"SEPARATE_APPROVAL", {"", true}},
      {"OTHER_PLAN", {"", true}},
  };
  return *sources;
}

v1::Plan ReadPrinted(const std::string& file) {
  std::ifstream in(absl::StrCat(NSCL_SOURCE_DIR, "/deploy/plans/", file));
  std::stringstream text;
  text << in.rdbuf();
  v1::Plan plan;
  const auto status = google::protobuf::util::JsonStringToMessage(text.str(), &plan);
  EXPECT_TRUE(status.ok()) << file << ": " << status.ToString();
  return plan;
}

absl::StatusOr<v1::Plan> Import(const v1::Plan& printed) {
  return ImportPlan(printed, "provinces/48/plans/p", Sources());
}

std::vector<std::string> Ids(const v1::Plan& plan, v1::Finding::Severity severity) {
  std::vector<std::string> ids;
  for (const v1::Finding& finding : plan.findings()) {
    if (finding.severity() == severity) ids.push_back(finding.finding_id());
  }
  return ids;
}

const v1::Finding& FindingOf(const v1::Plan& plan, absl::string_view id) {
  for (const v1::Finding& finding : plan.findings()) {
    if (finding.finding_id() == id) return finding;
  }
  ADD_FAILURE() << "no finding " << id;
  static const v1::Finding none;
  return none;
}

// Findings of arithmetic alone.
std::set<std::string> Arithmetic(const v1::Plan& plan) {
  const std::set<std::string> rules = {
      "QTY_X_PRICE", "QUANTITY_FACTORS",  "BREAKDOWN_UNIT_PRICE", "ROW_SUM",        "SECTION_SUM",
      "COLUMN_SUM",  "GRAND_TOTAL_CROSS", "BODY_VS_ANNEX_TOTAL",  "WORDS_VS_FIGURE"};
  std::set<std::string> ids;
  for (const v1::Finding& finding : plan.findings()) {
    if (rules.count(finding.rule()) == 0) continue;
    ids.insert(
        absl::StrCat(finding.finding_id(), ": ", finding.printed(), " / ", finding.computed()));
  }
  return ids;
}

const v1::AnnexRow& Row(const v1::Plan& plan, absl::string_view id) {
  for (const v1::AnnexRow& row : plan.annex().rows()) {
    if (row.row_id() == id) return row;
  }
  ADD_FAILURE() << "no row " << id;
  static const v1::AnnexRow none;
  return none;
}

TEST(PlanImportTest, DaNangPrintsAWrongTotalOf2025) {
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Import(ReadPrinted("danang-2022-2025.json")));
  EXPECT_THAT(Ids(plan, v1::Finding::SEVERITY_ERROR),
              ElementsAre("COLUMN_SUM-2025", "GRAND_TOTAL_CROSS"));
  const v1::Finding& column = FindingOf(plan, "COLUMN_SUM-2025");
  EXPECT_EQ(column.printed(), "1580");
  EXPECT_EQ(column.computed(), "1.680");
  EXPECT_EQ(column.difference_vnd(), -100'000'000);
  EXPECT_EQ(column.status(), v1::Finding::STATUS_OPEN);
  const v1::Finding& grand = FindingOf(plan, "GRAND_TOTAL_CROSS");
  EXPECT_EQ(grand.printed(), "5310");
  EXPECT_EQ(grand.computed(), "5.210");
  EXPECT_EQ(grand.difference_vnd(), 100'000'000);

  EXPECT_EQ(plan.state(), v1::Plan::STATE_DRAFT);
  EXPECT_EQ(plan.printed_total_vnd(), 5'310'000'000);
  EXPECT_EQ(plan.computed_total_vnd(), 5'310'000'000);
  EXPECT_EQ(plan.body_total().amount_vnd(), 5'310'000'000);
  EXPECT_EQ(plan.body_total().words_vnd(), 5'310'000'000);
  std::vector<int64_t> computed, printed;
  for (const v1::YearTotal& year : plan.year_totals()) {
    computed.push_back(year.computed_vnd() / 1'000'000);
    printed.push_back(year.printed_vnd() / 1'000'000);
  }
  EXPECT_THAT(computed, ElementsAre(470, 1580, 1580, 1680));
  EXPECT_THAT(printed, ElementsAre(470, 1580, 1580, 1580));
  EXPECT_EQ(Row(plan, "I").part(), v1::AnnexRow::PART_SUBTOTAL);
  EXPECT_EQ(Row(plan, "I-1").part(), v1::AnnexRow::PART_COUNTING);
  EXPECT_EQ(Row(plan, "I-5").part(), v1::AnnexRow::PART_BLANK);
  EXPECT_EQ(Row(plan, "I").computed_total_vnd(), 1'810'000'000);
}

TEST(PlanImportTest, NinhThuanReconcilesAndItsBreakdownDoesNotCount) {
  ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Import(ReadPrinted("ninhthuan-2024.json")));
  EXPECT_THAT(Ids(plan, v1::Finding::SEVERITY_ERROR),
              ElementsAre("DOC_NUMBER_BLANK", "DOC_DATE_BLANK"));
  EXPECT_THAT(Ids(plan, v1::Finding::SEVERITY_WARNING), ElementsAre("DOUBLE_COUNT_TRAP-3.c"));
  EXPECT_EQ(FindingOf(plan, "DOUBLE_COUNT_TRAP-3.c").printed(), "9.550.000");
  EXPECT_THAT(Arithmetic(plan), IsEmpty());
  EXPECT_EQ(plan.amount_rows(), 37);
  EXPECT_EQ(plan.counting_rows(), 26);
  EXPECT_EQ(plan.computed_total_vnd(), 135'760'000);
  EXPECT_EQ(plan.printed_total_vnd(), 135'760'000);
  EXPECT_EQ(plan.body_total().words_vnd(), 135'760'000);

  int64_t naive = 0;
  for (const v1::AnnexRow& row : plan.annex().rows()) {
    for (const v1::AnnexCell& cell : row.cells()) naive += cell.printed().amount_vnd();
  }
  EXPECT_EQ(naive, 300'540'000) << "the trap: the sum of all rows that print an amount";
  struct {
    const char* row;
    v1::AnnexRow::Part part;
  } parts[] = {{"3", v1::AnnexRow::PART_SUBTOTAL},       {"3.a", v1::AnnexRow::PART_SUBTOTAL},
               {"3.c", v1::AnnexRow::PART_COUNTING},     {"3.c.u", v1::AnnexRow::PART_BREAKDOWN},
               {"3.c.u1", v1::AnnexRow::PART_BREAKDOWN}, {"3.d", v1::AnnexRow::PART_COUNTING}};
  for (const auto& row : parts) EXPECT_EQ(Row(plan, row.row).part(), row.part) << row.row;
}

// --- Every printed figure of both plans, changed one at a time
// ----------------------------------------------

// Visits every printed amount of an annex.
void ForEachFigure(v1::Plan& plan,
                   const std::function<void(const std::string& place, v1::PrintedAmount&)>& visit) {
  auto cells = [&](const std::string& place,
                   google::protobuf::RepeatedPtrField<v1::AnnexCell>& list) {
    for (v1::AnnexCell& cell : list) {
      if (cell.has_printed()) visit(absl::StrCat(place, " ", cell.year()), *cell.mutable_printed());
    }
  };
  for (v1::AnnexRow& row : *plan.mutable_annex()->mutable_rows()) {
    cells(row.row_id(), *row.mutable_cells());
    if (row.has_total()) visit(absl::StrCat(row.row_id(), " total"), *row.mutable_total());
    if (row.has_unit_price())
      visit(absl::StrCat(row.row_id(), " price"), *row.mutable_unit_price());
  }
  cells("total", *plan.mutable_annex()->mutable_total()->mutable_cells());
  if (plan.annex().total().has_total())
    visit("total total", *plan.mutable_annex()->mutable_total()->mutable_total());
}

int CountFigures(v1::Plan plan) {
  int count = 0;
  ForEachFigure(plan, [&](const std::string&, v1::PrintedAmount&) { ++count; });
  return count;
}

// The plan with the n-th figure changed by `change` units, and where that was.
v1::Plan WithChangedFigure(v1::Plan plan, int n, int64_t change, std::string* place) {
  int i = 0;
  ForEachFigure(plan, [&](const std::string& where, v1::PrintedAmount& amount) {
    if (i++ != n) return;
    const int64_t value = money::ParseVnd(amount.text(), 1).value();
    amount.set_text(money::FormatVnd(value + change));
    *place = where;
  });
  return plan;
}

TEST(PlanImportTest, AnyFigureOfThePlansChangedIsFound) {
  for (const char* file : {"danang-2022-2025.json", "ninhthuan-2024.json"}) {
    const v1::Plan printed = ReadPrinted(file);
    ASSERT_OK_AND_ASSIGN(const v1::Plan original, Import(printed));
    const int figures = CountFigures(printed);
    ASSERT_GT(figures, 50);
    for (int n = 0; n < figures; ++n) {
      for (int64_t change : {1, 90, 100'000'000}) {
        std::string place;
        ASSERT_OK_AND_ASSIGN(const v1::Plan changed,
                             Import(WithChangedFigure(printed, n, change, &place)));
        // Changing the misprinted total is allowed to heal one finding, never to leave the same set
        // unnoticed.
        EXPECT_NE(Arithmetic(changed), Arithmetic(original))
            << file << ": " << place << " + " << change;
      }
    }
  }
}

// --- Random plans
// -----------------------------------------------------------------------------------------

// Builds random annexes in which every sum is right.
class ConsistentAnnex {
 public:
  explicit ConsistentAnnex(std::mt19937_64& random) : random_(random) {
    years_ = 1 + Pick(4);
    v1::Annex::MoneyUnit units[] = {v1::Annex::MONEY_UNIT_DONG, v1::Annex::MONEY_UNIT_THOUSAND_DONG,
                                    v1::Annex::MONEY_UNIT_MILLION_DONG};
    plan_.set_title("Kế hoạch");
    plan_.set_programme("NSCL_1322");
    plan_.set_kind(v1::Plan::KIND_PERIOD);
    plan_.set_first_year(2030);
    plan_.set_last_year(2030 + years_ - 1);
    plan_.mutable_document()->set_number("1/KH-UBND");
    plan_.mutable_document()->mutable_issue_date()->set_year(2030);
    plan_.mutable_document()->mutable_issue_date()->set_month(1);
    plan_.mutable_document()->mutable_issue_date()->set_day(2);
    plan_.mutable_annex()->set_money_unit(units[Pick(3)]);
    for (int y = 0; y < years_; ++y) plan_.mutable_annex()->add_years(2030 + y);

    std::vector<int64_t> total(years_, 0);
    const int sections = 1 + Pick(4);
    for (int s = 0; s < sections; ++s) Add(total, Section(absl::StrCat("S", s)));
    for (int y = 0; y < years_; ++y)
      SetCell(*plan_.mutable_annex()->mutable_total()->add_cells(), y, total[y]);
    plan_.mutable_annex()->mutable_total()->mutable_total()->set_text(Text(Sum(total)));
  }

  const v1::Plan& plan() const { return plan_; }

 private:
  int Pick(int n) { return static_cast<int>(random_() % n); }
  int64_t Amount() { return 1 + static_cast<int64_t>(random_() % 5'000'000); }
  std::string Text(int64_t units) {
    return Pick(2) == 0 ? money::FormatVnd(units) : absl::StrCat(units);
  }
  static int64_t Sum(const std::vector<int64_t>& amounts) {
    int64_t sum = 0;
    for (int64_t amount : amounts) sum += amount;
    return sum;
  }
  static void Add(std::vector<int64_t>& sum, const std::vector<int64_t>& more) {
    for (size_t y = 0; y < sum.size(); ++y) sum[y] += more[y];
  }
  void SetCell(v1::AnnexCell& cell, int y, int64_t units) {
    cell.set_year(2030 + y);
    if (units > 0) {
      cell.mutable_printed()->set_text(Text(units));
    } else {
      cell.set_absence_reason(v1::ABSENCE_REASON_NOT_PLANNED);
    }
  }
  v1::AnnexRow* NewRow(const std::string& id, const std::string& parent,
                       v1::AnnexRow::Level level) {
    v1::AnnexRow* row = plan_.mutable_annex()->add_rows();
    row->set_row_id(id);
    row->set_parent_row_id(parent);
    row->set_level(level);
    return row;
  }
  void Fill(int index, const std::vector<int64_t>& amounts) {
    v1::AnnexRow& row = *plan_.mutable_annex()->mutable_rows(index);
    for (int y = 0; y < years_; ++y) SetCell(*row.add_cells(), y, amounts[y]);
    if (Sum(amounts) > 0 && Pick(2) == 0) row.mutable_total()->set_text(Text(Sum(amounts)));
  }

  std::vector<int64_t> Section(const std::string& id) {
    const int index = plan_.annex().rows_size();
    NewRow(id, "", v1::AnnexRow::LEVEL_SECTION);
    std::vector<int64_t> sum(years_, 0);
    const int lines = 1 + Pick(4);
    for (int l = 0; l < lines; ++l)
      Add(sum, Line(absl::StrCat(id, "-", l), id, v1::AnnexRow::LEVEL_LINE, 0));
    Fill(index, sum);
    return sum;
  }

  std::vector<int64_t> Line(const std::string& id, const std::string& parent,
                            v1::AnnexRow::Level level, int depth) {
    const int index = plan_.annex().rows_size();
    NewRow(id, parent, level);
    std::vector<int64_t> sum(years_, 0);
    switch (Pick(depth < 2 ? 4 : 3)) {
      case 0:  // a lump sum, or nothing at all
        for (int y = 0; y < years_; ++y) sum[y] = Pick(4) == 0 ? 0 : Amount();
        break;
      case 1: {  // quantity times price, in one year
        const int64_t quantity = 1 + Pick(20), price = Amount();
        sum[Pick(years_)] = quantity * price;
        SetPricing(index, quantity, price);
        break;
      }
      case 2: {  // quantity times price, and the price explained
        const int64_t quantity = 2 + Pick(20);
        const int year = Pick(years_), parts = 1 + Pick(4);
        int64_t price = 0;
        for (int p = 0; p < parts; ++p) {
          const int64_t amount = Amount();
          price += amount;
          NewRow(absl::StrCat(id, ".u", p), id, v1::AnnexRow::LEVEL_ITEM);
          std::vector<int64_t> part(years_, 0);
          part[year] = amount;
          Fill(plan_.annex().rows_size() - 1, part);
        }
        sum[year] = quantity * price;
        SetPricing(index, quantity, price);
        break;
      }
      default: {  // a sum of rows below
        const int items = 1 + Pick(4);
        for (int i = 0; i < items; ++i) {
          Add(sum, Line(absl::StrCat(id, ".", i), id, v1::AnnexRow::LEVEL_ITEM, depth + 1));
        }
      }
    }
    Fill(index, sum);
    return sum;
  }

  void SetPricing(int index, int64_t quantity, int64_t price) {
    v1::AnnexRow& row = *plan_.mutable_annex()->mutable_rows(index);
    row.set_quantity_text(absl::StrCat(quantity));
    row.mutable_unit_price()->set_text(Text(price));
    if (Pick(3) == 0) row.add_label_factors(quantity);
  }

  std::mt19937_64& random_;
  int years_ = 1;
  v1::Plan plan_;
};

TEST(PlanImportTest, RightPlansHaveNoArithmeticFindingAndOneWrongFigureIsAlwaysFound) {
  std::mt19937_64 random = testing::SeededRandom();
  for (int round = 0; round < 300; ++round) {
    const v1::Plan plan = ConsistentAnnex(random).plan();
    SCOPED_TRACE(absl::StrCat("round ", round));
    ASSERT_OK_AND_ASSIGN(const v1::Plan right, Import(plan));
    ASSERT_THAT(Arithmetic(right), IsEmpty()) << plan.DebugString();
    EXPECT_EQ(right.computed_total_vnd(), right.printed_total_vnd());
    const int n = static_cast<int>(random() % CountFigures(plan));
    std::string place;
    ASSERT_OK_AND_ASSIGN(const v1::Plan wrong,
                         Import(WithChangedFigure(plan, n, 1 + random() % 1000, &place)));
    EXPECT_FALSE(Arithmetic(wrong).empty()) << place << "\n" << plan.DebugString();
  }
}

// --- Rules over the head and the body
// ---------------------------------------------------------------------

TEST(PlanImportTest, FindingsOfHeadAndBody) {
  struct {
    const char* name;
    std::function<void(v1::Plan&)> change;
    const char* finding;  // expected beside nothing else than the original's; "-": none
  } rows[] = {
      {"number blank", [](v1::Plan& p) { p.mutable_document()->set_number("/KH-UBND"); },
       "DOC_NUMBER_BLANK"},
      {"number absent", [](v1::Plan& p) { p.mutable_document()->clear_number(); },
       "DOC_NUMBER_BLANK"},
      {"date absent", [](v1::Plan& p) { p.mutable_document()->clear_issue_date(); },
       "DOC_DATE_BLANK"},
      {"caption cites another number",
       [](v1::Plan& p) { p.mutable_annex()->set_caption("Kèm theo Kế hoạch số 806/KH-UBND"); },
       "DOC_NUMBER_MISMATCH"},
      {"caption cites the number with a blank",
       [](v1::Plan& p) { p.mutable_annex()->set_caption("số 37 /KH-UBND"); }, "-"},
      {"words off",
       [](v1::Plan& p) { p.mutable_body_total()->set_words("Năm tỷ ba trăm triệu đồng"); },
       "WORDS_VS_FIGURE"},
      {"words unreadable", [](v1::Plan& p) { p.mutable_body_total()->set_words("Năm tỷ gì đó"); },
       "WORDS_VS_FIGURE"},
      {"body off",
       [](v1::Plan& p) {
         p.mutable_body_total()->set_text("5.300.000.000 đồng");
         p.mutable_body_total()->set_words("Năm tỷ ba trăm triệu đồng");
       },
       "BODY_VS_ANNEX_TOTAL"},
      {"body unreadable", [](v1::Plan& p) { p.mutable_body_total()->set_text("hơn năm tỷ"); },
       "BODY_VS_ANNEX_TOTAL"},
      {"no table",
       [](v1::Plan& p) {
         p.mutable_annex()->clear_rows();
         p.mutable_annex()->clear_total();
       },
       "ANNEX_MISSING"},
      {"no annex", [](v1::Plan& p) { p.clear_annex(); }, "ANNEX_MISSING"},
      {"a task without units",
       [](v1::Plan& p) {
         p.clear_tasks();
         p.add_tasks()->set_reference("1");
         p.add_tasks()->set_reference("2");
         p.mutable_tasks(0)->set_lead_unit("Sở KH&CN");
       },
       "LEAD_UNIT_MISSING-2"},
      {"no task names units",
       [](v1::Plan& p) {
         p.clear_tasks();
         p.add_tasks()->set_reference("1");
       },
       "-"},
  };
  const v1::Plan printed = ReadPrinted("danang-2022-2025.json");
  ASSERT_OK_AND_ASSIGN(const v1::Plan original, Import(printed));
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    v1::Plan changed = printed;
    row.change(changed);
    ASSERT_OK_AND_ASSIGN(const v1::Plan plan, Import(changed));
    std::set<std::string> fresh;
    for (const v1::Finding& finding : plan.findings()) fresh.insert(finding.finding_id());
    for (const v1::Finding& finding : original.findings()) fresh.erase(finding.finding_id());
    if (std::string(row.finding) == "-") {
      EXPECT_THAT(fresh, IsEmpty());
    } else {
      EXPECT_THAT(fresh, ElementsAre(row.finding));
    }
  }
}

TEST(PlanImportTest, APlanWithoutMoneyNeedsNoAnnex) {
  v1::Plan plan = ReadPrinted("danang-2022-2025.json");
  plan.clear_annex();
  plan.clear_body_total();
  ASSERT_OK_AND_ASSIGN(const v1::Plan imported, Import(plan));
  EXPECT_THAT(Ids(imported, v1::Finding::SEVERITY_ERROR), IsEmpty());
  EXPECT_EQ(imported.computed_total_vnd(), 0);
}

// --- Faults of the file
// ---------------------------------------------------------------------------------

v1::AnnexRow& RowOf(v1::Plan& plan, absl::string_view id) {
  for (v1::AnnexRow& row : *plan.mutable_annex()->mutable_rows()) {
    if (row.row_id() == id) return row;
  }
  ADD_FAILURE() << "no row " << id;
  return *plan.mutable_annex()->add_rows();
}

TEST(PlanImportTest, FaultsOfTheFileNameTheirPlace) {
  struct {
    const char* name;
    std::function<void(v1::Plan&)> change;
    const char* field;
    const char* reason;
  } rows[] = {
      {"bad number",
       [](v1::Plan& p) {
         RowOf(p, "1.1").mutable_cells(0)->mutable_printed()->set_text("40 triệu");
       },
       "plan.annex.rows[1].cells[0].printed.text", "PRINTED_NUMBER"},
      {"bad quantity", [](v1::Plan& p) { RowOf(p, "1.1").set_quantity_text("một"); },
       "plan.annex.rows[1].quantity_text", "PRINTED_NUMBER"},
      {"blank where a number is needed",
       [](v1::Plan& p) { RowOf(p, "1.1").mutable_unit_price()->set_text(""); },
       "plan.annex.rows[1].unit_price.text", "PRINTED_BLANK"},
      {"blank without a reason",
       [](v1::Plan& p) { RowOf(p, "1.1").mutable_cells(0)->clear_printed(); },
       "plan.annex.rows[1].cells[0].absence_reason", "ABSENCE_REASON"},
      {"a reason beside a figure",
       [](v1::Plan& p) {
         RowOf(p, "1.1").mutable_cells(0)->set_absence_reason(v1::ABSENCE_REASON_INTEGRATED);
       },
       "plan.annex.rows[1].cells[0].absence_reason", "ABSENCE_REASON"},
      {"no cells", [](v1::Plan& p) { RowOf(p, "1.1").clear_cells(); }, "plan.annex.rows[1].cells",
       "ABSENCE_REASON"},
      {"year outside the annex",
       [](v1::Plan& p) { RowOf(p, "1.1").mutable_cells(0)->set_year(2025); },
       "plan.annex.rows[1].cells[0].year", "CELL_YEAR"},
      {"unknown parent", [](v1::Plan& p) { RowOf(p, "1.1").set_parent_row_id("9"); },
       "plan.annex.rows[1].parent_row_id", "ROW_PARENT"},
      {"its own parent", [](v1::Plan& p) { RowOf(p, "5.6").set_parent_row_id("5.6"); },
       "plan.annex.rows[36].parent_row_id", "ROW_PARENT"},
      {"a parent below it", [](v1::Plan& p) { RowOf(p, "5.5").set_parent_row_id("5.6"); },
       "plan.annex.rows[35].parent_row_id", "ROW_PARENT"},
      {"row id twice", [](v1::Plan& p) { RowOf(p, "5.6").set_row_id("5.5"); },
       "plan.annex.rows[36].row_id", "ROW_ID"},
      {"bad row id", [](v1::Plan& p) { RowOf(p, "5.6").set_row_id("5/6"); },
       "plan.annex.rows[36].row_id", "ROW_ID"},
      {"a line within a line",
       [](v1::Plan& p) { RowOf(p, "5.6").set_level(v1::AnnexRow::LEVEL_LINE); },
       "plan.annex.rows[36].level", "ROW_LEVEL"},
      {"an item outside every line", [](v1::Plan& p) { RowOf(p, "5.6").clear_parent_row_id(); },
       "plan.annex.rows[36].level", "ROW_LEVEL"},
      {"unknown source", [](v1::Plan& p) { RowOf(p, "1").set_funding_sources(0, "LOTTERY"); },
       "plan.annex.rows[0].funding_sources[0]", "FUNDING_SOURCE"},
      {"year out of range", [](v1::Plan& p) { p.set_first_year(1999); }, "plan.first_year",
       "YEAR_RANGE"},
      {"years reversed",
       [](v1::Plan& p) {
         p.set_kind(v1::Plan::KIND_PERIOD);
         p.set_last_year(2023);
       },
       "plan.last_year", "YEAR_RANGE"},
      {"unknown unit", [](v1::Plan& p) { p.mutable_annex()->clear_money_unit(); },
       "plan.annex.money_unit", "ENUM_VALUE"},
      {"output-only field", [](v1::Plan& p) { p.set_computed_total_vnd(1); },
       "plan.computed_total_vnd", "OUTPUT_ONLY"},
      {"declared part", [](v1::Plan& p) { RowOf(p, "1.1").set_part(v1::AnnexRow::PART_BREAKDOWN); },
       "plan.annex.rows[1].part", "OUTPUT_ONLY"},
      {"not UTF-8", [](v1::Plan& p) { RowOf(p, "1").set_label("\xff"); },
       "plan.annex.rows[0].label", "INVALID_TEXT"},
      {"a control character", [](v1::Plan& p) { p.mutable_tasks(0)->set_content("a\x01"); },
       "plan.tasks[0].content", "INVALID_TEXT"},
      {"no title", [](v1::Plan& p) { p.clear_title(); }, "plan.title", "FIELD_REQUIRED"},
      {"partial date",
       [](v1::Plan& p) { p.mutable_document()->mutable_issue_date()->set_year(2024); },
       "plan.document.issue_date", "DATE"},
      {"no document", [](v1::Plan& p) { p.clear_document(); }, "plan.document", "FIELD_REQUIRED"},
  };
  const v1::Plan printed = ReadPrinted("ninhthuan-2024.json");
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    v1::Plan changed = printed;
    row.change(changed);
    const absl::Status status = Import(changed).status();
    EXPECT_THAT(status, Refused(absl::StatusCode::kInvalidArgument, row.reason));
    std::vector<std::string> fields;
    const google::rpc::BadRequest bad_request = status::BadRequestOf(status);
    for (const auto& field : bad_request.field_violations()) fields.push_back(field.field());
    EXPECT_THAT(fields, Contains(std::string(row.field)));
  }
}

TEST(PlanImportTest, TextsAreKeptInNfc) {
  v1::Plan plan = ReadPrinted("ninhthuan-2024.json");
  plan.set_title(
      "Ke\xcc\x82\xcc\x81 hoa\xcc\xa3"
      "ch");  // decomposed
  ASSERT_OK_AND_ASSIGN(const v1::Plan imported, Import(plan));
  EXPECT_EQ(imported.title(), "Kế hoạch");
}

TEST(PlanImportTest, AllFaultsAreToldAtOnce) {
  v1::Plan plan = ReadPrinted("ninhthuan-2024.json");
  plan.clear_title();
  RowOf(plan, "1").set_funding_sources(0, "LOTTERY");
  RowOf(plan, "2.1").set_quantity_text("x");
  const absl::Status status = Import(plan).status();
  EXPECT_THAT(status, testing::FieldsAre(UnorderedElementsAre(
                          "plan.title", "plan.annex.rows[0].funding_sources[0]",
                          "plan.annex.rows[5].quantity_text")));
}

TEST(PlanImportTest, SumsThatLeaveInt64AreRefusedWithTheRow) {
  struct {
    const char* name;
    std::function<void(v1::Plan&)> change;
    const char* field;
  } rows[] = {
      {"quantity times price",
       [](v1::Plan& p) {
         RowOf(p, "1.1").set_quantity_text("9.000.000");
         RowOf(p, "1.1").mutable_unit_price()->set_text("9.000.000.000.000.000");
       },
       "plan.annex.rows[1]"},
      {"rows below",
       [](v1::Plan& p) {
         for (int i = 0; i < 1'200; ++i) {
           v1::AnnexRow& row = *p.mutable_annex()->add_rows();
           row.set_row_id(absl::StrCat("5.x", i));
           row.set_parent_row_id("5");
           row.set_level(v1::AnnexRow::LEVEL_ITEM);
           row.add_cells()->set_year(2024);
           row.mutable_cells(0)->mutable_printed()->set_text("9007199254740991");
         }
       },
       "plan.annex.rows[30]"},
      {"grand total",
       [](v1::Plan& p) {
         for (int i = 0; i < 1'200; ++i) {
           v1::AnnexRow& row = *p.mutable_annex()->add_rows();
           row.set_row_id(absl::StrCat("L", i));
           row.set_level(v1::AnnexRow::LEVEL_LINE);
           row.add_cells()->set_year(2024);
           row.mutable_cells(0)->mutable_printed()->set_text("9007199254740991");
         }
       },
       "plan.annex.total"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    v1::Plan plan = ReadPrinted("ninhthuan-2024.json");
    row.change(plan);
    const absl::Status status = Import(plan).status();
    EXPECT_THAT(status, Refused(absl::StatusCode::kInvalidArgument, "AMOUNT_OVERFLOW"));
    EXPECT_THAT(status, testing::FieldsAre(ElementsAre(row.field)));
  }
}

}  // namespace
}  // namespace nscl::budgeting::domain
