#include "services/registry/store/keys.h"

#include "absl/strings/str_cat.h"

namespace nscl::registry::rows {

std::string EndOfProvinceKey(absl::string_view province) {
  return absl::StrCat(absl::string_view(&kEnterpriseKind, 1), province,
                      absl::string_view("\0\xff", 2));
}

absl::string_view ProvinceOfEnterpriseKey(absl::string_view key) {
  if (key.empty() || key[0] != kEnterpriseKind) return "";
  key.remove_prefix(1);
  return key.substr(0, key.find('\0'));
}

std::string TaxCodeKey(absl::string_view province, absl::string_view tax_code) {
  const absl::string_view end("\0", 1);
  return absl::StrCat(absl::string_view(&kTaxCodeKind, 1), province, end, tax_code, end);
}

}  // namespace nscl::registry::rows
