#include "common/auth/call.h"

#include "common/auth/errors.h"

namespace nscl::auth {

StringSet::StringSet(std::initializer_list<absl::string_view> members) {
  for (absl::string_view member : members) insert(member);
}

void StringSet::insert(absl::string_view member) {
  if (set_ == nullptr) {
    set_ = std::make_shared<Set>();
  } else if (set_.use_count() > 1) {
    set_ = std::make_shared<Set>(*set_);
  }
  set_->emplace(std::string(member));
}

const StringSet::Set& StringSet::Members() const {
  static const Set* const kNone = new Set;
  return set_ == nullptr ? *kNone : *set_;
}

absl::Status PermissionDenied() { return errors::ScopeDenied(); }

absl::Status CheckProvince(const Caller& caller, absl::string_view province) {
  if (!caller.Covers(province)) return errors::ScopeDenied();
  return absl::OkStatus();
}

}  // namespace nscl::auth
