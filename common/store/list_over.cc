#include "common/store/list_over.h"

namespace nscl::store::internal {

std::string EndOfProvinceKey(char kind, absl::string_view province) {
  return absl::StrCat(absl::string_view(&kind, 1), province, absl::string_view("\0\xff", 2));
}

absl::string_view ProvinceOfKey(char kind, absl::string_view key) {
  if (key.empty() || key[0] != kind) return "";
  key.remove_prefix(1);
  return key.substr(0, key.find('\0'));
}

}  // namespace nscl::store::internal
