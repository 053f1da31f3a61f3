#include "services/registry/domain/cluster.h"

#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/references.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxName = 300;
constexpr size_t kMaxProduct = 200;
constexpr int kMaxProducts = 100;

}  // namespace

absl::Status NormaliseCluster(v1::Cluster& cluster, const v1::Cluster* /*before*/,
                              absl::CivilDay today) {
  status::Violations violations;
  text::CleanField(violations, "cluster.display_name", cluster.mutable_display_name(),
                   {.min_chars = 1, .max_chars = kMaxName});
  violations.Check(
      v1::Cluster::Kind_IsValid(cluster.kind()) && cluster.kind() != v1::Cluster::KIND_UNSPECIFIED,
      "cluster.kind", "ENUM_VALUE", "must be a known kind",
      "phải là cụm liên kết ngành hoặc chuỗi giá trị");
  CheckReference(violations, "cluster.lead", cluster.lead(),
                 {"provinces/{province}/enterprises/{enterprise}",
                  "provinces/{province}/organisations/{organisation}"});
  violations.Check(cluster.key_products_size() <= kMaxProducts, "cluster.key_products", "TOO_MANY",
                   absl::StrCat("at most ", kMaxProducts),
                   absl::StrCat("nhiều nhất ", kMaxProducts));
  std::set<std::string> products;
  for (int i = 0; i < cluster.key_products_size() && i < kMaxProducts; ++i) {
    const std::string path = absl::StrCat("cluster.key_products[", i, "]");
    if (!text::CleanField(violations, path, cluster.mutable_key_products(i),
                          {.min_chars = 1, .max_chars = kMaxProduct})) {
      continue;
    }
    violations.Check(products.insert(cluster.key_products(i)).second, path, "PRODUCT_TWICE",
                     "stands twice", "bị trùng");
  }
  CheckPeriod(violations, "cluster.valid_to",
              cluster.has_valid_from() ? &cluster.valid_from() : nullptr,
              cluster.has_valid_to() ? &cluster.valid_to() : nullptr);
  if (cluster.has_evidence()) {
    NormaliseEvidence(violations, "cluster.evidence", cluster.mutable_evidence(), today);
  }
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
