#include "services/registry/rpc/siblings.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::registry {

absl::Status CheckProduct(const Parts& parts, const store::Reader& reader, absl::string_view path,
                          absl::string_view product, absl::string_view before) {
  if (product.empty() || product == before) return absl::OkStatus();
  ASSIGN_OR_RETURN(bool exists, parts.tables.products.Exists(reader, product));
  status::Violations violations;
  violations.Check(exists, path, "PRODUCT_UNKNOWN", absl::StrCat("no product ", product),
                   absl::StrCat("không có sản phẩm ", product));
  return violations.ToStatus();
}

}  // namespace nscl::registry
