// Budgeting's answer to an intent.
#pragma once

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::domain {

struct Answer {
  // Name of the reservation or commitment that budgeting made or changed.
  std::string resource;
  // Why it refused; absent where it granted.
  std::optional<v1::Refusal> refusal;

  bool granted() const { return !refusal.has_value(); }
  bool RefusedFor(absl::string_view reason) const {
    return refusal.has_value() && absl::string_view(refusal->reason()) == reason;
  }
  // A release that was refused because the reservation is not ACTIVE, or the commitment not OPEN,
  // any more: nothing is left to release, which is what was wanted.
  bool NothingLeft() const {
    return RefusedFor("RESERVATION_STATE") || RefusedFor("RESERVATION_EXPIRED") ||
           RefusedFor("COMMITMENT_STATE");
  }
};

// The refusal that stands for a hold that ran out (SC-05).
v1::Refusal ReservationExpired(absl::string_view reservation);

}  // namespace nscl::casework::domain
