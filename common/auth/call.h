// Who calls, and what was established about the call before any service code ran.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::auth {

// An authenticated caller: claims of a verified token, mapped by the policy.
struct Caller {
  // "user:<issuer>|<subject>", or "service:<name>".
  std::string actor;
  // Organisation of the token ("org" claim); part of the idempotency scope. May be empty.
  std::string organisation;
  std::vector<std::string> roles;
  // Permissions that the roles grant together.
  absl::flat_hash_set<std::string> permissions;
  // Two-digit province codes within scope, predecessors of merged provinces included.
  absl::flat_hash_set<std::string> provinces;
  // Scope over all provinces ("*" in the token, or a service).
  bool all_provinces = false;

  bool May(absl::string_view permission) const { return permissions.contains(permission); }
  bool Covers(absl::string_view province) const {
    return all_provinces || provinces.contains(province);
  }
};

// One call, as the handler sees it. Made by rpc::Handle after authentication, permission and province
// scope were checked.
struct Call {
  Caller caller;
  // "/nscl.casework.v1.SupportCaseService/ApproveSupportCase".
  std::string method;
  // Province named by the request's scope field; "-" for a list over all provinces in scope; empty where
  // the method has none.
  std::string province;
  absl::Time deadline = absl::InfiniteFuture();
  // The caller has gone, or the deadline is over: stop before the commit queue.
  std::function<bool()> cancelled = [] { return false; };
};

// PERMISSION_DENIED, in the same bytes whether or not the thing named exists.
absl::Status PermissionDenied();

// Checks a loaded thing's province against the scope: for methods whose request names it indirectly.
absl::Status CheckProvince(const Caller& caller, absl::string_view province);

}  // namespace nscl::auth
