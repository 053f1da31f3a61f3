// The guards of a payment (domain 4.3), in their order, over facts that casework's feed brought.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "nscl/budgeting/v1/ledger.pb.h"
#include "nscl/budgeting/v1/payment.pb.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/budgeting/domain/ledger.h"

namespace nscl::budgeting::domain {

// Days on which a rule holds, inclusive; without an end it still does.
struct Validity {
  absl::CivilDay from = absl::CivilDay::min();
  absl::CivilDay to = absl::CivilDay::max();
  bool Holds(absl::CivilDay day) const { return from <= day && day <= to; }
};

// A general ceiling of advances (PAY-P5).
struct AdvanceRule {
  std::string scheme;  // "SME"
  Validity valid;
  int64_t contract_above_vnd = 0;       // contracts above it
  int64_t max_advance_thousandths = 0;  // of the state part
  std::string legal_basis;
};

// How far state money may run ahead of the enterprise's own (PAY-P6).
struct RatioRule {
  std::vector<v1::Payment::Kind> kinds;
  Validity valid;
  int64_t tolerance_thousandths = 0;
  std::string legal_basis;
};

// When a budget year takes payments (PAY-P7).
struct YearRule {
  Validity valid;  // budget years whose last day lies in it
  // Last day of the adjustment period, in the year after; after 31/12 only FINAL payments.
  int adjustment_end_month = 0, adjustment_end_day = 0;
  std::string legal_basis;
};

// Dated data: deploy/catalogue/payment_rules.json. A guard whose table has no row for the day is
// not applied.
struct PaymentRules {
  std::vector<AdvanceRule> advances;
  std::vector<RatioRule> ratios;
  std::vector<YearRule> years;
};

// What is known of the case or activity that a commitment is for.
struct PaymentFacts {
  std::string state, state_vi;   // "IN_PROGRESS" and "đang thực hiện", for the refusal
  bool suspended = false;        // payments are stopped
  bool contract_active = false;  // contract signed, or estimate approved, and in force
  bool accepted = false;         // results accepted; an activity was held
  std::optional<absl::CivilDay> accepted_on;
  std::string scheme;  // scheme of the advance rules: "ST_TASK", "SME", "ACTIVITY"
  // Most that the contract lets be paid in advance; absent where there is no contract (an
  // activity).
  std::optional<int64_t> advance_limit_vnd;
  int64_t state_part_vnd = 0;        // of the contract
  int64_t enterprise_part_vnd = 0;   // of the contract; 0: no counterpart is due
  int64_t enterprise_spent_vnd = 0;  // shown with evidence
};

PaymentFacts FactsOf(const nscl::casework::v1::SupportCase& support_case);
PaymentFacts FactsOf(const nscl::casework::v1::Activity& activity);

// A payment that may be made, and the commitment after it.
struct Paid {
  v1::Payment payment;
  v1::Commitment commitment;
  Posting posting;
};

// What was paid out of a commitment before.
struct PaidBefore {
  int64_t advanced_vnd = 0;
  bool final = false;  // the final payment was made
};

// Pays out of a commitment. Refused, FAILED_PRECONDITION in this order: `COMMITMENT_STATE`,
// `CASE_SUSPENDED`, `CONTRACT_NOT_ACTIVE`, `PAYMENT_ORDER` (anything after the final payment, an
// advance after the acceptance), `EXCEEDS_COMMITTED`, `ADVANCE_CEILING`, `COUNTERPART_BEHIND`,
// `YEAR_CLOSED`, `ACCEPTANCE_MISSING`, `DATE_ORDER` before the commitment, a payment before it or,
// for FINAL, the acceptance.
absl::StatusOr<Paid> Pay(v1::Commitment commitment, v1::Payment payment, const PaymentFacts& facts,
                         const PaidBefore& before, const PaymentRules& rules);

}  // namespace nscl::budgeting::domain
