// What roles may do, and which provinces a scope covers: data, not code.
//
// roles.json:
//   {"schema": "nscl.catalogue.roles.v1",
//    "rows": [{"role": "auditor", "title": "Kiểm toán", "permissions": ["registry.enterprises.get",
//    …]}, …]}
// A permission is written out in full; there are no wildcards, so that what a role may do is read,
// not computed. What no role grants nobody may do.
//
// provinces.json:
//   {"schema": "nscl.catalogue.provinces.v1",
//    "rows": [{"code": "58", "name": "Tỉnh Ninh Thuận", "valid_to": "2025-06-30", "successor":
//    "56"}, …]}
// `valid_to` is the last day on which the code is in use, `successor` the code that goes on from
// the next day in Asia/Ho_Chi_Minh. Rows of both files have further members, for others.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/auth/call.h"
#include "common/auth/token.h"

namespace nscl::auth {

class Policy {
 public:
  // Reads <catalogue>/roles.json and <catalogue>/provinces.json. NOT_FOUND or INVALID_ARGUMENT with
  // file and place.
  static absl::StatusOr<std::shared_ptr<const Policy>> Load(const std::string& catalogue_dir);
  // The same from texts.
  static absl::StatusOr<std::shared_ptr<const Policy>> Parse(absl::string_view roles_json,
                                                             absl::string_view provinces_json);

  // The caller that verified claims stand for on a day. Unknown roles grant nothing.
  Caller CallerOf(const Claims& claims, absl::Time now) const;

  // Roles by name, and whether any of them grants a permission.
  const absl::btree_map<std::string, StringSet>& roles() const { return roles_; }
  bool IsGranted(absl::string_view permission) const;

  // The codes that a scope of `province` covers on a day: itself, and all that were merged into it
  // by then.
  std::vector<std::string> Covered(absl::string_view province, absl::CivilDay day) const;

 private:
  struct Merge {
    std::string predecessor, successor;
    absl::CivilDay from;  // first day of the successor
  };

  absl::btree_map<std::string, StringSet> roles_;
  std::vector<Merge> merges_;
};

}  // namespace nscl::auth
