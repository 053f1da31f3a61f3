// What a rule decides: the resource as it is to be, the word for it, and what budgeting must be
// asked.
#pragma once

#include <optional>
#include <string>

#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/intent.pb.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::domain {

// All of it is stored in one commit. The store fills owner, revision and request id of the intent.
template <typename M>
struct Change {
  M next;
  std::string verb;  // past participle, the end of the event's type: "approved"
  std::optional<v1::Intent> intent;
};

using CaseChange = Change<v1::SupportCase>;
using ActivityChange = Change<v1::Activity>;

}  // namespace nscl::casework::domain
