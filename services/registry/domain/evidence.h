// Papers that show what is stated.
#pragma once

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "common/status/error.h"
#include "nscl/registry/v1/evidence.pb.h"

namespace nscl::registry::domain {

// Cleans a paper; adds a violation below `path` for every bad field.
void NormaliseEvidence(status::Violations& violations, absl::string_view path,
                       v1::Evidence* evidence, absl::CivilDay today);

// Adds a violation unless the day, where given, is one and not after today.
void CheckNotAfter(status::Violations& violations, absl::string_view path, bool given,
                   const google::type::Date& date, absl::CivilDay today);

// Adds a violation unless a period, as far as it is given, ends no earlier than it begins.
void CheckPeriod(status::Violations& violations, absl::string_view path,
                 const google::type::Date* from, const google::type::Date* to);

}  // namespace nscl::registry::domain
