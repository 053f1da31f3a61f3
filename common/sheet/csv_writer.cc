#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sheet/csv.h"
#include "common/sheet/file.h"
#include "common/status/status_macros.h"

namespace nscl::sheet {
namespace {

constexpr char kByteOrderMark[] = "\xEF\xBB\xBF";
constexpr char kRowEnd[] = "\r\n";

// Whether a spreadsheet takes the text, its leading apostrophes put aside, for a formula (OWASP,
// "CSV Injection").
bool LooksLikeFormula(absl::string_view text) {
  const size_t first = text.find_first_not_of('\'');
  return first != absl::string_view::npos &&
         absl::string_view("=+-@\t\r\n").find(text[first]) != absl::string_view::npos;
}

bool NeedsQuotes(absl::string_view text) {
  if (text.empty()) return false;
  return text.find_first_of(",;\t\"\r\n") != absl::string_view::npos || text.front() == ' ' ||
         text.back() == ' ';
}

void AppendCell(absl::string_view text, std::string* line) {
  if (!NeedsQuotes(text)) {
    absl::StrAppend(line, text);
    return;
  }
  line->push_back('"');
  for (char c : text) {
    if (c == '"') line->push_back('"');
    line->push_back(c);
  }
  line->push_back('"');
}

class CsvWriter final : public Writer {
 public:
  explicit CsvWriter(File file) : file_(std::move(file)) {}

  absl::Status Add(const std::vector<Cell>& cells) override { return Write(CsvLine(cells)); }
  absl::Status Finish() override {
    if (std::fclose(file_.release()) != 0) return WriteFailed(errno);
    return absl::OkStatus();
  }
  absl::Status Write(absl::string_view bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
      return WriteFailed(errno);
    }
    return absl::OkStatus();
  }

 private:
  File file_;
};

}  // namespace

std::string EscapeFormula(absl::string_view text) {
  return LooksLikeFormula(text) ? absl::StrCat("'", text) : std::string(text);
}

absl::string_view UnescapeFormula(absl::string_view text) {
  return !text.empty() && text[0] == '\'' && LooksLikeFormula(text) ? text.substr(1) : text;
}

std::string CsvLine(const std::vector<Cell>& cells) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line.push_back(',');
    AppendCell(cells[i].number ? cells[i].text : EscapeFormula(cells[i].text), &line);
  }
  return line.append(kRowEnd);
}

absl::StatusOr<std::unique_ptr<Writer>> MakeCsv(const std::string& path) {
  ASSIGN_OR_RETURN(File file, OpenToWrite(path));
  auto writer = std::make_unique<CsvWriter>(std::move(file));
  RETURN_IF_ERROR(writer->Write(kByteOrderMark));
  return writer;
}

}  // namespace nscl::sheet
