#include "services/registry/imports/header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/testing/status_matchers.h"

namespace nscl::registry::imports {
namespace {

using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

const std::vector<Column>& Two() {
  static const auto& columns = *new std::vector<Column>{
      {"Mã số thuế", "tax_code", Kind::kText, true, "mười chữ số"},
      {"Địa chỉ", "address", Kind::kText, false, "địa chỉ"},
  };
  return columns;
}

sheet::Row RowOf(absl::string_view cells) { return {1, absl::StrSplit(cells, '|')}; }

TEST(HeaderTest, TitlesInAnyOrderAndWriting) {
  struct {
    const char* titles;
    const char* reason;
  } table[] = {
      {"Mã số thuế|Địa chỉ", "OK"},
      {"ĐỊA CHỈ|ma so thue (*)", "OK"},
      {"Mã số thuế", "OK"},
      {"Mã số thuế|", "OK"},
      {"Mã số thuế|Dòng trong tệp|Lý do không nhận", "OK"},
      {"Địa chỉ", "IMPORT_TITLE_MISSING"},
      {"Mã số thuế|Vốn", "IMPORT_TITLE_UNKNOWN"},
      {"Mã số thuế|Mã số thuế", "IMPORT_TITLE_TWICE"},
      {"Mã số thuế|mã số thuế ", "IMPORT_TITLE_TWICE"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(Reason(Header::Read(RowOf(row.titles), Two())), row.reason) << row.titles;
  }
  EXPECT_THAT(Header::Read(RowOf("Vốn|Tên"), Two()).status(), MetadataIs("titles", "Vốn; Tên"));
}

TEST(HeaderTest, CellsByColumn) {
  const auto header =
      Header::Read(RowOf("Địa chỉ|Lý do không nhận|Mã số thuế||Dòng trong tệp"), Two());
  ASSERT_TRUE(header.ok());
  EXPECT_EQ(absl::StrJoin(header->CellsOf(RowOf("a|b|c|d|e")), "|"), "c|a");
  EXPECT_EQ(absl::StrJoin(header->CellsOf(RowOf("a")), "|"), "|a");
  EXPECT_TRUE(header->HasStray(RowOf("a|b|c|d|e")));
  EXPECT_FALSE(header->HasStray(RowOf("a|b|c||e")));
  EXPECT_TRUE(header->HasStray(RowOf("a|b|c||e|f")));
  std::vector<std::string> kept;
  for (const sheet::Cell& cell : header->AsInFile(RowOf("a|b|c|d|e|f").cells)) {
    kept.push_back(cell.text);
  }
  EXPECT_EQ(absl::StrJoin(kept, "|"), "a|c|d|f");
  EXPECT_TRUE(header->Explains(RowOf("địa chỉ||mười chữ số")));
  EXPECT_FALSE(header->Explains(RowOf("địa chỉ||0100109106")));
  EXPECT_FALSE(header->Explains(RowOf("||")));
}

}  // namespace
}  // namespace nscl::registry::imports
