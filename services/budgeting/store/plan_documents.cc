#include "services/budgeting/store/plan_documents.h"

#include "common/status/status_macros.h"
#include "common/store/hash.h"
#include "services/budgeting/store/keys.h"

namespace nscl::budgeting::rows {

std::string ContentSha256(v1::Plan imported) {
  imported.clear_name();
  imported.clear_etag();
  return store::Hex(store::Sha256({imported.SerializeAsString()}));
}

void IndexDocument(store::Txn& txn, const v1::Plan* before, const v1::Plan* after) {
  if (before != nullptr) {
    for (const std::string& prefix : DocumentPrefixes(*before)) {
      txn.EraseDerived(DocumentKey(prefix, *before));
    }
  }
  if (after != nullptr) {
    for (const std::string& prefix : DocumentPrefixes(*after)) {
      txn.PutDerived(DocumentKey(prefix, *after), "");
    }
  }
}

absl::StatusOr<std::optional<std::string>> FindSameDocument(const store::Reader& reader,
                                                            const v1::Plan& plan) {
  std::optional<std::string> other;
  for (const std::string& prefix : DocumentPrefixes(plan)) {
    RETURN_IF_ERROR(
        reader.Scan(store::KeyRange::Prefix(prefix), [&](absl::string_view key, absl::string_view) {
          std::string name = PlanOfDocumentKey(plan, prefix, key);
          if (name != plan.name()) other = std::move(name);
          return !other.has_value();
        }));
    if (other.has_value()) return other;
  }
  return other;
}

}  // namespace nscl::budgeting::rows
