#include "tests/bench/load/names.h"

#include <array>
#include <cstdio>

namespace nscl::bench {
namespace {

// SplitMix64: the same numbers on every machine.
class Numbers {
 public:
  Numbers(uint64_t seed, uint64_t number) : state_(seed * 0x9E3779B97F4A7C15u ^ number) { Next(); }

  uint64_t Next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
  }
  uint64_t Below(uint64_t limit) { return Next() % limit; }
  bool Percent(uint64_t share) { return Below(100) < share; }

  // One of a list whose first members are the most frequent: squared, so that half of all picks are
  // of the first quarter.
  template <size_t N>
  const char* Pick(const char* const (&list)[N]) {
    const uint64_t a = Below(1 << 16), b = Below(1 << 16);
    return list[(a * b * N) >> 32];
  }

 private:
  uint64_t state_;
};

constexpr const char* kForms[] = {"Công ty TNHH",
                                  "Công ty Cổ phần",
                                  "Công ty TNHH MTV",
                                  "Công ty TNHH Một thành viên",
                                  "Doanh nghiệp tư nhân",
                                  "Hợp tác xã",
                                  "Hộ kinh doanh",
                                  "Chi nhánh Công ty TNHH",
                                  "Công ty Cổ phần Tập đoàn",
                                  "Liên hiệp hợp tác xã",
                                  "Công ty Hợp danh"};

constexpr const char* kActivities[] = {"Thương mại và Dịch vụ",
                                       "Xây dựng",
                                       "Thương mại Dịch vụ",
                                       "Sản xuất và Thương mại",
                                       "Đầu tư và Xây dựng",
                                       "Xuất nhập khẩu",
                                       "Tư vấn và Thiết kế",
                                       "Cơ khí",
                                       "Vận tải",
                                       "Du lịch",
                                       "Thương mại",
                                       "Dịch vụ",
                                       "Công nghệ",
                                       "Nông nghiệp",
                                       "Thực phẩm",
                                       "Giải pháp phần mềm",
                                       "Nội thất",
                                       "Bất động sản",
                                       "Kỹ thuật điện",
                                       "Vật liệu xây dựng",
                                       "Quảng cáo",
                                       "May mặc",
                                       "Chế biến nông sản",
                                       "Bao bì",
                                       "Thủy sản",
                                       "Nhựa",
                                       "Cơ khí chính xác",
                                       "Dược phẩm",
                                       "Môi trường",
                                       "Tin học",
                                       "Viễn thông",
                                       "Cao su",
                                       "Gỗ",
                                       "Thiết bị y tế",
                                       "Điện lạnh",
                                       "In ấn",
                                       "Giáo dục",
                                       "Nhà hàng khách sạn",
                                       "Ô tô",
                                       "Năng lượng",
                                       "Khoáng sản",
                                       "Hóa chất",
                                       "Dệt",
                                       "Giày da",
                                       "Gốm sứ",
                                       "Thủ công mỹ nghệ",
                                       "Mía đường",
                                       "Cà phê",
                                       "Hồ tiêu",
                                       "Chăn nuôi",
                                       "Thức ăn chăn nuôi",
                                       "Phân bón",
                                       "Giống cây trồng",
                                       "Tự động hóa",
                                       "Khuôn mẫu",
                                       "Đóng tàu",
                                       "Logistics",
                                       "Kho bãi",
                                       "Kiểm định",
                                       "Đo lường",
                                       "Truyền thông",
                                       "Sự kiện",
                                       "Bảo vệ",
                                       "Vệ sinh công nghiệp",
                                       "Nước sạch",
                                       "Chiếu sáng",
                                       "Thép",
                                       "Nhôm kính",
                                       "Sơn",
                                       "Gạch men",
                                       "Xi măng",
                                       "Đá ốp lát"};

// Syllables that names are made of.
constexpr const char* kSyllables[] = {
    "Phát",   "An",     "Minh",   "Thành", "Đại",    "Phú",    "Hưng",  "Thịnh",  "Tân",    "Việt",
    "Nam",    "Hoàng",  "Long",   "Gia",   "Bình",   "Đức",    "Anh",   "Hải",    "Sơn",    "Tiến",
    "Đạt",    "Lộc",    "Kim",    "Ngọc",  "Thiên",  "Trường", "Phúc",  "Quang",  "Thái",   "Hòa",
    "Vĩnh",   "Trung",  "Nhật",   "Đông",  "Á",      "Châu",   "Toàn",  "Hà",     "Bảo",    "Khang",
    "Linh",   "Nguyên", "Hùng",   "Cường", "Mai",    "Lan",    "Hồng",  "Thanh",  "Tâm",    "Trí",
    "Nghĩa",  "Hiệp",   "Hợp",    "Lợi",   "Mỹ",     "Quốc",   "Vạn",   "Xuân",   "Thu",    "Dương",
    "Phương", "Tây",    "Bắc",    "Đất",   "Xanh",   "Sao",    "Mới",   "Vàng",   "Biển",   "Rồng",
    "Kỳ",     "Cát",    "Tường",  "Hạnh",  "Duy",    "Khánh",  "Lâm",   "Nhân",   "Ân",     "Điền",
    "Uy",     "Vũ",     "Yến",    "Ý",     "Tài",    "Giang",  "Hậu",   "Huy",    "Kiên",   "Liên",
    "Lương",  "Mạnh",   "Nga",    "Nghi",  "Nhung",  "Oanh",   "Phong", "Phước",  "Quân",   "Quý",
    "Quyết",  "Sáng",   "Sinh",   "Tấn",   "Thắng",  "Thảo",   "Thế",   "Thọ",    "Thông",  "Thủy",
    "Thuận",  "Tín",    "Trang",  "Triệu", "Trọng",  "Tú",     "Tuấn",  "Tùng",   "Tuyết",  "Vân",
    "Vinh",   "Vương",  "Ánh",    "Bách",  "Bằng",   "Bích",   "Cẩm",   "Chí",    "Chiến",  "Công",
    "Cúc",    "Danh",   "Diễm",   "Diệp",  "Diệu",   "Dũng",   "Duyên", "Đào",    "Đăng",   "Điệp",
    "Đình",   "Định",   "Đoàn",   "Đô",    "Đồng",   "Hân",    "Hảo",   "Hiền",   "Hiển",   "Hiếu",
    "Hoa",    "Hoài",   "Hoan",   "Huân",  "Huệ",    "Huyền",  "Hương", "Hữu",    "Khải",   "Khiêm",
    "Khoa",   "Khôi",   "Khương", "Kiều",  "Lam",    "Lệ",     "Liễu",  "Luân",   "Luận",   "Luyến",
    "Ly",     "Mẫn",    "Miên",   "Mộc",   "Mộng",   "Ngà",    "Ngân",  "Nghiêm", "Nguyệt", "Nhã",
    "Nhi",    "Nhiên",  "Như",    "Ninh",  "Nương",  "Phi",    "Phụng", "Phượng", "Quế",    "Quyên",
    "Quỳnh",  "San",    "Sang",   "Sương", "Thạch",  "Thăng",  "Thắm",  "Thi",    "Thiện",  "Thiều",
    "Thoa",   "Thơ",    "Thục",   "Thư",   "Thương", "Thụy",   "Thúy",  "Tịnh",   "Toản",   "Trà",
    "Trâm",   "Trân",   "Trinh",  "Trúc",  "Trực",   "Tuệ",    "Tuyền", "Tuyến",  "Tươi",   "Tỵ",
    "Uyên",   "Vi",     "Viên",   "Vĩ",    "Vượng",  "Xuyến",  "Yên",   "Đỉnh",   "Gấm",    "Khuê",
    "Ngoan",  "Nhàn",   "Thoại",  "Thuần", "Tiệp",   "Toán",   "Tráng", "Trịnh",  "Truyền", "Vịnh"};

constexpr const char* kPlaces[] = {
    "Đà Nẵng",    "Sài Gòn",     "Hà Nội",     "Miền Trung",    "Việt Nam",     "Hòa Khánh",
    "Quảng Nam",  "Bình Dương",  "Đồng Nai",   "Hội An",        "Nghệ An",      "Thanh Hóa",
    "Hải Phòng",  "Cần Thơ",     "Tây Nguyên", "Buôn Ma Thuột", "Khánh Hòa",    "Nha Trang",
    "Quảng Ngãi", "Dung Quất",   "Huế",        "Quảng Trị",     "Đông Hà",      "Quy Nhơn",
    "Phú Yên",    "Lâm Đồng",    "Đà Lạt",     "Vũng Tàu",      "Long An",      "Tiền Giang",
    "Bến Tre",    "Vĩnh Long",   "An Giang",   "Kiên Giang",    "Cà Mau",       "Bắc Ninh",
    "Hải Dương",  "Hưng Yên",    "Thái Bình",  "Nam Định",      "Ninh Bình",    "Vĩnh Phúc",
    "Phú Thọ",    "Thái Nguyên", "Lạng Sơn",   "Quảng Ninh",    "Hạ Long",      "Lào Cai",
    "Sơn La",     "Điện Biên",   "Hà Giang",   "Cao Bằng",      "Bắc Kạn",      "Tuyên Quang",
    "Yên Bái",    "Hà Tĩnh",     "Liên Chiểu", "Cẩm Lệ",        "Ngũ Hành Sơn", "Sơn Trà",
    "Núi Thành",  "Điện Bàn",    "Chu Lai",    "Tam Kỳ"};

constexpr const char* kForeign[] = {"Vina",    "Tech",   "Group",     "Green",   "Star",
                                    "Pro",     "Home",   "Food",      "Solar",   "Global",
                                    "Pacific", "Smart",  "Eco",       "Asia",    "Farm",
                                    "Steel",   "Mekong", "Indochina", "Sunrise", "Logis"};

std::string OwnName(Numbers& numbers) {
  std::string name;
  if (numbers.Percent(12)) {
    // An abbreviation.
    for (uint64_t n = 2 + numbers.Below(3); n > 0; --n) {
      name.push_back(static_cast<char>('A' + numbers.Below(26)));
    }
    return name;
  }
  for (uint64_t n = numbers.Percent(70) ? 2 : 1 + numbers.Below(3); n > 0; --n) {
    if (!name.empty()) name += ' ';
    name += numbers.Pick(kSyllables);
  }
  if (numbers.Percent(8)) name += std::string(" ") + numbers.Pick(kForeign);
  if (numbers.Percent(4))
    name += " " + std::to_string(1 + numbers.Below(numbers.Percent(80) ? 30 : 999));
  return name;
}

}  // namespace

std::string EnterpriseName(uint64_t seed, uint64_t number) {
  Numbers numbers(seed, number);
  std::string name = numbers.Pick(kForms);
  if (numbers.Percent(78)) name += std::string(" ") + numbers.Pick(kActivities);
  if (numbers.Percent(12)) name += std::string(" và ") + numbers.Pick(kActivities);
  name += " " + OwnName(numbers);
  if (numbers.Percent(18)) name += std::string(" ") + numbers.Pick(kPlaces);
  return name;
}

std::string TaxCode(uint64_t number) {
  // Thông tư 105/2020/TT-BTC Điều 5: the tenth digit checks the nine before it.
  static constexpr std::array<int, 9> kWeights = {31, 29, 23, 19, 17, 13, 7, 5, 3};
  // Every second number is far enough from the next that passing over one never makes two codes
  // equal.
  for (uint64_t candidate = number * 2 % 1'000'000'000;; ++candidate) {
    char digits[16];
    std::snprintf(digits, sizeof(digits), "%09u", static_cast<unsigned>(candidate % 1'000'000'000));
    int sum = 0;
    for (size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
    const int check = 10 - sum % 11;
    if (check < 10) return std::string(digits) + static_cast<char>('0' + check);
  }
}

}  // namespace nscl::bench
