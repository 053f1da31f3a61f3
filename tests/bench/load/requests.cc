#include "tests/bench/load/requests.h"

#include <cstdio>

namespace nscl::bench {

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
