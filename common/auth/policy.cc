#include "common/auth/policy.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/encoding.h"
#include "common/status/status_macros.h"

namespace nscl::auth {
namespace {

using Json = nlohmann::json;

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::Status Bad(absl::string_view file, absl::string_view place, absl::string_view fault) {
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", place, ": ", fault));
}

absl::StatusOr<Json> Rows(absl::string_view text, absl::string_view file, const char* schema) {
  absl::StatusOr<Json> json = ParseStrictJson(text, /*max_depth=*/8);
  if (!json.ok()) return Bad(file, "text", json.status().message());
  if (json->value("schema", Json()) != schema) {
    return Bad(file, "schema", absl::StrCat("must be \"", schema, "\""));
  }
  auto rows = json->find("rows");
  if (rows == json->end() || !rows->is_array()) return Bad(file, "rows", "must be a list");
  for (const Json& row : *rows) {
    if (!row.is_object()) return Bad(file, "rows", "holds more than objects");
  }
  return *rows;
}

// A text member of a row, "" where it is absent or null.
absl::StatusOr<std::string> Text(const Json& row, const char* member, absl::string_view file,
                                 absl::string_view place) {
  auto it = row.find(member);
  if (it == row.end() || it->is_null()) return std::string();
  if (!it->is_string()) return Bad(file, absl::StrCat(place, ".", member), "must be a text");
  return it->get<std::string>();
}

// The legal day that has begun everywhere in Việt Nam: UTC+7 the year round.
absl::CivilDay DayOf(absl::Time now) {
  return absl::ToCivilDay(now, absl::FixedTimeZone(7 * 60 * 60));
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Policy>> Policy::Load(const std::string& catalogue_dir) {
  ASSIGN_OR_RETURN(std::string roles, ReadFile(absl::StrCat(catalogue_dir, "/roles.json")));
  ASSIGN_OR_RETURN(std::string provinces, ReadFile(absl::StrCat(catalogue_dir, "/provinces.json")));
  return Parse(roles, provinces);
}

absl::StatusOr<std::shared_ptr<const Policy>> Policy::Parse(absl::string_view roles_json,
                                                            absl::string_view provinces_json) {
  auto policy = std::make_shared<Policy>();
  ASSIGN_OR_RETURN(Json roles, Rows(roles_json, "roles.json", "nscl.catalogue.roles.v1"));
  for (const Json& row : roles) {
    ASSIGN_OR_RETURN(std::string role, Text(row, "role", "roles.json", "rows"));
    if (role.empty()) return Bad("roles.json", "rows", "a row without `role`");
    if (policy->roles_.contains(role)) return Bad("roles.json", role, "stands there twice");
    StringSet permissions;
    auto list = row.find("permissions");
    if (list == row.end() || !list->is_array())
      return Bad("roles.json", role, "no list `permissions`");
    for (const Json& permission : *list) {
      if (!permission.is_string() || permission.get<std::string>().empty()) {
        return Bad("roles.json", role, "`permissions` holds more than texts");
      }
      if (permissions.contains(permission.get<std::string>())) {
        return Bad("roles.json", role,
                   absl::StrCat(permission.get<std::string>(), " stands there twice"));
      }
      permissions.insert(permission.get<std::string>());
    }
    policy->roles_.emplace(std::move(role), std::move(permissions));
  }

  ASSIGN_OR_RETURN(Json provinces,
                   Rows(provinces_json, "provinces.json", "nscl.catalogue.provinces.v1"));
  for (const Json& row : provinces) {
    ASSIGN_OR_RETURN(std::string code, Text(row, "code", "provinces.json", "rows"));
    if (code.size() != 2) return Bad("provinces.json", "rows", "a code that is not two digits");
    ASSIGN_OR_RETURN(std::string successor, Text(row, "successor", "provinces.json", code));
    if (successor.empty() || successor == code) continue;
    ASSIGN_OR_RETURN(std::string valid_to, Text(row, "valid_to", "provinces.json", code));
    absl::CivilDay last;
    if (!absl::ParseCivilTime(valid_to, &last)) {
      return Bad("provinces.json", code, "a successor needs `valid_to`, YYYY-MM-DD");
    }
    policy->merges_.push_back({code, successor, last + 1});
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
  for (const std::string& name : claims.roles) {
    auto role = roles_.find(name);
    if (role == roles_.end()) continue;
    for (const std::string& permission : role->second) caller.permissions.insert(permission);
  }
  for (const std::string& province : claims.provinces) {
    for (const std::string& code : Covered(province, DayOf(now))) caller.provinces.insert(code);
  }
  return caller;
}

bool Policy::IsGranted(absl::string_view permission) const {
  for (const auto& [name, permissions] : roles_) {
    if (permissions.contains(permission)) return true;
  }
  return false;
}

}  // namespace nscl::auth
