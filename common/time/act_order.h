// The order of acts by their legal days: one rule for every service.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

namespace nscl::time {

// An act with its day, as refusals name it.
struct DatedAct {
  std::string act;  // as the APIs spell it: "contractSigned", "payment"
  std::string vi;   // for people: "ký hợp đồng"
  absl::CivilDay day;
};

// `DATE_ORDER` (FAILED_PRECONDITION) where `later` is dated before `earlier`: the same day is in
// order, since papers have no hours. Names both acts and both days.
absl::Status CheckOrder(const DatedAct& earlier, const DatedAct& later);
// `DATE_ORDER` where the act is dated after today, a day of Viet Nam.
absl::Status CheckNotAfterToday(const DatedAct& act, absl::CivilDay today);

}  // namespace nscl::time
