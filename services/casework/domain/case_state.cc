#include "services/casework/domain/case_state.h"

#include <algorithm>
#include <utility>

#include "services/casework/errors.h"

namespace nscl::casework::domain {

absl::Status RequireState(const v1::SupportCase& current, absl::string_view act,
                          std::initializer_list<v1::SupportCase::State> allowed) {
  if (std::find(allowed.begin(), allowed.end(), current.state()) != allowed.end()) {
    return absl::OkStatus();
  }
  return errors::CaseNotInState(current, act);
}

absl::Status RequireState(const v1::Activity& current, absl::string_view act,
                          std::initializer_list<v1::Activity::State> allowed) {
  if (std::find(allowed.begin(), allowed.end(), current.state()) != allowed.end()) {
    return absl::OkStatus();
  }
  return errors::ActivityNotInState(current, act);
}

absl::Status RequireRoomForAct(const v1::SupportCase& current) {
  return current.acts_size() < kMaxActs ? absl::OkStatus()
                                        : errors::ActsFull(current.name(), kMaxActs);
}

absl::Status RequireRoomForAct(const v1::Activity& current) {
  return current.acts_size() < kMaxActs ? absl::OkStatus()
                                        : errors::ActsFull(current.name(), kMaxActs);
}

v1::SupportCase MovedTo(v1::SupportCase current, v1::SupportCase::State state) {
  current.set_state(state);
  current.clear_last_refusal();
  return current;
}

v1::Activity MovedTo(v1::Activity current, v1::Activity::State state) {
  current.set_state(state);
  current.clear_last_refusal();
  return current;
}

v1::SupportCase WithoutApproval(v1::SupportCase current, v1::SupportCase::State state,
                                const v1::Refusal& refusal) {
  v1::SupportCase next = MovedTo(std::move(current), state);
  next.clear_reservation();
  next.clear_approval();
  next.clear_approved_vnd();
  next.clear_frozen_size();
  next.clear_frozen_size_rule();
  UndoAct(next, "approvalDecided");
  *next.mutable_last_refusal() = refusal;
  return next;
}

v1::Activity WithoutApproval(v1::Activity current, v1::Activity::State state,
                             const v1::Refusal& refusal) {
  v1::Activity next = MovedTo(std::move(current), state);
  next.clear_reservation();
  next.clear_approval();
  UndoAct(next, "approvalDecided");
  *next.mutable_last_refusal() = refusal;
  return next;
}

bool IsOpen(const v1::SupportCase& support_case) {
  switch (support_case.state()) {
    case v1::SupportCase::STATE_UNSPECIFIED:
    case v1::SupportCase::STATE_NEED_REGISTERED:
    case v1::SupportCase::STATE_CLOSED:
    case v1::SupportCase::STATE_REJECTED:
    case v1::SupportCase::STATE_WITHDRAWN:
      return false;
    default:
      return true;
  }
}

}  // namespace nscl::casework::domain
