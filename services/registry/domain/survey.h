// What a survey must be, and how two of them compare.
#pragma once

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/survey_service.pb.h"

namespace nscl::registry::domain {

// Cleans a survey that is to be stored: INVALID_ARGUMENT with every bad field. `before` is null on
// creation.
absl::Status NormaliseSurvey(v1::Survey& survey, const v1::Survey* before, absl::CivilDay today);

// INVALID_ARGUMENT `SURVEY_BASELINE` unless the other survey is a baseline, and not later.
absl::Status CheckBaseline(const v1::Survey& survey, const v1::Survey& baseline);

// What the list of metrics says of one.
enum class Better { kNotSaid, kMore, kLess };

// Metric by metric, in order of code.
v1::CompareSurveysResponse CompareSurveys(const v1::Survey& baseline, const v1::Survey& after,
                                          const std::map<std::string, Better>& metrics);

}  // namespace nscl::registry::domain
