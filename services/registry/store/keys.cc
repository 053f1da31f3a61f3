#include "services/registry/store/keys.h"

#include "absl/strings/str_cat.h"

namespace nscl::registry::rows {

std::string TaxCodeKey(absl::string_view province, absl::string_view tax_code) {
  const absl::string_view end("\0", 1);
  return absl::StrCat(absl::string_view(&kTaxCodeKind, 1), province, end, tax_code, end);
}

}  // namespace nscl::registry::rows
