// Rows of imports and exports, with the index of those that are under way.
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "nscl/registry/v1/operation.pb.h"

namespace nscl::registry::rows {

// Being received or at work.
bool IsUnderWay(const v1::Operation& operation);

void IndexOperation(store::Txn& txn, const v1::Operation* before, const v1::Operation* after);

// How many of a province are under way.
absl::StatusOr<int> CountUnderWay(const store::Reader& reader, absl::string_view province);

}  // namespace nscl::registry::rows
