// Legal dates that were checked when they came in, and the acts that they are of.
#pragma once

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "common/text/enum_name.h"
#include "common/time/act_order.h"
#include "google/type/date.pb.h"
#include "nscl/budgeting/v1/ledger.pb.h"

namespace nscl::budgeting::domain {

// The day of a date that time::CheckDate let in.
inline absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// An act on the ledger, as refusals about its day name it.
inline time::DatedAct ActOn(v1::LedgerEntry::Kind kind, const google::type::Date& day) {
  return {absl::AsciiStrToLower(text::ShortName(kind)), text::VietnameseName(kind), DayOf(day)};
}

}  // namespace nscl::budgeting::domain
