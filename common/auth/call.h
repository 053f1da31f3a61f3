// Who calls, and what was established about the call before any service code ran.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::auth {

// A set of strings shared between its copies: a Caller is copied into every call, and that must not
// copy a hundred permissions. Inserting into a shared set makes an own one first.
class StringSet {
 public:
  using Set = absl::flat_hash_set<std::string>;

  StringSet() = default;
  StringSet(std::initializer_list<absl::string_view> members);  // NOLINT: {"48", "58"} is a set

  void insert(absl::string_view member);
  bool contains(absl::string_view member) const {
    return set_ != nullptr && set_->contains(member);
  }
  size_t size() const { return set_ == nullptr ? 0 : set_->size(); }
  bool empty() const { return size() == 0; }
  Set::const_iterator begin() const { return Members().begin(); }
  Set::const_iterator end() const { return Members().end(); }

 private:
  const Set& Members() const;

  std::shared_ptr<Set> set_;
};

// An authenticated caller: claims of a verified token, mapped by the policy.
struct Caller {
  // "user:<issuer>|<subject>", or "service:<name>".
  std::string actor;
  // Organisation of the token ("org" claim); part of the idempotency scope. May be empty.
  std::string organisation;
  std::vector<std::string> roles;
  // Permissions that the roles grant together.
  StringSet permissions;
  // Two-digit province codes within scope, predecessors of merged provinces included.
  StringSet provinces;
  // Scope over all provinces ("*" in the token, or a service).
  bool all_provinces = false;
  // End of the token: a stream that it opened ends then.
  absl::Time expires = absl::InfiniteFuture();

  bool May(absl::string_view permission) const { return permissions.contains(permission); }
  bool Covers(absl::string_view province) const {
    return all_provinces || provinces.contains(province);
  }
};

// One call, as the handler sees it. Made by rpc::Handle after authentication, permission and
// province scope were checked.
struct Call {
  Caller caller;
  // "/nscl.casework.v1.SupportCaseService/ApproveSupportCase".
  std::string method;
  // Province named by the request's scope field; "-" for a list over all provinces in scope; empty
  // where the method has none.
  std::string province;
  absl::Time deadline = absl::InfiniteFuture();
  // The caller has gone, or the deadline is over: stop before the commit queue.
  std::function<bool()> cancelled = [] { return false; };
  // Tells the caller that the answer is that of an earlier call with the same request id (trailing
  // metadata `x-idempotent-replay: true`). Before the answer.
  std::function<void()> replayed = [] {};
};

// PERMISSION_DENIED `SCOPE_DENIED`, in the same bytes whether or not the thing named exists.
absl::Status PermissionDenied();

// Checks a loaded thing's province against the scope: for methods whose request names it
// indirectly.
absl::Status CheckProvince(const Caller& caller, absl::string_view province);

}  // namespace nscl::auth
