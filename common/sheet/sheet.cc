#include "common/sheet/sheet.h"

#include "common/sheet/csv.h"
#include "common/sheet/xlsx_reader.h"
#include "common/sheet/xlsx_writer.h"

namespace nscl::sheet {

std::string ColumnName(size_t column) {
  constexpr size_t kLetters = 26;
  std::string name;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / kLetters) {
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % kLetters));
  }
  return name;
}

absl::StatusOr<std::unique_ptr<Reader>> OpenReader(Format format, const std::string& path,
                                                   const Limits& limits) {
  return format == Format::kCsv ? OpenCsv(path, limits) : OpenXlsx(path, limits);
}

absl::StatusOr<std::unique_ptr<Writer>> MakeWriter(Format format, const std::string& path,
                                                   const std::string& sheet_name) {
  return format == Format::kCsv ? MakeCsv(path) : MakeXlsx(path, sheet_name);
}

}  // namespace nscl::sheet
