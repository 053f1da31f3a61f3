// The twelve invented enterprises of the demonstration. Their tax codes have right check digits and
// serial numbers far above those in use; any likeness to a registered taxpayer is chance.
#pragma once

#include <cstdint>
#include <string>

#include "nscl/registry/v1/enterprise.pb.h"

namespace nscl::tools {

struct DemoEnterprise {
  std::string province, id, tax_code, display_name;
  registry::v1::Enterprise::LegalKind legal_kind;
  std::string vsic_section;
  int profile_year;          // the year whose figures are given
  int64_t employees_tenths;  // tenths of a person
  int64_t revenue_vnd;       // -1: not given
  int64_t capital_vnd;       // -1: not given
};

inline const DemoEnterprise kEnterprises[] = {
    {"48", "dn-co-khi", "0499900107", "Công ty TNHH Cơ khí Minh Họa Sông Hàn",
     registry::v1::Enterprise::LEGAL_KIND_LLC2, "C", 2022, 620, 48'000'000'000, 21'000'000'000},
    {"48", "dn-may-mac", "0499900202", "Công ty Cổ phần May Minh Họa Hòa Thọ Tây",
     registry::v1::Enterprise::LEGAL_KIND_JSC, "C", 2022, 1850, 190'000'000'000, 95'000'000'000},
    {"48", "dn-thuy-san", "0499900308", "Công ty Cổ phần Thủy sản Minh Họa Thọ Quang",
     registry::v1::Enterprise::LEGAL_KIND_JSC, "A", 2022, 980, 47'500'000'000, 33'000'000'000},
    {"48", "dn-phan-mem", "0499900403", "Công ty TNHH MTV Phần mềm Minh Họa Ngũ Hành",
     registry::v1::Enterprise::LEGAL_KIND_LLC1, "J", 2022, 85, 6'200'000'000, 2'100'000'000},
    {"48", "dn-duoc-lieu", "0499900509", "Hợp tác xã Dược liệu Minh Họa Hòa Vang",
     registry::v1::Enterprise::LEGAL_KIND_COOPERATIVE, "A", 2022, 95, 2'400'000'000, -1},
    {"48", "dn-khach-san", "0499900604", "Công ty Cổ phần Khách sạn Minh Họa Mỹ Khê",
     registry::v1::Enterprise::LEGAL_KIND_JSC, "I", 2022, 1400, 310'000'000'000, 260'000'000'000},
    {"48", "dn-vat-lieu", "0499900805", "Doanh nghiệp tư nhân Vật liệu Minh Họa Liên Chiểu",
     registry::v1::Enterprise::LEGAL_KIND_PRIVATE, "G", 2022, 240, 22'000'000'000, 9'000'000'000},
    {"48", "dn-sinh-hoc", "0499900900", "Công ty TNHH Khoa học Công nghệ Minh Họa Sinh học Đà Nẵng",
     registry::v1::Enterprise::LEGAL_KIND_SCIENCE_ENTERPRISE, "M", 2022, 320, 14'000'000'000,
     8'500'000'000},
    {"58", "nt-nho-sach", "4599900108", "Hợp tác xã Nho sạch Minh Họa Ninh Phước",
     registry::v1::Enterprise::LEGAL_KIND_COOPERATIVE, "A", 2023, 88, 2'900'000'000, 1'500'000'000},
    {"58", "nt-muoi", "4599900203", "Công ty TNHH Muối Minh Họa Cà Ná",
     registry::v1::Enterprise::LEGAL_KIND_LLC2, "B", 2023, 2600, 210'000'000'000, 160'000'000'000},
    {"58", "nt-gom", "4599900309", "Liên hiệp Hợp tác xã Gốm Minh Họa Bàu Trúc",
     registry::v1::Enterprise::LEGAL_KIND_COOP_UNION, "C", 2023, 450, 12'000'000'000,
     6'000'000'000},
    {"58", "nt-hai-san", "4599900404",
     "Công ty TNHH Hải sản Minh Họa Đông Hải (vốn đầu tư nước ngoài)",
     registry::v1::Enterprise::LEGAL_KIND_FDI, "C", 2023, 1500, 120'000'000'000, 80'000'000'000},
};

}  // namespace nscl::tools
