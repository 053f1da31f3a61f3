// What the acts of cases and activities share: the state gate, moving on, what they ask of
// budgeting, and the record of acts.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/type/date.pb.h"
#include "nscl/casework/v1/activity.pb.h"
#include "nscl/casework/v1/support_case.pb.h"
#include "services/casework/domain/change.h"

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

// The resource in `state`, its approval undone by budgeting's refusal.
v1::SupportCase WithoutApproval(v1::SupportCase current, v1::SupportCase::State state,
                                const v1::Refusal& refusal);
v1::Activity WithoutApproval(v1::Activity current, v1::Activity::State state,
                             const v1::Refusal& refusal);

// Back where the approval came from.
template <typename M>
Change<M> BackWithRefusal(const M& current, const v1::Intent& intent, const v1::Refusal& refusal) {
  const auto state = static_cast<decltype(current.state())>(intent.return_state());
  return Change<M>{WithoutApproval(current, state, refusal), "approvalRefused", std::nullopt};
}

// Holds money for what was approved.
template <typename M>
v1::Intent ReserveFor(const M& current, int64_t amount_vnd, const v1::Decision& decision) {
  v1::Intent reserve;
  reserve.set_step(v1::Intent::STEP_RESERVE);
  reserve.set_return_state(current.state());
  reserve.set_plan_line(current.plan_line());
  reserve.set_budget_year(current.budget_year());
  reserve.set_funding_source(current.funding_source());
  reserve.set_amount_vnd(amount_vnd);
  *reserve.mutable_acted_on() = decision.decided_on();
  return reserve;
}

// Gives back what is bound and unpaid.
template <typename M>
v1::Intent ReleaseOfRest(const M& current, const google::type::Date& acted_on,
                         absl::string_view reason) {
  v1::Intent release;
  release.set_step(v1::Intent::STEP_RELEASE_COMMITMENT);
  release.set_return_state(current.state());
  release.set_subject(current.commitment());
  release.set_reason(std::string(reason));
  *release.mutable_acted_on() = acted_on;
  return release;
}

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

// Marks the latest act of that kind as undone: budgeting refused what it asked for.
template <typename M>
void UndoAct(M& resource, absl::string_view act) {
  for (int i = resource.acts_size(); i-- > 0;) {
    if (resource.acts(i).act() == act) return resource.mutable_acts(i)->set_undone(true);
  }
}

}  // namespace nscl::casework::domain
