// The dated lists under deploy/catalogue have the common fields, hold no two rows of one key on one
// day, and refer to each other's codes only.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

using nlohmann::json;

const std::filesystem::path kFolder = std::filesystem::path(NSCL_SOURCE_DIR) / "deploy/catalogue";

json Load(const std::string& file) {
  std::ifstream in(kFolder / file);
  EXPECT_TRUE(in.good()) << file;
  return json::parse(in);
}

// By value: a row must not outlive the file that it was read from.
json Rows(const std::string& file) { return Load(file)["rows"]; }

// Files and the fields that name a row.
const std::map<std::string, std::vector<std::string>>& Keys() {
  static const std::map<std::string, std::vector<std::string>> keys = {
      {"provinces.json", {"code"}},
      {"sme_thresholds.json", {"sector", "size"}},
      {"vsic_sectors.json", {"section"}},
      {"funding_sources.json", {"code"}},
      {"support_contents.json", {"family"}},
      {"support_overlap.json", {"difference"}},
      {"payment_rules.json", {"rule", "scheme"}},
      {"registry_rules.json", {"rule"}},
      {"report_obligations.json", {"rule_id"}},
      {"calendar.json", {"date"}},
      {"indicators.json", {"metric"}},
      {"legal_instruments.json", {"id"}},
  };
  return keys;
}

std::string Day(const json& value, const char* open_end) {
  return value.is_null() ? open_end : value.get<std::string>();
}

TEST(CatalogueFilesTest, EveryRowIsDatedAndSaysWhy) {
  const std::regex day("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])");
  for (const auto& [file, key_fields] : Keys()) {
    SCOPED_TRACE(file);
    json list = Load(file);
    EXPECT_EQ(list["schema"], "nscl.catalogue." + file.substr(0, file.size() - 5) + ".v1");
    EXPECT_FALSE(list["source"].get<std::string>().empty());
    std::map<std::string, std::vector<std::pair<std::string, std::string>>> spans;
    for (const json& row : list["rows"]) {
      std::string key;
      for (const std::string& field : key_fields) key += row.at(field).get<std::string>() + "/";
      SCOPED_TRACE(key);
      for (const char* field : {"valid_from", "valid_to"}) {
        ASSERT_TRUE(row.contains(field));
        EXPECT_TRUE(row[field].is_null() || std::regex_match(row[field].get<std::string>(), day));
      }
      EXPECT_FALSE(row.at("legal_basis").get<std::string>().empty());
      EXPECT_TRUE((std::set<std::string>{"H", "M", "L"}.contains(row.at("confidence"))));
      std::string from = Day(row["valid_from"], "0000-01-01"),
                  to = Day(row["valid_to"], "9999-12-31");
      EXPECT_LE(from, to);
      for (const auto& [other_from, other_to] : spans[key]) {
        EXPECT_TRUE(to < other_from || other_to < from) << "two rows on one day";
      }
      spans[key].emplace_back(from, to);
    }
  }
}

TEST(CatalogueFilesTest, ProvincesAreThe34AndTheirKnownPredecessors) {
  json rows = Rows("provinces.json");
  std::map<std::string, json> by_code;
  int in_force = 0, communes = 0;
  for (const json& row : rows) {
    by_code[row["code"]] = row;
    if (!row["valid_to"].is_null()) continue;
    ++in_force;
    communes += row["communes"].get<int>();
    EXPECT_EQ(row["valid_from"], "2025-07-01");
  }
  EXPECT_EQ(in_force, 34);
  EXPECT_EQ(communes, 3321);
  EXPECT_EQ(by_code["58"]["successor"], "56");
  for (const json& row : rows) {
    for (const json& predecessor : row["predecessors"]) {
      EXPECT_EQ(by_code[predecessor]["successor"], row["code"]);
    }
    if (!row["successor"].is_null()) {
      EXPECT_TRUE(by_code.contains(row["successor"]));
    }
  }
}

TEST(CatalogueFilesTest, EverySectorHasItsThreeSizes) {
  std::map<std::string, int> sizes;
  for (const json& row : Rows("sme_thresholds.json")) ++sizes[row["sector"]];
  EXPECT_EQ(sizes.size(), 3u);
  for (const auto& [sector, count] : sizes) EXPECT_EQ(count, 3) << sector;
  for (const json& row : Rows("vsic_sectors.json")) {
    EXPECT_TRUE(sizes.contains(row["sector"])) << row;
  }
}

// Plans and lists name only codes that exist.
TEST(CatalogueFilesTest, CodesAreKnown) {
  std::set<std::string> sources, families, metrics;
  for (const json& row : Rows("funding_sources.json")) sources.insert(row["code"]);
  for (const json& row : Rows("support_contents.json")) families.insert(row["family"]);
  for (const json& row : Rows("indicators.json")) {
    metrics.insert(row["metric"]);
    EXPECT_NE(row["counting"].is_null(), row["not_evaluable_reason"].is_null()) << row["metric"];
    for (const json& code : row.value("funding_sources", json::array())) {
      EXPECT_TRUE(sources.contains(code)) << code;
    }
    for (const json& code : row.value("families", json::array())) {
      EXPECT_TRUE(families.contains(code)) << code;
    }
  }
  for (const char* file : {"danang-2022-2025.json", "ninhthuan-2024.json"}) {
    std::ifstream in(kFolder.parent_path() / "plans" / file);
    json plan = json::parse(in);
    for (const json& row : plan["annex"]["rows"]) {
      for (const json& code : row.value("fundingSources", json::array())) {
        EXPECT_TRUE(sources.contains(code)) << code;
      }
    }
    for (const json& target : plan["targets"])
      EXPECT_TRUE(metrics.contains(target["metric"])) << target;
  }
}

// Each role has one default, with a day; a rule of a plan names its plan.
TEST(CatalogueFilesTest, ReportRulesHaveOneDefaultForEachRole) {
  std::map<std::string, int> defaults;
  for (const json& row : Rows("report_obligations.json")) {
    SCOPED_TRACE(row["rule_id"]);
    if (row["default"].get<bool>()) {
      ++defaults[row["role"]];
      EXPECT_TRUE(row["due_month"].is_number_integer() && row["due_day"].is_number_integer());
    } else {
      EXPECT_TRUE(row["province"].is_string() && row["plan_first_year"].is_number_integer());
      EXPECT_TRUE(row["clause"].is_string());
    }
  }
  EXPECT_EQ(defaults, (std::map<std::string, int>{{"FOCAL", 1}, {"UNIT", 1}}));
}

}  // namespace
