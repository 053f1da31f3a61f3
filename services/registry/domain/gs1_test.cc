#include "services/registry/domain/gs1.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "common/testing/data_file.h"

namespace nscl::registry::domain {
namespace {

TEST(Gs1Test, Vectors) {
  nlohmann::json file = testing::ReadJson("tests/data/gs1_vectors.json");
  ASSERT_EQ(file["vectors"].size(), 9u);
  for (const auto& row : file["vectors"]) {
    const std::string input = row["input"];
    const std::string kind = row["kind"];
    SCOPED_TRACE(kind + " " + input);
    const Gs1Fault fault = kind == "GLN13" ? CheckGln(input) : CheckGtin(input);
    EXPECT_EQ(fault == Gs1Fault::kNone, row["valid"].get<bool>());
    if (row.contains("reason")) {
      EXPECT_EQ(std::string(NameOf(fault)), row["reason"].get<std::string>());
    }
    if (row.contains("vn_prefix")) {
      EXPECT_EQ(IsVietnameseGtin(input), row["vn_prefix"].get<bool>());
    }
  }
}

TEST(Gs1Test, MoreForms) {
  struct {
    const char *gtin, *fault;
    bool vietnamese;
  } rows[] = {
      {"8938500012341", "NONE", true},
      {"18934602401073", "NONE", true},
      {"96385074", "NONE", false},
      {"", "LENGTH", false},
      {"893850001234x", "NOT_DIGITS", false},
      {" 8938500012341", "NOT_DIGITS", false},
      {"８９３８５０００１２３４１", "NOT_DIGITS", false},  // full-width
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.gtin);
    EXPECT_EQ(std::string(NameOf(CheckGtin(row.gtin))), row.fault);
    if (CheckGtin(row.gtin) == Gs1Fault::kNone) {
      EXPECT_EQ(IsVietnameseGtin(row.gtin), row.vietnamese);
    }
  }
}

TEST(Gs1Test, CompanyPrefixes) {
  struct {
    const char *prefix, *fault;
  } rows[] = {
      {"893456", "LENGTH"},     {"8934567", "NONE"},         {"89345678", "NONE"},
      {"893456789", "NONE"},    {"8934567890", "NONE"},      {"89345678901", "LENGTH"},
      {"893456789012", "NONE"}, {"8934567890123", "LENGTH"}, {"893-4567", "NOT_DIGITS"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(std::string(NameOf(CheckCompanyPrefix(row.prefix))), row.fault) << row.prefix;
  }
}

}  // namespace
}  // namespace nscl::registry::domain
