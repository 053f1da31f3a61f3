#include "common/sheet/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/testing/status_matchers.h"

namespace nscl::sheet {
namespace {

using ::nscl::testing::MetadataIs;
using ::nscl::testing::Reason;

std::string FileWith(absl::string_view bytes) {
  static int count = 0;
  const std::string path = absl::StrCat(::testing::TempDir(), "/csv_", getpid(), "_", ++count);
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return path;
}

// "1:a|b 3:c": number and cells of each row, or the refusal.
std::string Read(absl::string_view bytes, const Limits& limits = {}) {
  auto reader = OpenCsv(FileWith(bytes), limits);
  if (!reader.ok()) return Reason(reader);
  std::vector<std::string> rows;
  Row row;
  while (true) {
    absl::StatusOr<bool> more = (*reader)->Next(row);
    if (!more.ok()) {
      rows.push_back(Reason(more));
      break;
    }
    if (!*more) break;
    rows.push_back(absl::StrCat(row.number, ":", absl::StrJoin(row.cells, "|")));
  }
  return absl::StrJoin(rows, " ");
}

TEST(CsvReaderTest, WhatIsRead) {
  struct {
    absl::string_view bytes;
    const char* rows;
  } table[] = {
      {"", ""},
      {"a,b\n1,2\n", "1:a|b 2:1|2"},
      {"a,b\r\n1,2", "1:a|b 2:1|2"},
      {"a,b\r1,2\r", "1:a|b 2:1|2"},
      {"\xEF\xBB\xBF"
       "a;b\n1;2,5\n",
       "1:a|b 2:1|2,5"},
      {"a\tb\n1\t2,5;3\n", "1:a|b 2:1|2,5;3"},
      {"sep=;\r\na,x;b\r\n1;2\r\n", "1:a,x|b 2:1|2"},
      {"\"a,x\";b\n1;2\n", "1:a,x|b 2:1|2"},
      {"a,b\n\"1\r\n2\",\"3\"\"4\"\nx,y\n", "1:a|b 2:1\r\n2|3\"4 3:x|y"},
      {"a,b\n\n,\n1,2\n", "1:a|b 4:1|2"},        // empty rows count, and are not given
      {"a,b\n1,2,3\n4\n", "1:a|b 2:1|2|3 3:4"},  // rows of any width
      {"a,\"\"\n", "1:a|"},
      {"a,'=1+1\n''=x,'x\n", "1:a|=1+1 2:'=x|'x"},
      {"Tên;Mã số thuế\nCông ty Đà Nẵng;0100109106\n",
       "1:Tên|Mã số thuế 2:Công ty Đà Nẵng|0100109106"},
  };
  for (const auto& row : table) EXPECT_EQ(Read(row.bytes), row.rows) << row.bytes;
}

TEST(CsvReaderTest, HostileFiles) {
  const Limits small{.max_cell_bytes = 10, .max_row_bytes = 40, .max_columns = 3, .max_rows = 3};
  struct {
    absl::string_view what;
    std::string bytes;
    const char* rows;
  } table[] = {
      {"quote never closed", "a,b\n1,\"2\n3,4\n", "1:a|b CSV_QUOTE"},
      {"text after quote", "a,b\n1,\"2\"3\n", "1:a|b CSV_QUOTE"},
      {"quote within", "a,b\n1,2\"3\n", "1:a|b CSV_QUOTE"},
      {"long cell", "a,b\n1,12345678901\n", "1:a|b SHEET_CELL_SIZE"},
      {"long quoted cell", "a,b\n1,\"12345678901\"\n", "1:a|b SHEET_CELL_SIZE"},
      {"long row", "a\n" + std::string(30, ',') + "\n", "1:a SHEET_COLUMNS"},
      {"columns", "a\n1,2,3,4\n", "1:a SHEET_COLUMNS"},
      {"rows", "a\n1\n2\n3\n", "1:a 2:1 3:2 SHEET_ROWS"},
      {"zeros", std::string("a,b\n1,\0\n", 8), "1:a|b CSV_ENCODING"},
      {"XLSX", "PK\x03\x04 and more", "SHEET_FORMAT"},
      {"XLS", "\xD0\xCF\x11\xE0\xA1\xB1 and more", "SHEET_FORMAT"},
      {"UTF-16",
       std::string("\xFF\xFE"
                   "a\0,\0b\0\n\0",
                   10),
       "CSV_ENCODING"},
      {"Latin", "a,b\nC\xF4ng ty,2\n", "1:a|b CSV_ENCODING"},
  };
  for (const auto& row : table) EXPECT_EQ(Read(row.bytes, small), row.rows) << row.what;
}

TEST(CsvReaderTest, RefusalsNameTheirPlace) {
  auto reader = OpenCsv(FileWith("a,b\nx,y\n1,\"2\"3\n"), {});
  Row row;
  ASSERT_TRUE((*reader)->Next(row).ok());
  ASSERT_TRUE((*reader)->Next(row).ok());
  const absl::Status refused = (*reader)->Next(row).status();
  EXPECT_THAT(refused, MetadataIs("row", "3"));
  EXPECT_THAT(refused, MetadataIs("column", "B"));
}

// Rows that lie across the pieces in which the file is read, at every place.
TEST(CsvReaderTest, PiecesOfTheFileDoNotShow) {
  std::string bytes = "a,b\n";
  const std::string row = "\"x \"\"y\r\n\",12345\r\n";
  while (bytes.size() < (size_t{600} << 10)) bytes += row;
  for (size_t shift = 0; shift < row.size(); ++shift) {
    auto reader = OpenCsv(FileWith(std::string(shift, 'h') + bytes), {});
    Row read;
    ASSERT_TRUE(*(*reader)->Next(read));
    int64_t count = 0;
    while (*(*reader)->Next(read)) {
      ASSERT_EQ(read.cells[0], "x \"y\r\n") << read.number;
      ASSERT_EQ(read.cells[1], "12345") << read.number;
      ++count;
    }
    EXPECT_EQ(count, static_cast<int64_t>((bytes.size() - 4) / row.size()));
  }
}

// A row without end is refused when it passes its limit, not when memory does.
TEST(CsvReaderTest, ARowWithoutEndIsRefusedEarly) {
  EXPECT_EQ(Read(absl::StrCat("a\n\"", std::string(size_t{3} << 20, 'x'))), "1:a SHEET_ROW_SIZE");
  EXPECT_EQ(Read(std::string(size_t{3} << 20, 'x')), "SHEET_ROW_SIZE");
}

TEST(CsvWriterTest, EveryTextComesBackAsItWas) {
  const std::vector<std::string> texts = {"plain",
                                          "Công ty \"ABC\", Đà Nẵng",
                                          "two\r\nlines",
                                          "=cmd|' /C calc'!A0",
                                          "+84 236",
                                          "-1",
                                          "@SUM(A1)",
                                          "'=x",
                                          "''+y",
                                          "'quoted'",
                                          "'",
                                          " blank ",
                                          "\tTab",
                                          "a;b",
                                          "00123",
                                          "x"};
  const std::string path = FileWith("");
  auto writer = MakeCsv(path);
  ASSERT_TRUE(writer.ok());
  std::vector<Cell> cells;
  for (const std::string& text : texts) cells.push_back({text});
  ASSERT_TRUE((*writer)->Add(cells).ok());
  ASSERT_TRUE((*writer)->Add({{"-5", true}, {"x"}}).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  auto reader = OpenCsv(path, {});
  Row row;
  ASSERT_TRUE(*(*reader)->Next(row));
  EXPECT_EQ(row.cells, texts);
  ASSERT_TRUE(*(*reader)->Next(row));
  EXPECT_EQ(row.cells[0], "-5");
}

TEST(CsvWriterTest, NoCellBeginsAsAFormula) {
  for (absl::string_view text : {"=1", "+1", "-1", "@x", "\t=1", "\r=1", "'=1"}) {
    EXPECT_EQ(EscapeFormula(text)[0], '\'') << text;
    EXPECT_EQ(UnescapeFormula(EscapeFormula(text)), text);
  }
  for (absl::string_view text : {"", "a=1", "'", "'a", "1-2"}) {
    EXPECT_EQ(EscapeFormula(text), text);
    EXPECT_EQ(UnescapeFormula(text), text);
  }
}

TEST(CsvWriterTest, OnlyTheOwnerReadsIt) {
  const std::string path = absl::StrCat(::testing::TempDir(), "/csv_mode_", getpid());
  ASSERT_TRUE((*MakeCsv(path))->Finish().ok());
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(CsvWriterTest, AFullDiskIsSaid) {
  auto writer = MakeCsv("/dev/full");
  absl::Status status = writer.status();
  if (writer.ok()) status = (*writer)->Finish();
  EXPECT_EQ(Reason(status), "STORAGE_FULL");
}

TEST(ColumnNameTest, AsSpreadsheetsNameThem) {
  EXPECT_EQ(ColumnName(0), "A");
  EXPECT_EQ(ColumnName(25), "Z");
  EXPECT_EQ(ColumnName(26), "AA");
  EXPECT_EQ(ColumnName(16383), "XFD");
}

}  // namespace
}  // namespace nscl::sheet
