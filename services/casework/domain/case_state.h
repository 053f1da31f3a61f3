// What the acts of a case share: the state gate, moving on, and the record of acts.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"

namespace nscl::casework::domain {

// Acts kept on a case or an activity.
inline constexpr int kMaxActs = 200;

// OK in one of the states; else `CASE_STATE`. `act` is the arrow's name, for the refusal.
absl::Status RequireState(const v1::SupportCase& current, absl::string_view act,
                          std::initializer_list<v1::SupportCase::State> allowed);
absl::Status RequireState(const v1::Activity& current, absl::string_view act,
                          std::initializer_list<v1::Activity::State> allowed);

// `ACTS_FULL` where an act that may repeat would be one too many.
absl::Status RequireRoomForAct(const v1::SupportCase& current);
absl::Status RequireRoomForAct(const v1::Activity& current);

// The case in another state. A refusal of budgeting's stays only until the next step.
v1::SupportCase MovedTo(v1::SupportCase current, v1::SupportCase::State state);
v1::Activity MovedTo(v1::Activity current, v1::Activity::State state);

// Whether the case stands in the way of another with the same enterprise and content (SC G2): from
// the application until it is closed, rejected or withdrawn.
bool IsOpen(const v1::SupportCase& support_case);

// Adds to the record of acts.
template <typename M>
v1::Act& Record(M& resource, absl::string_view act, const google::type::Date& acted_on) {
  v1::Act& row = *resource.add_acts();
  row.set_act(std::string(act));
  *row.mutable_acted_on() = acted_on;
  return row;
}

}  // namespace nscl::casework::domain
