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
  if (before != nullptr) txn.EraseDerived(DocumentKey(*before));
  if (after != nullptr) txn.PutDerived(DocumentKey(*after), "");
}

absl::StatusOr<std::optional<std::string>> FindSameDocument(const store::Reader& reader,
                                                            const v1::Plan& plan) {
  std::optional<std::string> other;
  RETURN_IF_ERROR(reader.Scan(store::KeyRange::Prefix(DocumentPrefix(plan)),
                              [&](absl::string_view key, absl::string_view) {
                                std::string name = PlanOfDocumentKey(plan, key);
                                if (name != plan.name()) other = std::move(name);
                                return !other.has_value();
                              }));
  return other;
}

}  // namespace nscl::budgeting::rows
