#include "services/registry/domain/tax_code.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/testing/data_file.h"

namespace nscl::registry::domain {
namespace {

std::string KindName(TaxCodeKind kind) {
  return kind == TaxCodeKind::kHead     ? "HEAD"
         : kind == TaxCodeKind::kBranch ? "BRANCH"
                                        : "PERSONAL_ID_12";
}

TEST(TaxCodeTest, Vectors) {
  nlohmann::json file = testing::ReadJson("tests/data/tax_code_vectors.json");
  ASSERT_EQ(file["vectors"].size(), 15u);
  for (const auto& row : file["vectors"]) {
    std::string input = row["input"];
    SCOPED_TRACE(input);
    TaxCode code = ReadTaxCode(input);
    EXPECT_EQ(code.fault == TaxCodeFault::kNone, row["valid"].get<bool>());
    EXPECT_EQ(std::string(NameOf(code.fault)),
              row["reason"].is_null() ? "" : row["reason"].get<std::string>());
    EXPECT_EQ(code.normalised,
              row["normalised"].is_null() ? "" : row["normalised"].get<std::string>());
    if (!row["kind"].is_null()) {
      EXPECT_EQ(KindName(code.kind), row["kind"].get<std::string>());
    }
  }
}

TEST(TaxCodeTest, MoreForms) {
  struct {
    const char *input, *normalised, *fault;
  } rows[] = {
      {"5800123458-001", "5800123458-001", ""},
      {"5800123458-999", "5800123458-999", ""},
      {"5800123458-1", "", "NOT_DIGITS"},
      {"5800123458 001", "", "NOT_DIGITS"},
      {"58001234-58001", "", "NOT_DIGITS"},
      {"5800123459-001", "", "CHECK_DIGIT"},
      {"58001234580", "", "LENGTH"},
      {"58001234580012", "", "LENGTH"},
      {"5800123458\xC2\xA0", "", "NOT_DIGITS"},
      {"５８００１２３４５８", "", "NOT_DIGITS"},
      {"   ", "", "EMPTY"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.input);
    TaxCode code = ReadTaxCode(row.input);
    EXPECT_EQ(code.normalised, row.normalised);
    EXPECT_EQ(std::string(NameOf(code.fault)), row.fault);
  }
}

// Of the ten tenth digits at most one is right, and one digit mistyped among the first nine is
// seen.
TEST(TaxCodeTest, TheCheckDigitChecks) {
  for (int serial = 1; serial < 10'000'000; serial += 99'991) {
    std::string nine = absl::StrCat("58", absl::Dec(serial, absl::kZeroPad7));
    std::string valid;
    for (char tenth = '0'; tenth <= '9'; ++tenth) {
      if (ReadTaxCode(nine + tenth).fault != TaxCodeFault::kNone) continue;
      EXPECT_EQ(valid, "");
      valid = nine + tenth;
    }
    if (valid.empty()) continue;
    for (size_t i = 0; i < 9; ++i) {
      std::string mistyped = valid;
      mistyped[i] = mistyped[i] == '9' ? '0' : static_cast<char>(mistyped[i] + 1);
      EXPECT_NE(ReadTaxCode(mistyped).fault, TaxCodeFault::kNone) << mistyped;
    }
  }
}

}  // namespace
}  // namespace nscl::registry::domain
