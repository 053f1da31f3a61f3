// The plans under deploy/plans parse strictly and hold what the papers print. Sums and findings are
// held by budgeting's own tests; here stands only that nothing was lost or invented in writing the
// papers down.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "nscl/budgeting/v1/plan.pb.h"

namespace {

using nscl::budgeting::v1::AbsenceReason;
using nscl::budgeting::v1::AnnexRow;
using nscl::budgeting::v1::Plan;
using nscl::budgeting::v1::PlanOrganisation;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

Plan Load(const std::string& file) {
  Plan plan;
  google::protobuf::util::JsonParseOptions strict;
  strict.ignore_unknown_fields = false;
  auto status = google::protobuf::util::JsonStringToMessage(
      ReadFile(std::filesystem::path(NSCL_SOURCE_DIR) / "deploy/plans" / file), &plan, strict);
  EXPECT_TRUE(status.ok()) << file << ": " << status.ToString();
  return plan;
}

std::map<AnnexRow::Level, int> RowsByLevel(const Plan& plan) {
  std::map<AnnexRow::Level, int> counts;
  for (const AnnexRow& row : plan.annex().rows()) ++counts[row.level()];
  return counts;
}

const AnnexRow& Row(const Plan& plan, const std::string& id) {
  for (const AnnexRow& row : plan.annex().rows()) {
    if (row.row_id() == id) return row;
  }
  ADD_FAILURE() << "no row " << id;
  static const AnnexRow none;
  return none;
}

// What holds for every file, so that a new one is checked by being there.
TEST(PlanFilesTest, EveryFileIsWellFormed) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(NSCL_SOURCE_DIR) / "deploy/plans")) {
    if (entry.path().extension() != ".json") continue;
    ++files;
    SCOPED_TRACE(entry.path().filename().string());
    Plan plan = Load(entry.path().filename().string());
    EXPECT_EQ(plan.programme(), "NSCL_1322");
    EXPECT_FALSE(plan.title().empty());
    EXPECT_LE(plan.first_year(), plan.last_year());
    // Output-only fields are the server's.
    EXPECT_TRUE(plan.name().empty());
    EXPECT_EQ(plan.state(), Plan::STATE_UNSPECIFIED);
    EXPECT_EQ(plan.findings_size(), 0);
    EXPECT_FALSE(plan.has_printed_total_vnd());
    std::set<std::string> seen;
    for (const AnnexRow& row : plan.annex().rows()) {
      SCOPED_TRACE(row.row_id());
      EXPECT_NE(row.level(), AnnexRow::LEVEL_UNSPECIFIED);
      EXPECT_FALSE(row.label().empty());
      EXPECT_TRUE(row.parent_row_id().empty() || seen.contains(row.parent_row_id()));
      EXPECT_TRUE(seen.insert(row.row_id()).second) << "twice";
      EXPECT_EQ(row.part(), AnnexRow::PART_UNSPECIFIED);
      EXPECT_FALSE(row.has_quantity_thousandths());
      ASSERT_EQ(row.cells_size(), plan.annex().years_size());
      for (int i = 0; i < row.cells_size(); ++i) {
        EXPECT_EQ(row.cells(i).year(), plan.annex().years(i));
        // A blank has a reason, a figure has none.
        EXPECT_EQ(row.cells(i).has_printed(),
                  row.cells(i).absence_reason() == AbsenceReason::ABSENCE_REASON_UNSPECIFIED);
        EXPECT_EQ(row.cells(i).printed().amount_vnd(), 0);
      }
      if (row.level() == AnnexRow::LEVEL_LINE) {
        EXPECT_GT(row.funding_sources_size(), 0);
      }
      if (row.label_factors_size() > 0) {
        int64_t product = 1;
        for (int64_t factor : row.label_factors()) product *= factor;
        EXPECT_EQ(std::to_string(product), row.quantity_text());
      }
    }
    std::set<std::string> ids;
    for (const auto& target : plan.targets()) {
      EXPECT_TRUE(ids.insert(target.target_id()).second) << target.target_id();
      EXPECT_FALSE(target.text().empty());
      EXPECT_FALSE(target.metric().empty());
      EXPECT_GT(target.value_thousandths(), 0);
      EXPECT_LE(target.first_year(), target.last_year());
    }
    int focal = 0;
    for (const auto& organisation : plan.organisations()) {
      focal += organisation.role() == PlanOrganisation::ROLE_FOCAL;
      EXPECT_NE(organisation.role(), PlanOrganisation::ROLE_UNSPECIFIED);
    }
    EXPECT_EQ(focal, 1);
  }
  EXPECT_EQ(files, 2);
}

TEST(PlanFilesTest, DaNangHoldsItsAnnex) {
  Plan plan = Load("danang-2022-2025.json");
  EXPECT_EQ(plan.document().number(), "37/KH-UBND");
  EXPECT_EQ(plan.document().issue_date().year(), 2022);
  EXPECT_EQ(plan.body_total().text(), "5.310.000.000 đồng");
  EXPECT_EQ(plan.body_total().words(), "Năm tỉ ba trăm mười triệu đồng");
  EXPECT_EQ(plan.annex().money_unit(), nscl::budgeting::v1::Annex::MONEY_UNIT_MILLION_DONG);
  EXPECT_EQ(RowsByLevel(plan), (std::map<AnnexRow::Level, int>{{AnnexRow::LEVEL_SECTION, 5},
                                                               {AnnexRow::LEVEL_LINE, 16}}));
  EXPECT_EQ(plan.targets_size(), 10);
  EXPECT_EQ(plan.tasks_size(), 29);

  const struct {
    const char* id;
    const char* years[4];  // "" is a blank
    const char* total;
  } rows[] = {
      {"I", {"370", "480", "480", "480"}, "1810"},
      {"I-1", {"100", "100", "100", "100"}, "400"},
      {"I-2", {"100", "100", "100", "100"}, "400"},
      {"I-3", {"120", "180", "180", "180"}, "660"},
      {"I-4", {"50", "100", "100", "100"}, "350"},
      {"I-5", {"", "", "", ""}, ""},
      {"II", {"", "200", "200", "200"}, "600"},
      {"II-1", {"", "200", "200", "200"}, "600"},
      {"II-2", {"", "", "", ""}, ""},
      {"III", {"100", "", "", ""}, "100"},
      {"III-1", {"100", "", "", ""}, "100"},
      {"III-2", {"", "", "", ""}, ""},
      {"IV", {"", "800", "800", "800"}, "2400"},
      {"IV-1", {"", "800", "800", "800"}, "2400"},
      {"IV-2", {"", "", "", ""}, ""},
      {"IV-3", {"", "", "", ""}, ""},
      {"IV-4", {"", "", "", ""}, ""},
      {"IV-5", {"", "", "", ""}, ""},
      {"V", {"", "100", "100", "200"}, "400"},
      {"V-1", {"", "100", "100", "100"}, "300"},
      {"V-2", {"", "", "", "100"}, "100"},
  };
  ASSERT_EQ(static_cast<size_t>(plan.annex().rows_size()), std::size(rows));
  for (size_t i = 0; i < std::size(rows); ++i) {
    const AnnexRow& row = plan.annex().rows(i);
    SCOPED_TRACE(rows[i].id);
    EXPECT_EQ(row.row_id(), rows[i].id);
    for (int y = 0; y < 4; ++y) EXPECT_EQ(row.cells(y).printed().text(), rows[i].years[y]);
    EXPECT_EQ(row.total().text(), rows[i].total);
  }
  // The printed totals stand as printed, the wrong one too.
  const char* totals[] = {"470", "1580", "1580", "1580"};
  for (int y = 0; y < 4; ++y) EXPECT_EQ(plan.annex().total().cells(y).printed().text(), totals[y]);
  EXPECT_EQ(plan.annex().total().total().text(), "5310");

  EXPECT_EQ(Row(plan, "I-4").funding_sources_size(), 3);
  EXPECT_EQ(Row(plan, "I-5").cells(0).absence_reason(), AbsenceReason::ABSENCE_REASON_INTEGRATED);
  EXPECT_EQ(Row(plan, "II-2").cells(0).absence_reason(),
            AbsenceReason::ABSENCE_REASON_SEPARATE_APPROVAL);
  EXPECT_EQ(Row(plan, "IV-1").cells(0).absence_reason(), AbsenceReason::ABSENCE_REASON_NOT_PLANNED);
}

TEST(PlanFilesTest, NinhThuanHoldsItsTable) {
  Plan plan = Load("ninhthuan-2024.json");
  EXPECT_EQ(plan.document().number(), "/KH-UBND");
  EXPECT_FALSE(plan.document().has_issue_date());
  EXPECT_EQ(plan.document().issue_date_text(), "ngày tháng 03 năm 2024");
  EXPECT_EQ(plan.annex().money_unit(), nscl::budgeting::v1::Annex::MONEY_UNIT_DONG);
  EXPECT_EQ(RowsByLevel(plan), (std::map<AnnexRow::Level, int>{{AnnexRow::LEVEL_LINE, 5},
                                                               {AnnexRow::LEVEL_GROUP, 4},
                                                               {AnnexRow::LEVEL_ITEM, 28}}));
  EXPECT_EQ(plan.tasks_size(), 4);
  for (const auto& task : plan.tasks()) {
    EXPECT_EQ(task.lead_unit(), "Sở Khoa học và Công nghệ (Chi cục TC-ĐL-CL)");
    EXPECT_GE(task.coordinating_units_size(), 4);
    EXPECT_EQ(task.time(), "Năm 2024");
  }
  EXPECT_EQ(plan.targets_size(), 7);
  for (const auto& target : plan.targets()) EXPECT_TRUE(target.activity());

  int with_amount = 0, lump_sums = 0, with_factors = 0;
  for (const AnnexRow& row : plan.annex().rows()) {
    with_amount += row.cells(0).has_printed();
    lump_sums += row.quantity_text().empty() && row.level() == AnnexRow::LEVEL_ITEM;
    with_factors += row.label_factors_size() > 1;
    EXPECT_EQ(row.quantity_text().empty(), row.unit().empty()) << row.row_id();
    EXPECT_FALSE(row.has_total()) << "the table has no column for it";
  }
  EXPECT_EQ(with_amount, 37);
  EXPECT_EQ(lump_sums, 3);      // the taxis of 2.5, 4.4 and 5.4
  EXPECT_EQ(with_factors, 11);  // "(03 người, 05 ngày)" and the like

  const struct {
    const char *id, *parent, *quantity, *price, *amount;
  } rows[] = {
      {"1", "", "", "", "41.540.000"},
      {"1.2", "1", "54", "10.000", "540.000"},
      {"2", "", "", "", "29.000.000"},
      {"2.3", "2", "8", "800.000", "6.400.000"},
      {"3", "", "", "", "32.020.000"},
      {"3.a", "3", "", "", "3.720.000"},
      {"3.c", "3", "2", "9.550.000", "19.100.000"},
      {"3.c.u", "3.c", "1", "", "9.550.000"},
      {"3.c.u3", "3.c.u", "11", "250.000", "2.750.000"},
      {"3.d", "3", "", "", "3.000.000"},
      {"4", "", "", "", "19.700.000"},
      {"5", "", "", "", "13.500.000"},
      {"5.6", "5", "2", "800.000", "1.600.000"},
  };
  for (const auto& expected : rows) {
    SCOPED_TRACE(expected.id);
    const AnnexRow& row = Row(plan, expected.id);
    EXPECT_EQ(row.parent_row_id(), expected.parent);
    EXPECT_EQ(row.quantity_text(), expected.quantity);
    EXPECT_EQ(row.unit_price().text(), expected.price);
    EXPECT_EQ(row.cells(0).printed().text(), expected.amount);
  }
  EXPECT_EQ(plan.annex().total().cells(0).printed().text(), "135.760.000");
}

// Names of persons stay out of what is shipped (PDPL): signers appear by capacity.
TEST(PlanFilesTest, SignersAppearByCapacity) {
  for (const char* file : {"danang-2022-2025.json", "ninhthuan-2024.json"}) {
    EXPECT_EQ(Load(file).document().signing_capacity(),
              "TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH");
  }
}

}  // namespace
