// What budgeting's feed means for a case or an activity: payments, and holds that ran out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/casework/domain/change.h"

namespace nscl::casework::domain {

// A payment as its event tells it.
struct PaymentFacts {
  int64_t amount_vnd = 0;
  bool final = false;  // a FINAL payment
  bool last = false;   // the commitment is paid in full with it
  google::type::Date paid_on;
};

// Adds the payment; an ACCEPTED case becomes PAID with a FINAL payment, though it be below the
// contract, and where the commitment is paid in full.
CaseChange PaymentMade(const v1::SupportCase& current, const PaymentFacts& payment);
ActivityChange PaymentMade(const v1::Activity& current, const PaymentFacts& payment);

// ACCEPTED to PAID where everything was paid before the acceptance; nullopt else.
std::optional<CaseChange> PaidBeforeAcceptance(const v1::SupportCase& current);

// A hold that expired (SC-05): APPROVED goes back to APPRAISED, never silently. While a commitment
// or a release of it is on its way, the case only forgets it; the answer, which can but be a
// refusal, then finds no hold to return to. nullopt where the case does not hold it (any more).
std::optional<CaseChange> HoldExpired(const v1::SupportCase& current,
                                      const std::string& reservation);
std::optional<ActivityChange> HoldExpired(const v1::Activity& current,
                                          const std::string& reservation);

}  // namespace nscl::casework::domain
