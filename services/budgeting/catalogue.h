// The dated law and code lists that budgeting reads at start (deploy/catalogue).
#pragma once

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/budgeting/domain/funding_sources.h"
#include "services/budgeting/domain/payment.h"

namespace nscl::budgeting {

// funding_sources.json. INVALID_ARGUMENT or NOT_FOUND `CATALOGUE` with file, row and field.
absl::StatusOr<domain::FundingSources> LoadFundingSources(absl::string_view dir);

// payment_rules.json; refused likewise. A row without a figure (its text is not at hand) makes no
// rule.
absl::StatusOr<domain::PaymentRules> LoadPaymentRules(absl::string_view dir);

}  // namespace nscl::budgeting
