// What roles may do, and which provinces a scope covers: dated data, not code.
//
// roles.json:
//   {"schema": "nscl.catalogue.roles.v1",
//    "rows": [{"role": "auditor", "title": "Kiểm toán", "description": "…",
//              "permissions": ["registry.enterprises.get", …],
//              "valid_from": null, "valid_to": null, "legal_basis": "…", "confidence": "H"}, …]}
// A permission is written out in full; there are no wildcards, so that what a role may do is read,
// not computed. What no role grants nobody may do. A row grants on the days on which it holds.
//
// provinces.json is the list of common/catalogue: `valid_to` of a row with a successor is the last
// day of its code; its successor covers it from the next day on, in Việt Nam.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/auth/call.h"
#include "common/auth/token.h"
#include "common/catalogue/rows.h"

namespace nscl::auth {

// A row of roles.json. A role may have several, for days that do not overlap.
struct Role {
  std::string name;  // "dost_officer", "service:casework"
  StringSet permissions;
  catalogue::Basis basis;
};

class Policy {
 public:
  // Reads <catalogue>/roles.json and <catalogue>/provinces.json. NOT_FOUND or INVALID_ARGUMENT
  // `CATALOGUE` with file, row and field.
  static absl::StatusOr<std::shared_ptr<const Policy>> Load(const std::string& catalogue_dir);
  // The same from texts.
  static absl::StatusOr<std::shared_ptr<const Policy>> Parse(absl::string_view roles_json,
                                                             absl::string_view provinces_json);

  // The caller that verified claims stand for on the day that `now` is in Việt Nam. Roles that are
  // unknown, or do not hold on that day, grant nothing.
  Caller CallerOf(const Claims& claims, absl::Time now) const;

  // Roles in order of name, and whether any of them grants a permission on any day.
  const std::vector<Role>& roles() const { return roles_; }
  bool IsGranted(absl::string_view permission) const;

  // The codes that a scope of `province` covers on a day: itself, and all that were merged into it
  // by then.
  std::vector<std::string> Covered(absl::string_view province, absl::CivilDay day) const;

 private:
  struct Merge {
    std::string predecessor, successor;
    absl::CivilDay from;  // first day of the successor
  };

  std::vector<Role> roles_;
  std::vector<Merge> merges_;
};

}  // namespace nscl::auth
