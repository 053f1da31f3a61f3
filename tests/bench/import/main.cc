// Files of enterprises for the benchmark of imports: the CSV that the registry takes, and the same
// rows as PostgreSQL's COPY takes them. The same numbers always give the same rows.
//
//   bench_import_file --rows=1000000 --csv=FILE --copy=FILE
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/text/search_key.h"
#include "tests/bench/load/names.h"

ABSL_FLAG(int64_t, rows, 1'000'000, "enterprises");
ABSL_FLAG(uint64_t, seed, 1, "of the names");
ABSL_FLAG(bool, figures, false, "with the figures of a year in the CSV");
ABSL_FLAG(std::string, csv, "", "file for the registry");
ABSL_FLAG(std::string, copy, "", "file for COPY; none where empty");

namespace nscl::bench {
namespace {

constexpr const char* kLegalKinds[] = {"Công ty TNHH một thành viên", "Công ty cổ phần",
                                       "Công ty TNHH hai thành viên trở lên", "Hợp tác xã"};
constexpr int kLegalKindNumbers[] = {1, 3, 2, 8};
constexpr char kSections[] = "ACFGHIMN";
constexpr const char* kStreets[] = {"Nguyễn Văn Linh", "Điện Biên Phủ", "Trần Hưng Đạo",
                                    "Lê Lợi",          "Hùng Vương",    "Phạm Văn Đồng"};

// The next valid tax code after a serial of nine digits (Thông tư 105/2020/TT-BTC Điều 5).
std::string NextTaxCode(int64_t& serial) {
  constexpr int kWeights[] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  while (true) {
    const std::string nine = absl::StrFormat("%09d", ++serial);
    int sum = 0;
    for (size_t i = 0; i < nine.size(); ++i) sum += kWeights[i] * (nine[i] - '0');
    if (sum % 11 != 0 && nine.substr(2) != "0000000") return absl::StrCat(nine, 10 - sum % 11);
  }
}

int Run() {
  std::ofstream csv(absl::GetFlag(FLAGS_csv), std::ios::binary);
  const bool figures = absl::GetFlag(FLAGS_figures);
  csv << "\xEF\xBB\xBF"
      << "Mã số thuế,Tên doanh nghiệp,Loại hình,Tình trạng hoạt động,Địa chỉ,Ngày thành lập,"
         "Ngành cấp 1"
      << (figures ? ",Năm số liệu,Lao động bình quân,Doanh thu,Tổng nguồn vốn,Số tháng hoạt động"
                  : "")
      << "\r\n";
  const bool with_copy = !absl::GetFlag(FLAGS_copy).empty();
  std::ofstream copy;
  if (with_copy) copy.open(absl::GetFlag(FLAGS_copy), std::ios::binary);
  int64_t serial = 10'000'000;
  for (int64_t i = 0; i < absl::GetFlag(FLAGS_rows); ++i) {
    const auto number = static_cast<uint64_t>(i);
    const std::string code = NextTaxCode(serial);
    const std::string name = EnterpriseName(absl::GetFlag(FLAGS_seed), number);
    const std::string address = absl::StrCat("Số ", 1 + number * 7919 % 999, " đường ",
                                             kStreets[number % std::size(kStreets)], ", Đà Nẵng");
    const size_t kind = number % std::size(kLegalKinds);
    const char section = kSections[number % (sizeof(kSections) - 1)];
    const int year = 1995 + static_cast<int>(number % 28);
    const int month = 1 + static_cast<int>(number % 12);
    const int day = 1 + static_cast<int>(number % 28);
    csv << code << ",\"" << name << "\"," << kLegalKinds[kind] << ",Đang hoạt động,\"" << address
        << "\"," << absl::StrFormat("%02d/%02d/%d", day, month, year) << "," << section;
    if (figures)
      csv << ",2024," << 1 + number % 300 << "," << 1'000'000 * (number % 90'000) << ",,12";
    csv << "\r\n";
    if (!with_copy) continue;
    copy << absl::StrFormat(
        "provinces/48/enterprises/01%024x\t48\t%s\t%s\t%s\t%d\t1\t%s\t%d-%02d-%02d\t%c\t\"%x\"\n",
        number * 0x9E3779B97F4A7C15u, code, name, text::Fold(name), kLegalKindNumbers[kind],
        address, year, month, day, section, number);
  }
  csv.close();
  if (with_copy) copy.close();
  if (!csv || (with_copy && !copy)) {
    std::cerr << "cannot write the files\n";
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace nscl::bench

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  return nscl::bench::Run();
}
