#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zip.h>

#include <fstream>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/sheet/xlsx_reader.h"
#include "common/sheet/xlsx_values.h"
#include "common/sheet/xlsx_writer.h"
#include "common/testing/status_matchers.h"

namespace nscl::sheet {
namespace {

using ::nscl::testing::Reason;
using ::testing::ElementsAre;

std::string NewPath() {
  static int count = 0;
  return absl::StrCat(::testing::TempDir(), "/xlsx_", getpid(), "_", ++count);
}

using Parts = std::map<std::string, std::string>;

// A workbook by hand: what other programs write, and what nobody should.
std::string Archive(const Parts& parts) {
  const std::string path = NewPath();
  zipFile zip = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  for (const auto& [name, bytes] : parts) {
    zip_fileinfo info = {};
    zipOpenNewFileInZip64(zip, name.c_str(), &info, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED,
                          Z_BEST_SPEED, 1);
    zipWriteInFileInZip(zip, bytes.data(), static_cast<unsigned>(bytes.size()));
    zipCloseFileInZip(zip);
  }
  zipClose(zip, nullptr);
  return path;
}

Parts Workbook(absl::string_view sheet_data, absl::string_view after = "") {
  return {
      {"xl/workbook.xml",
       "<workbook xmlns:r=\"r\"><sheets><sheet name=\"Một\" sheetId=\"1\" r:id=\"rId7\"/>"
       "<sheet name=\"Hai\" sheetId=\"2\" r:id=\"rId8\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId8\" Target=\"worksheets/sheet2.xml\"/>"
       "<Relationship Id=\"rId7\" Target=\"worksheets/sheet1.xml\"/></Relationships>"},
      {"xl/styles.xml",
       "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"0000000000\"/>"
       "<numFmt numFmtId=\"165\" formatCode=\"[$-42A]dd/mm/yyyy;@\"/></numFmts>"
       "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
       "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
       "<xf numFmtId=\"165\"/></cellXfs></styleSheet>"},
      {"xl/sharedStrings.xml",
       "<sst><si><t>Tên</t></si><si><r><t>Công </t></r><r><t>ty</t></r><rPh><t>x</t></rPh></si>"
       "</sst>"},
      {"xl/worksheets/sheet1.xml",
       absl::StrCat("<worksheet><sheetData>", sheet_data, "</sheetData>", after, "</worksheet>")},
  };
}

std::string ReadRows(const std::string& path, const Limits& limits = {},
                     std::vector<std::string>* merged = nullptr) {
  auto reader = OpenXlsx(path, limits);
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
  if (merged != nullptr) *merged = (*reader)->merged_ranges();
  return absl::StrJoin(rows, " ");
}

TEST(XlsxReaderTest, WhatIsRead) {
  struct {
    const char* sheet;
    const char* rows;
  } table[] = {
      {"", ""},
      {"<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>",
       "1:Tên|Công ty"},
      {"<row r=\"3\"><c r=\"C3\"><v>5</v></c></row>", "3:||5"},
      {"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", "1:1|2 2:3"},
      {"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>0100</t></is></c></row>", "1:0100"},
      {"<row r=\"1\"><c r=\"A1\" s=\"2\"><v>100109106</v></c></row>", "1:0100109106"},
      {"<row r=\"1\"><c r=\"A1\"><v>5.8001234580000004E9</v></c></row>", "1:5800123458"},
      {"<row r=\"1\"><c r=\"A1\"><v>10.300000000000001</v></c></row>", "1:10.3"},
      {"<row r=\"1\"><c r=\"A1\" s=\"1\"><v>45292</v></c></row>", "1:2024-01-01"},
      {"<row r=\"1\"><c r=\"A1\" s=\"3\"><v>45292.5</v></c></row>", "1:2024-01-01 12:00:00"},
      {"<row r=\"1\"><c r=\"A1\" t=\"b\"><v>1</v></c></row>", "1:TRUE"},
      {"<row r=\"1\"><c r=\"A1\" t=\"e\"><v>#REF!</v></c></row>", "1:#REF!"},
      {"<row r=\"1\"><c r=\"A1\" t=\"str\"><f>A2</f><v>kept</v></c></row>", "1:kept"},
      {"<row r=\"1\"><c r=\"A1\"><f>A2</f></c></row>", ""},
      {"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>a_x000D_b_x005F_x</t></is></c></row>",
       "1:a\rb_x"},
      {"<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&lt;&amp;</t></is></c></row>", "1:<&"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(ReadRows(Archive(Workbook(row.sheet))), row.rows) << row.sheet;
  }
}

TEST(XlsxReaderTest, MergedCellsAreReported) {
  std::vector<std::string> merged;
  ReadRows(Archive(Workbook("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>",
                            "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>")),
           {}, &merged);
  EXPECT_THAT(merged, ElementsAre("A1:B2"));
}

TEST(XlsxReaderTest, HostileWorkbooks) {
  const Limits small{.max_cell_bytes = 100,
                     .max_row_bytes = 150,
                     .max_columns = 3,
                     .max_rows = 10,
                     .max_inflated_bytes = 4000,
                     .max_ratio = 20,
                     .ratio_from_bytes = 2500,
                     .max_parts = 8,
                     .max_sheets = 2,
                     .max_shared_strings = 3,
                     .max_shared_bytes = 200,
                     .max_formats = 4,
                     .max_merged_ranges = 1};
  const auto with = [](const std::string& part, const std::string& bytes) {
    Parts parts = Workbook("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>");
    parts[part] = bytes;
    return parts;
  };
  const auto without = [](const std::string& part) {
    Parts parts = Workbook("");
    parts.erase(part);
    return parts;
  };
  const auto sheet = [](const std::string& rows, const std::string& after = "") {
    return Workbook(rows, after);
  };
  const std::string entities =
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
      "\"&a;&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
  Parts many = Workbook("");
  for (int i = 0; i < 9; ++i) many[absl::StrCat("x", i)] = "x";
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  const std::string text99(99, 't');
  struct {
    const char* what;
    Parts parts;
    const char* rows;
  } table[] = {
      {"bomb by ratio", sheet(std::string(3500, ' ')), "XLSX_RATIO"},
      {"bomb by size",
       with("xl/sharedStrings.xml", "<sst><!--" + std::string(5000, ' ') + "--></sst>"),
       "XLSX_RATIO"},
      {"document type", with("xl/sharedStrings.xml", entities), "XLSX_DOCTYPE"},
      {"external entity",
       with("xl/sharedStrings.xml",
            "<!DOCTYPE x [<!ENTITY e SYSTEM "
            "\"file:///etc/passwd\">]><sst><si><t>&e;</t></si></sst>"),
       "XLSX_DOCTYPE"},
      {"parts", many, "XLSX_COUNT"},
      {"sheets",
       with("xl/workbook.xml",
            "<workbook><sheets><sheet id=\"1\"/><sheet id=\"2\"/><sheet "
            "id=\"3\"/></sheets></workbook>"),
       "XLSX_COUNT"},
      {"shared strings", with("xl/sharedStrings.xml", "<sst><si/><si/><si/><si/></sst>"),
       "XLSX_COUNT"},
      {"shared bytes",
       with("xl/sharedStrings.xml", absl::StrCat("<sst><si><t>", text99, "</t></si><si><t>", text99,
                                                 "</t></si><si><t>", text99, "</t></si></sst>")),
       "XLSX_SIZE"},
      {"formats", with("xl/styles.xml", "<s><cellXfs><xf/><xf/><xf/><xf/><xf/></cellXfs></s>"),
       "XLSX_COUNT"},
      {"long cell",
       sheet("<row r=\"1\"><c t=\"str\"><v>" + std::string(101, 'x') + "</v></c></row>"),
       "SHEET_CELL_SIZE"},
      {"long row",
       sheet(absl::StrCat("<row><c t=\"str\"><v>", text99, "</v></c><c t=\"str\"><v>", text99,
                          "</v></c></row>")),
       "SHEET_ROW_SIZE"},
      {"columns", sheet("<row r=\"1\"><c r=\"D1\"><v>1</v></c></row>"), "SHEET_COLUMNS"},
      {"far column", sheet("<row r=\"1\"><c r=\"ZZZZZZ1\"><v>1</v></c></row>"), "XLSX_DAMAGED"},
      {"rows", sheet("<row r=\"11\"><c r=\"A11\"><v>1</v></c></row>"), "SHEET_ROWS"},
      {"rows backwards",
       sheet("<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"4\"><c "
             "r=\"A4\"><v>1</v></c></row>"),
       "XLSX_DAMAGED"},
      {"row of far away", sheet("<row r=\"99999999999999999999\"/>"), "XLSX_DAMAGED"},
      {"cell of another row", sheet("<row r=\"1\"><c r=\"A2\"><v>1</v></c></row>"), "XLSX_DAMAGED"},
      {"text that is not there", sheet("<row r=\"1\"><c t=\"s\"><v>9</v></c></row>"),
       "XLSX_DAMAGED"},
      {"text of a negative number", sheet("<row r=\"1\"><c t=\"s\"><v>-1</v></c></row>"),
       "XLSX_DAMAGED"},
      {"merged ranges", sheet("", "<mergeCell ref=\"A1:B1\"/><mergeCell ref=\"A2:B2\"/>"),
       "XLSX_COUNT"},
      {"not XML", with("xl/workbook.xml", "not XML"), "XLSX_DAMAGED"},
      {"XML cut short", with("xl/worksheets/sheet1.xml", "<worksheet><sheetData>"), "XLSX_DAMAGED"},
      {"deep XML", with("xl/worksheets/sheet1.xml", deep), "XLSX_DAMAGED"},
      {"no workbook", without("xl/workbook.xml"), "XLSX_DAMAGED"},
      {"no relationships", without("xl/_rels/workbook.xml.rels"), "XLSX_DAMAGED"},
      {"no sheet", without("xl/worksheets/sheet1.xml"), "XLSX_DAMAGED"},
      {"sheet elsewhere",
       with("xl/_rels/workbook.xml.rels",
            "<R><Relationship Id=\"rId7\" TargetMode=\"External\" Target=\"http://x/\"/></R>"),
       "XLSX_DAMAGED"},
      {"path out of the archive",
       with("xl/_rels/workbook.xml.rels",
            "<R><Relationship Id=\"rId7\" Target=\"../../etc/passwd\"/></R>"),
       "XLSX_DAMAGED"},
      {"bytes that are no text",
       with("xl/worksheets/sheet1.xml", "<w><row><c t=\"str\"><v>\xF4</v></c></row></w>"),
       "XLSX_DAMAGED"},
  };
  for (const auto& row : table)
    EXPECT_EQ(ReadRows(Archive(row.parts), small), row.rows) << row.what;
}

TEST(XlsxReaderTest, SizeIsBoundedOverAllParts) {
  Limits limits;
  limits.max_inflated_bytes = 3000;
  limits.max_ratio = 1000000;
  EXPECT_EQ(ReadRows(Archive(Workbook(std::string(3000, ' '))), limits), "XLSX_SIZE");
}

// A bomb of the real size: a gigabyte of blanks in a megabyte.
TEST(XlsxReaderTest, ABombIsRefusedEarly) {
  EXPECT_EQ(ReadRows(Archive(Workbook(std::string(size_t{64} << 20, ' ')))), "XLSX_RATIO");
}

TEST(XlsxReaderTest, FilesThatAreNoWorkbooks) {
  const auto file = [](absl::string_view bytes) {
    const std::string path = NewPath();
    std::ofstream(path, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path;
  };
  EXPECT_EQ(ReadRows(file("Tên,Mã số thuế\n")), "SHEET_FORMAT");
  EXPECT_EQ(ReadRows(file("")), "SHEET_FORMAT");
  EXPECT_EQ(ReadRows(file("\xD0\xCF\x11\xE0 xls")), "SHEET_FORMAT");
  EXPECT_EQ(ReadRows(file("PK\x03\x04 cut short")), "XLSX_DAMAGED");
}

// Every byte of an archive changed, one at a time: an answer or a refusal, never a crash.
TEST(XlsxReaderTest, DamageIsRefused) {
  const std::string good = Archive(Workbook("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>"));
  std::ifstream in(good, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string path = NewPath();
  for (size_t i = 0; i < bytes.size(); i += 3) {
    std::string bad = bytes;
    bad[i] = static_cast<char>(bad[i] ^ 0x55);
    std::ofstream(path, std::ios::binary)
        .write(bad.data(), static_cast<std::streamsize>(bad.size()));
    const std::string read = ReadRows(path);
    EXPECT_TRUE(read == "1:Tên" || read.find("XLSX") != std::string::npos ||
                read.find("SHEET") != std::string::npos || read.empty())
        << i << ": " << read;
  }
}

TEST(XlsxWriterTest, EveryTextComesBackAsItWas) {
  const std::string path = NewPath();
  auto writer = MakeXlsx(path, "Doanh nghiệp");
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE((*writer)->Add({{"Tên"}, {"Vốn"}, {""}}).ok());
  ASSERT_TRUE((*writer)->Add({{"=cmd|'x'!A0"}, {"900719925474099", true}, {"'=x"}}).ok());
  ASSERT_TRUE((*writer)->Add({{"0100109106"}, {"9007199254740991", true}, {"a\r\nb_x000D_"}}).ok());
  ASSERT_TRUE((*writer)->Finish().ok());
  EXPECT_EQ(ReadRows(path),
            "1:Tên|Vốn 2:=cmd|'x'!A0|900719925474099|'=x "
            "3:0100109106|9007199254740991|a\r\nb_x000D_");
  struct stat info;
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST(NumberTextTest, ByFormat) {
  struct {
    const char* value;
    NumberFormat format;
    bool from_1904;
    const char* text;
  } table[] = {
      {"1", {}, false, "1"},
      {"1", BuiltInFormat(14), false, "1900-01-01"},
      {"61", BuiltInFormat(14), false, "1900-03-01"},
      {"45292", BuiltInFormat(14), true, "2028-01-02"},
      {"0", BuiltInFormat(14), false, "0"},
      {"0.5", BuiltInFormat(20), false, "0.5"},
      {"9e99", BuiltInFormat(14), false, "9e99"},
      {"1e2", {}, false, "100"},
      {"abc", {}, false, "abc"},
      {"45292", FormatOfCode("dd/mm/yyyy"), false, "2024-01-01"},
      {"45292", FormatOfCode("\"dm\"0.0"), false, "45292"},
      {"45292", FormatOfCode("[Red]#,##0"), false, "45292"},
      {"45292", FormatOfCode("General"), false, "45292"},
      {"7", FormatOfCode("00000"), false, "00007"},
      {"1234567", FormatOfCode("00000"), false, "1234567"},
  };
  for (const auto& row : table) {
    EXPECT_EQ(NumberText(row.value, row.format, row.from_1904), row.text) << row.value;
  }
}

}  // namespace
}  // namespace nscl::sheet
