#include "common/sheet/xlsx_reader.h"

#include <algorithm>
#include <deque>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/json/field_text.h"
#include "common/sheet/errors.h"
#include "common/sheet/xlsx_package.h"
#include "common/sheet/xlsx_values.h"
#include "common/status/status_macros.h"

namespace nscl::sheet {
namespace {

constexpr char kWorkbook[] = "xl/workbook.xml";
constexpr char kRelationships[] = "xl/_rels/workbook.xml.rels";
constexpr char kStyles[] = "xl/styles.xml";
constexpr char kSharedStrings[] = "xl/sharedStrings.xml";

int IntOf(const char* text, int otherwise) {
  int value = 0;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

// The first sheet's relationship, and how dates count.
class WorkbookHandler final : public XmlHandler {
 public:
  explicit WorkbookHandler(const Limits& limits) : limits_(limits) {}
  void Start(absl::string_view element, const char** attributes) override {
    if (element == "workbookPr") {
      const char* from_1904 = Attribute(attributes, "date1904");
      dates_from_1904 = from_1904 != nullptr && (absl::string_view(from_1904) == "1" ||
                                                 absl::string_view(from_1904) == "true");
    }
    if (element != "sheet") return;
    if (++sheets_ > limits_.max_sheets) {
      fault_ = errors::XlsxTooMany("sheets", static_cast<int64_t>(limits_.max_sheets));
      return;
    }
    // "r:id"; "sheetId" is another attribute.
    const char* id = Attribute(attributes, "id");
    if (relationship.empty() && id != nullptr) relationship = id;
  }
  void End(absl::string_view /*element*/) override {}

  std::string relationship;
  bool dates_from_1904 = false;

 private:
  const Limits& limits_;
  size_t sheets_ = 0;
};

class RelationshipHandler final : public XmlHandler {
 public:
  explicit RelationshipHandler(absl::string_view wanted) : wanted_(wanted) {}
  void Start(absl::string_view element, const char** attributes) override {
    if (element != "Relationship") return;
    const char* id = Attribute(attributes, "Id");
    const char* to = Attribute(attributes, "Target");
    const char* mode = Attribute(attributes, "TargetMode");
    if (id == nullptr || to == nullptr || id != wanted_) return;
    if (mode != nullptr && absl::string_view(mode) == "External") {
      fault_ = errors::XlsxDamaged(kRelationships, "the sheet is outside the workbook");
      return;
    }
    target = to;
  }
  void End(absl::string_view /*element*/) override {}

  std::string target;

 private:
  const absl::string_view wanted_;
};

// Cell formats, by the index that cells name.
class StylesHandler final : public XmlHandler {
 public:
  explicit StylesHandler(const Limits& limits) : limits_(limits) {}
  void Start(absl::string_view element, const char** attributes) override {
    if (element == "cellXfs") in_formats_ = true;
    if (element == "numFmt") {
      const char* code = Attribute(attributes, "formatCode");
      if (code != nullptr) own_[IntOf(Attribute(attributes, "numFmtId"), 0)] = FormatOfCode(code);
    }
    if (element == "xf" && in_formats_) {
      const int id = IntOf(Attribute(attributes, "numFmtId"), 0);
      const auto own = own_.find(id);
      formats.push_back(own == own_.end() ? BuiltInFormat(id) : own->second);
    }
    if (formats.size() > limits_.max_formats || own_.size() > limits_.max_formats) {
      fault_ = errors::XlsxTooMany("formats", static_cast<int64_t>(limits_.max_formats));
    }
  }
  void End(absl::string_view element) override {
    if (element == "cellXfs") in_formats_ = false;
  }

  std::vector<NumberFormat> formats;

 private:
  const Limits& limits_;
  std::map<int, NumberFormat> own_;
  bool in_formats_ = false;
};

// The texts that cells share, one after another in one string.
class SharedStrings final : public XmlHandler {
 public:
  explicit SharedStrings(const Limits& limits) : limits_(limits) {}
  void Start(absl::string_view element, const char** /*attributes*/) override {
    if (element == "si") text_.clear();
    if (element == "rPh") ++phonetic_;  // how to pronounce it: not part of the text
    in_text_ = element == "t" && phonetic_ == 0;
  }
  void End(absl::string_view element) override {
    in_text_ = false;
    if (element == "rPh") --phonetic_;
    if (element != "si") return;
    if (ends_.size() == limits_.max_shared_strings) {
      fault_ = errors::XlsxTooMany("texts", static_cast<int64_t>(limits_.max_shared_strings));
      return;
    }
    texts_.append(Unescape(text_));
    ends_.push_back(texts_.size());
  }
  void Text(absl::string_view text) override {
    if (!in_text_) return;
    absl::StrAppend(&text_, text);
    if (text_.size() > limits_.max_cell_bytes) {
      fault_ = errors::XlsxTooLarge(kSharedStrings, static_cast<int64_t>(limits_.max_cell_bytes));
    } else if (texts_.size() + text_.size() > limits_.max_shared_bytes) {
      fault_ = errors::XlsxTooLarge(kSharedStrings, static_cast<int64_t>(limits_.max_shared_bytes));
    }
  }

  size_t size() const { return ends_.size(); }
  absl::string_view Get(size_t index) const {
    const size_t begin = index == 0 ? 0 : ends_[index - 1];
    return absl::string_view(texts_).substr(begin, ends_[index] - begin);
  }

 private:
  const Limits& limits_;
  std::string text_;
  std::string texts_;
  std::vector<size_t> ends_;
  int phonetic_ = 0;
  bool in_text_ = false;
};

// "BC12": column 54, row 12. False where it is not a place.
bool ReadPlace(absl::string_view place, size_t* column, int64_t* row) {
  size_t letters = 0;
  size_t number = 0;
  for (; letters < place.size() && absl::ascii_isupper(place[letters]) && letters < 4; ++letters) {
    number = number * 26 + static_cast<size_t>(place[letters] - 'A' + 1);
  }
  if (letters == 0 || !absl::SimpleAtoi(place.substr(letters), row) || *row < 1) return false;
  *column = number - 1;
  return true;
}

// Collects the rows of a sheet.
class SheetHandler final : public XmlHandler {
 public:
  SheetHandler(const Limits& limits, const SharedStrings& strings,
               const std::vector<NumberFormat>& formats, bool dates_from_1904, std::string part)
      : limits_(limits),
        strings_(strings),
        formats_(formats),
        dates_from_1904_(dates_from_1904),
        part_(std::move(part)) {}

  void Start(absl::string_view element, const char** attributes) override {
    if (element == "c") return StartCell(attributes);
    if (element == "v" || element == "t") {
      in_value_ = phonetic_ == 0;
    } else if (element == "rPh") {
      ++phonetic_;
    } else if (element == "row") {
      StartRow(attributes);
    } else if (element == "mergeCell") {
      AddMerged(Attribute(attributes, "ref"));
    }
  }
  void End(absl::string_view element) override {
    if (element == "v" || element == "t") in_value_ = false;
    if (element == "rPh") --phonetic_;
    if (element == "c") EndCell();
    if (element == "row") EndRow();
  }
  void Text(absl::string_view text) override {
    if (!in_value_) return;
    absl::StrAppend(&value_, text);
    if (value_.size() > limits_.max_cell_bytes) {
      fault_ = errors::CellTooLong(row_.number, column_, limits_.max_cell_bytes);
    }
  }

  std::deque<Row> rows;
  std::vector<std::string> merged;

 private:
  void StartRow(const char** attributes) {
    const char* given = Attribute(attributes, "r");
    int64_t number = row_.number + 1;
    if (given != nullptr &&
        (!absl::SimpleAtoi(given, &number) || number <= row_.number || number > kMaxXlsxRows)) {
      fault_ = errors::XlsxDamaged(
          part_, absl::StrCat("row ", row_.number, " is followed by row ", Shown(given)));
      return;
    }
    if (number > limits_.max_rows) fault_ = errors::TooManyRows(limits_.max_rows);
    row_.number = number;
    row_.cells.clear();
    row_bytes_ = 0;
    next_column_ = 0;
  }
  void EndRow() {
    if (std::any_of(row_.cells.begin(), row_.cells.end(),
                    [](const std::string& cell) { return !cell.empty(); })) {
      rows.push_back(row_);
    }
  }
  void StartCell(const char** attributes) {
    value_.clear();
    const char* type = Attribute(attributes, "t");
    type_ = type == nullptr ? 'n' : KindOf(type);
    style_ = IntOf(Attribute(attributes, "s"), 0);
    column_ = next_column_;
    const char* place = Attribute(attributes, "r");
    int64_t row = row_.number;
    if (place != nullptr && (!ReadPlace(place, &column_, &row) || row != row_.number)) {
      fault_ = errors::XlsxDamaged(part_,
                                   absl::StrCat("a cell ", Shown(place), " in row ", row_.number));
      return;
    }
    next_column_ = column_ + 1;
  }
  void EndCell() {
    std::string text = CellText();
    if (text.empty() || !fault_.ok()) return;
    size_t bad = 0;
    if (!json::IsCleanUtf8(text, &bad)) {
      fault_ = errors::XlsxDamaged(part_, absl::StrCat("text of row ", row_.number));
      return;
    }
    if (column_ >= limits_.max_columns) {
      fault_ = errors::TooManyColumns(row_.number, limits_.max_columns);
      return;
    }
    row_bytes_ += text.size();
    if (row_bytes_ > limits_.max_row_bytes) {
      fault_ = errors::RowTooLong(row_.number, limits_.max_row_bytes);
      return;
    }
    if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
    row_.cells[column_] = std::move(text);
  }
  std::string CellText() {
    switch (type_) {
      case 's': {
        size_t index = 0;
        if (value_.empty()) return "";
        if (!absl::SimpleAtoi(value_, &index) || index >= strings_.size()) {
          fault_ = errors::XlsxDamaged(
              part_, absl::StrCat("row ", row_.number, " names a text that is not there"));
          return "";
        }
        return std::string(strings_.Get(index));
      }
      case 'i':
        return Unescape(value_);
      case 'b':
        return value_ == "1" ? "TRUE" : value_ == "0" ? "FALSE" : value_;
      case 'n': {
        if (value_.empty()) return "";
        const size_t style = static_cast<size_t>(std::max(style_, 0));
        const NumberFormat format = style < formats_.size() ? formats_[style] : NumberFormat();
        return NumberText(value_, format, dates_from_1904_);
      }
      default:  // a formula's text, a date in ISO 8601, an error
        return type_ == 'd' ? value_.substr(0, value_.find("T00:00:00")) : Unescape(value_);
    }
  }
  // ST_CellType by one letter: s, i(nlineStr), b, n, d, f(ormula's str), e.
  static char KindOf(absl::string_view type) { return type == "str" ? 'f' : type[0]; }

  void AddMerged(const char* range) {
    if (range == nullptr) return;
    if (merged.size() == limits_.max_merged_ranges) {
      fault_ = errors::XlsxTooMany("merged ranges", static_cast<int64_t>(merged.size()));
      return;
    }
    merged.push_back(Shown(range));
  }
  // A value of the file in a message.
  static std::string Shown(const char* text) {
    constexpr size_t kMost = 32;
    return std::string(absl::string_view(text).substr(0, kMost));
  }

  const Limits& limits_;
  const SharedStrings& strings_;
  const std::vector<NumberFormat>& formats_;
  const bool dates_from_1904_;
  const std::string part_;
  Row row_;
  size_t row_bytes_ = 0;
  size_t next_column_ = 0;
  std::string value_;
  char type_ = 'n';
  int style_ = 0;
  size_t column_ = 0;
  int phonetic_ = 0;
  bool in_value_ = false;
};

class XlsxReader final : public Reader {
 public:
  XlsxReader(std::unique_ptr<XlsxPackage> package, const Limits& limits)
      : limits_(limits), package_(std::move(package)), strings_(limits_) {}

  absl::Status Begin() {
    WorkbookHandler workbook(limits_);
    RETURN_IF_ERROR(ParsePart(*package_, kWorkbook, workbook));
    if (workbook.relationship.empty()) return errors::XlsxDamaged(kWorkbook, "it has no sheet");
    RelationshipHandler relationships(workbook.relationship);
    RETURN_IF_ERROR(ParsePart(*package_, kRelationships, relationships));
    if (relationships.target.empty()) {
      return errors::XlsxDamaged(kRelationships, "the first sheet is not there");
    }
    if (package_->Has(kStyles)) {
      StylesHandler styles(limits_);
      RETURN_IF_ERROR(ParsePart(*package_, kStyles, styles));
      formats_ = std::move(styles.formats);
    }
    if (package_->Has(kSharedStrings)) {
      RETURN_IF_ERROR(ParsePart(*package_, kSharedStrings, strings_));
    }
    const std::string part = absl::StartsWith(relationships.target, "/")
                                 ? relationships.target.substr(1)
                                 : absl::StrCat("xl/", relationships.target);
    RETURN_IF_ERROR(package_->OpenPart(part));
    sheet_ =
        std::make_unique<SheetHandler>(limits_, strings_, formats_, workbook.dates_from_1904, part);
    stream_ = std::make_unique<XmlStream>(*package_, *sheet_);
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Next(Row& row) override {
    while (sheet_->rows.empty()) {
      if (at_end_) return false;
      ASSIGN_OR_RETURN(bool more, stream_->Step());
      at_end_ = !more;
    }
    row = std::move(sheet_->rows.front());
    sheet_->rows.pop_front();
    return true;
  }
  const std::vector<std::string>& merged_ranges() const override { return sheet_->merged; }

 private:
  const Limits limits_;
  std::unique_ptr<XlsxPackage> package_;
  SharedStrings strings_;
  std::vector<NumberFormat> formats_;
  std::unique_ptr<SheetHandler> sheet_;
  std::unique_ptr<XmlStream> stream_;
  bool at_end_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Reader>> OpenXlsx(const std::string& path, const Limits& limits) {
  ASSIGN_OR_RETURN(std::unique_ptr<XlsxPackage> package, XlsxPackage::Open(path, limits));
  auto reader = std::make_unique<XlsxReader>(std::move(package), limits);
  RETURN_IF_ERROR(reader->Begin());
  return reader;
}

}  // namespace nscl::sheet
