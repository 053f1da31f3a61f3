#include "services/registry/store/operations.h"

#include "common/resource/name.h"
#include "common/status/status_macros.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {

bool IsUnderWay(const v1::Operation& operation) {
  return operation.state() == v1::Operation::STATE_RECEIVING ||
         operation.state() == v1::Operation::STATE_RUNNING;
}

void IndexOperation(store::Txn& txn, const v1::Operation* before, const v1::Operation* after) {
  const v1::Operation& any = after == nullptr ? *before : *after;
  const bool was = before != nullptr && IsUnderWay(*before);
  const bool is = after != nullptr && IsUnderWay(*after);
  if (was == is) return;
  const std::string key =
      OperationUnderWayKey(resource::ProvinceOf(any.name()), resource::LastIdOf(any.name()));
  if (is) {
    txn.PutDerived(key, "");
  } else {
    txn.EraseDerived(key);
  }
}

absl::StatusOr<int> CountUnderWay(const store::Reader& reader, absl::string_view province) {
  int count = 0;
  RETURN_IF_ERROR(reader.Scan(store::KeyRange::Prefix(OperationsUnderWayPrefix(province)),
                              [&](absl::string_view, absl::string_view) {
                                ++count;
                                return true;
                              }));
  return count;
}

}  // namespace nscl::registry::rows
