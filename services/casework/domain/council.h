// The council that selects or rejects.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nscl/casework/v1/support_case_service.pb.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

absl::Status Check(const v1::SelectByCouncilRequest& request);
absl::Status Check(const v1::RejectByCouncilRequest& request);

// APPRAISED to SELECTED. G11 as far as it is known: somebody voted for it, no more voted than were
// present, and no more were present than are members. Quorum and share of votes are data of a
// province's process definition.
absl::StatusOr<CaseChange> SelectByCouncil(const v1::SupportCase& current,
                                           const v1::SelectByCouncilRequest& request);
// APPRAISED or SELECTED to REJECTED.
absl::StatusOr<CaseChange> RejectByCouncil(const v1::SupportCase& current,
                                           const v1::RejectByCouncilRequest& request);

}  // namespace nscl::casework::domain
