// Who owes a report of a plan, by when, and whether it came in time. Pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "nscl/budgeting/v1/plan.pb.h"
#include "nscl/reporting/v1/obligation.pb.h"
#include "nscl/reporting/v1/obligation_service.pb.h"
#include "services/reporting/domain/catalogue.h"

namespace nscl::reporting::domain {

// The obligations of an issued plan: one for each of its units and its focal body and each of its
// years, in order of year and of the plan. Ids are made of the plan's id, the year and the
// organisation's number in the plan, so that the same plan gives the same names. Where the plan
// names no day, the default rule's day stands, marked and with whose day it is.
std::vector<v1::Obligation> ObligationsOf(const budgeting::v1::Plan& plan,
                                          const std::vector<ObligationRule>& rules);

// OPEN to FILED or FILED_LATE; the document number is kept in NFC. Refused: INVALID_ARGUMENT with
// `TEXT_LENGTH` or `INVALID_TEXT` (document number), `DATE` (a day that does not exist),
// `DATE_IN_FUTURE` (one after `today`); FAILED_PRECONDITION `OBLIGATION_STATE`.
absl::StatusOr<v1::Obligation> FileObligation(v1::Obligation current,
                                              const v1::FileObligationRequest& request,
                                              absl::CivilDay today);

// Not filed, and the last day is over.
bool IsOverdue(const v1::Obligation& obligation, absl::CivilDay today);

}  // namespace nscl::reporting::domain
