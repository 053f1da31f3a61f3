#include "services/registry/imports/cells.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "common/text/enum_name.h"
#include "nscl/registry/v1/enterprise.pb.h"
#include "nscl/registry/v1/year_profile.pb.h"

namespace nscl::registry::imports {
namespace {

using ::nscl::testing::Reason;

const Column& ColumnOf(absl::string_view field) {
  for (const Column& column : ColumnsOf(v1::Operation::DATASET_ENTERPRISES)) {
    if (column.field == field) return column;
  }
  std::abort();
}

// What a cell becomes when it is read and written again; or the refusal.
template <typename M>
std::string Round(absl::string_view column, absl::string_view field, absl::string_view cell) {
  M message;
  status::Violations violations;
  const Field read(M::descriptor(), field, ColumnOf(column));
  read.Set(cell, &message, violations);
  return violations.empty() ? read.Get(message) : Reason(violations.ToStatus());
}

TEST(CellsTest, ReadAndWrittenAgain) {
  struct {
    const char* field;
    const char* cell;
    const char* again;
  } table[] = {
      {"display_name", " Công ty A ", " Công ty A "},
      {"tax_code", "0100109106", "0100109106"},
      {"legal_kind", "Công ty cổ phần", "công ty cổ phần"},
      {"legal_kind", "cong ty co phan", "công ty cổ phần"},
      {"legal_kind", "LEGAL_KIND_JSC", "công ty cổ phần"},
      {"legal_kind", "jsc", "công ty cổ phần"},
      {"legal_kind", "Đang hoạt động", "CELL_ENUM"},
      {"legal_kind", "LEGAL_KIND_UNSPECIFIED", "CELL_ENUM"},
      {"legal_kind", "xyz", "CELL_ENUM"},
      {"established_on", "31/12/2020", "31/12/2020"},
      {"established_on", "2020-12-31", "31/12/2020"},
      {"established_on", "2020-12-31 00:00:00", "31/12/2020"},
      {"established_on", "1/2/2020", "01/02/2020"},
      {"established_on", "1-2-2020", "01/02/2020"},
      {"established_on", "31/02/2020", "CELL_DATE"},
      {"established_on", "12/2020", "CELL_DATE"},
      {"established_on", "1/2/20", "CELL_DATE"},
      {"established_on", "44196", "CELL_DATE"},
      {"vsic_others", "1020; 1030 ;;1040", "1020; 1030; 1040"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Round<v1::Enterprise>(row.field, row.field, row.cell), row.again)
        << row.field << " " << row.cell;
  }
}

TEST(CellsTest, Numbers) {
  struct {
    const char* field;
    const char* cell;
    const char* again;
  } table[] = {
      {"revenue_vnd", "0", "0"},
      {"revenue_vnd", "1234567", "1234567"},
      {"revenue_vnd", "1.234.567", "1234567"},
      {"revenue_vnd", "1,234,567", "1234567"},
      {"revenue_vnd", "1 234 567", "1234567"},
      {"revenue_vnd", "1234.5", "CELL_NUMBER"},
      {"revenue_vnd", "1.2345", "CELL_NUMBER"},
      {"revenue_vnd", ".123", "CELL_NUMBER"},
      {"revenue_vnd", "-5", "CELL_NUMBER"},
      {"revenue_vnd", "1e6", "CELL_NUMBER"},
      {"revenue_vnd", "9007199254740991", "9007199254740991"},
      {"revenue_vnd", "9007199254740992", "CELL_NUMBER"},
      {"revenue_vnd", "99999999999999999999", "CELL_NUMBER"},
      {"employees_tenths", "10", "10"},
      {"employees_tenths", "10,5", "10,5"},
      {"employees_tenths", "10.5", "10,5"},
      {"employees_tenths", "10.55", "CELL_NUMBER"},
      {"employees_tenths", "10.", "CELL_NUMBER"},
      {"employees_tenths", ",5", "CELL_NUMBER"},
      {"months_operating", "12", "12"},
      {"months_operating", "1.2", "CELL_NUMBER"},
      {"months_operating", "99999999999", "CELL_NUMBER"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Round<v1::YearProfile>(absl::StrCat("year_profile.", row.field), row.field, row.cell),
              row.again)
        << row.field << " " << row.cell;
  }
}

TEST(EnumNamesTest, EveryValueHasAVietnameseName) {
  for (const auto* type :
       {v1::Enterprise::LegalKind_descriptor(), v1::Enterprise::OperatingStatus_descriptor()}) {
    const EnumNames names(*type);
    for (int i = 1; i < type->value_count(); ++i) {
      const std::string name = text::VietnameseName(*type, type->value(i)->number());
      EXPECT_EQ(names.Find(name), type->value(i)) << name;
    }
  }
}

}  // namespace
}  // namespace nscl::registry::imports
