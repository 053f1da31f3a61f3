#include "common/auth/policy.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/catalogue/provinces.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"

namespace nscl::auth {
namespace {

constexpr char kRolesFile[] = "roles.json";
constexpr char kProvincesFile[] = "provinces.json";

Role ReadRole(catalogue::Row& row) {
  Role role;
  role.name = row.Text("role");
  for (const std::string& permission : row.Texts("permissions")) {
    if (permission.empty()) row.Fault("permissions", "holds an empty text");
    if (role.permissions.contains(permission)) {
      row.Fault("permissions", absl::StrCat("holds ", permission, " twice"));
    }
    role.permissions.insert(permission);
  }
  for (const char* text : {"title", "description"}) row.OptionalText(text);
  role.basis = row.ReadBasis();
  return role;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Policy>> Policy::Load(const std::string& catalogue_dir) {
  ASSIGN_OR_RETURN(std::string roles, catalogue::ReadFile(catalogue_dir, kRolesFile));
  ASSIGN_OR_RETURN(std::string provinces, catalogue::ReadFile(catalogue_dir, kProvincesFile));
  return Parse(roles, provinces);
}

absl::StatusOr<std::shared_ptr<const Policy>> Policy::Parse(absl::string_view roles_json,
                                                            absl::string_view provinces_json) {
  auto policy = std::make_shared<Policy>();
  std::vector<Role>& roles = policy->roles_;
  RETURN_IF_ERROR(catalogue::ReadRowsOf(
      roles_json, kRolesFile, [&](catalogue::Row& row) { roles.push_back(ReadRole(row)); }));
  RETURN_IF_ERROR(
      catalogue::CheckNoOverlap(kRolesFile, roles, [](const Role& role) { return role.name; }));
  std::stable_sort(roles.begin(), roles.end(),
                   [](const Role& a, const Role& b) { return a.name < b.name; });

  ASSIGN_OR_RETURN(catalogue::Provinces provinces, catalogue::Provinces::Parse(provinces_json));
  for (const catalogue::Province& province : provinces.rows()) {
    if (province.successor.empty() || province.successor == province.code) continue;
    // The loader sees to it that a row with a successor has a last day.
    policy->merges_.push_back({province.code, province.successor, *province.basis.valid_to + 1});
  }
  return std::shared_ptr<const Policy>(std::move(policy));
}

std::vector<std::string> Policy::Covered(absl::string_view province, absl::CivilDay day) const {
  std::vector<std::string> covered = {std::string(province)};
  // Merges may follow one another; each predecessor is looked at in turn, and once.
  for (size_t i = 0; i < covered.size(); ++i) {
    for (const Merge& merge : merges_) {
      if (merge.successor != covered[i] || day < merge.from) continue;
      if (std::find(covered.begin(), covered.end(), merge.predecessor) == covered.end()) {
        covered.push_back(merge.predecessor);
      }
    }
  }
  return covered;
}

Caller Policy::CallerOf(const Claims& claims, absl::Time now) const {
  Caller caller;
  caller.actor =
      claims.service ? claims.subject : absl::StrCat("user:", claims.issuer, "|", claims.subject);
  caller.organisation = claims.organisation;
  caller.roles = claims.roles;
  caller.expires = claims.expires;
  caller.all_provinces = claims.all_provinces || claims.service;
  const absl::CivilDay today = time::VietnamDay(now);
  for (const Role& role : roles_) {
    const bool claimed =
        std::find(claims.roles.begin(), claims.roles.end(), role.name) != claims.roles.end();
    if (!claimed || !role.basis.HoldsOn(today)) continue;
    // One role, the usual case, shares the set.
    if (caller.permissions.empty()) {
      caller.permissions = role.permissions;
      continue;
    }
    for (const std::string& permission : role.permissions) caller.permissions.insert(permission);
  }
  for (const std::string& province : claims.provinces) {
    for (const std::string& code : Covered(province, today)) caller.provinces.insert(code);
  }
  return caller;
}

bool Policy::IsGranted(absl::string_view permission) const {
  return std::any_of(roles_.begin(), roles_.end(),
                     [&](const Role& role) { return role.permissions.contains(permission); });
}

}  // namespace nscl::auth
