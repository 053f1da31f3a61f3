// Every refusal of casework, once: code, stable reason, metadata and both languages. Reasons in the
// order in which a method gives them stand in the comments of the protos.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::errors {

// `CASE_STATE`: the act is not possible in the state that the case is in. `act` is the arrow's
// name, "approve".
absl::Status CaseNotInState(const v1::SupportCase& current, absl::string_view act);
// `ACTIVITY_STATE`: likewise for an activity.
absl::Status ActivityNotInState(const v1::Activity& current, absl::string_view act);
// `ACTS_FULL`: the record of acts has no room for another that may repeat.
absl::Status ActsFull(absl::string_view name, int limit);

// Facts from registry and budgeting.
absl::Status EnterpriseUnknown(absl::string_view enterprise);
// `operating_status` as the APIs spell it, `vietnamese` as people do.
absl::Status EnterpriseNotActive(absl::string_view enterprise, absl::string_view operating_status,
                                 absl::string_view vietnamese);
absl::Status SizeUnknown(absl::string_view enterprise, int year);
// `SCHEME_NOT_FOR_SIZE`: the scheme SME for a large enterprise.
absl::Status SchemeNotForSize(const v1::SupportCase& current, absl::string_view size);
absl::Status PlanLineUnknown(absl::string_view plan_line);
absl::Status PlanNotIssued(absl::string_view plan_line, absl::string_view state,
                           absl::string_view vietnamese);
absl::Status YearNotOfPlan(absl::string_view plan_line, int year, int first_year, int last_year);
// UNAVAILABLE `PEER_UNAVAILABLE`: a fact could not be asked for; nothing was decided.
absl::Status PeerUnavailable(absl::string_view peer, const absl::Status& cause);

// Rules of support cases.
absl::Status OpenCaseExists(absl::string_view enterprise, absl::string_view content,
                            absl::string_view open_case);
absl::Status PartsDoNotAddUp(int64_t total_vnd, int64_t parts_vnd);
absl::Status CouncilVote(int members, int present, int votes_for);
absl::Status ApprovedAmountOutOfRange(int64_t approved_vnd, int64_t asked_vnd);
absl::Status ContractParts(int64_t contract_vnd, int64_t approved_vnd);
absl::Status AdvanceLimit(int64_t limit_vnd, int64_t state_part_vnd);
absl::Status SpendingDecreased(int64_t given_vnd, int64_t recorded_vnd);

// Rules of activities.
absl::Status AttendanceExists(absl::string_view list_number);
absl::Status AttendanceFull(int would_be, int limit);
absl::Status NoAttendance(absl::string_view activity);
absl::Status NothingPaid(absl::string_view activity, int64_t paid_vnd);

}  // namespace nscl::casework::errors
