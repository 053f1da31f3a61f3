#include "services/registry/domain/product.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/text/clean.h"
#include "services/registry/domain/evidence.h"
#include "services/registry/domain/gs1.h"

namespace nscl::registry::domain {
namespace {

constexpr size_t kMaxName = 300;
constexpr size_t kMaxMark = 100;
constexpr size_t kMaxStandard = 100;
constexpr size_t kMinHsDigits = 4;
constexpr size_t kMaxHsDigits = 8;

void CheckGtinField(status::Violations& violations, v1::Product& product) {
  if (product.gtin().empty()) return;
  const Gs1Fault fault = CheckGtin(product.gtin());
  violations.Check(fault == Gs1Fault::kNone, "product.gtin", "GTIN",
                   absl::StrCat(NameOf(fault), ": ", EnglishOf(fault)),
                   absl::StrCat(NameOf(fault), ": ", VietnameseOf(fault)));
}

void CheckHsCode(status::Violations& violations, const v1::Product& product) {
  const std::string& code = product.hs_code();
  if (code.empty()) return;
  violations.Check(code.size() >= kMinHsDigits && code.size() <= kMaxHsDigits &&
                       std::all_of(code.begin(), code.end(), absl::ascii_isdigit),
                   "product.hs_code", "HS_CODE", "must be 4 to 8 digits",
                   "phải gồm 4 đến 8 chữ số");
}

}  // namespace

absl::Status NormaliseProduct(v1::Product& product, const v1::Product* /*before*/,
                              absl::CivilDay today) {
  status::Violations violations;
  text::CleanField(violations, "product.display_name", product.mutable_display_name(),
                   {.min_chars = 1, .max_chars = kMaxName});
  CheckGtinField(violations, product);
  CheckHsCode(violations, product);
  text::CleanField(violations, "product.registered_mark", product.mutable_registered_mark(),
                   {.max_chars = kMaxMark});
  text::CleanField(violations, "product.standard_code", product.mutable_standard_code(),
                   {.max_chars = kMaxStandard});
  CheckNotAfter(violations, "product.on_market_since", product.has_on_market_since(),
                product.on_market_since(), today);
  if (product.has_evidence()) {
    NormaliseEvidence(violations, "product.evidence", product.mutable_evidence(), today);
  }
  product.set_gtin_vietnamese(IsVietnameseGtin(product.gtin()));
  return violations.ToStatus();
}

}  // namespace nscl::registry::domain
