// Which plan has the same paper: the same document must not be planned twice under two ids.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/store/store.h"
#include "nscl/budgeting/v1/plan.pb.h"

namespace nscl::budgeting::rows {

// SHA-256 of what is imported, in hexadecimal, for Plan.content_sha256.
std::string ContentSha256(v1::Plan imported);

// Keeps the index of plans by paper; for PlanTable.
void IndexDocument(store::Txn& txn, const v1::Plan* before, const v1::Plan* after);

// Name of another plan of the province with the same paper: the same content, or the same number,
// issuer and date. The first by id; nullopt where there is none.
absl::StatusOr<std::optional<std::string>> FindSameDocument(const store::Reader& reader,
                                                            const v1::Plan& plan);

}  // namespace nscl::budgeting::rows
