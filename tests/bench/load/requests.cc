#include "tests/bench/load/requests.h"

#include <array>
#include <cstdio>

namespace nscl::bench {

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

std::string RequestId(uint64_t run, uint64_t number) {
  char text[40];
  std::snprintf(
      text, sizeof(text), "%08x-%04x-4%03x-8%03x-%012llx", static_cast<unsigned>(run & 0xffffffffu),
      static_cast<unsigned>(run >> 32 & 0xffffu), static_cast<unsigned>(run >> 48 & 0xfffu),
      static_cast<unsigned>(number >> 48 & 0xfffu),
      static_cast<unsigned long long>(number & 0xffffffffffffu));
  return text;
}

registry::v1::Enterprise EnterpriseOf(uint64_t number, bool long_text) {
  registry::v1::Enterprise enterprise;
  enterprise.set_display_name("Công ty TNHH Cơ khí chính xác Đà Nẵng " + std::to_string(number));
  enterprise.set_tax_code(TaxCode(number));
  enterprise.set_legal_kind(registry::v1::Enterprise::LEGAL_KIND_LLC2);
  enterprise.set_operating_status(registry::v1::Enterprise::OPERATING_STATUS_ACTIVE);
  std::string address = "Lô 12, đường số 5, Khu công nghiệp Hòa Khánh, thành phố Đà Nẵng";
  if (long_text) {
    const std::string once = address;
    // At most 500 characters are taken.
    for (int i = 0; i < 6; ++i) address += "; " + once;
    enterprise.set_display_name(enterprise.display_name() + " - " + once + ", " + once);
  }
  enterprise.set_address(address);
  enterprise.mutable_established_on()->set_year(2015);
  enterprise.mutable_established_on()->set_month(3);
  enterprise.mutable_established_on()->set_day(12);
  enterprise.set_vsic_section("C");
  return enterprise;
}

registry::v1::CreateEnterpriseRequest CreateRequest(const std::string& parent, uint64_t run,
                                                    uint64_t number, bool long_text) {
  registry::v1::CreateEnterpriseRequest request;
  request.set_parent(parent);
  *request.mutable_enterprise() = EnterpriseOf(number, long_text);
  request.set_request_id(RequestId(run, number));
  return request;
}

}  // namespace nscl::bench
