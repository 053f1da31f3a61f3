#include "services/registry/rpc/enterprise_change.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/commune.h"
#include "services/registry/domain/tax_code.h"
#include "services/registry/errors.h"

namespace nscl::registry {
namespace {

using absl::StatusOr;

constexpr size_t kCommuneDigits = 5;
// Far more years than an enterprise has figures of.
constexpr size_t kMaxYears = 500;
// A commune's unit is below a province, or below a district of one.
constexpr int kMaxLevels = 3;

std::string UnitName(absl::string_view code) { return absl::StrCat("adminUnits/", code); }

// Whether any commune is loaded: only then an unknown code says something.
StatusOr<bool> CommunesAreLoaded(const store::Reader& reader) {
  bool loaded = false;
  RETURN_IF_ERROR(reader.Scan(store::KeyRange::Prefix(std::string(1, rows::kAdminUnitKind)),
                              [&](absl::string_view key, absl::string_view) {
                                loaded = key.size() == kCommuneDigits + 2;  // kind, code, 0x00
                                return !loaded;
                              }));
  return loaded;
}

StatusOr<std::optional<v1::AdminUnit>> FindUnit(const Parts& parts, const store::Reader& reader,
                                                absl::string_view name) {
  StatusOr<v1::AdminUnit> unit = parts.tables.admin_units.Load(reader, name);
  if (absl::IsNotFound(unit.status())) return std::nullopt;
  if (!unit.ok()) return unit.status();
  return *std::move(unit);
}

// The province above a unit on a day; "" where the units between are not loaded.
StatusOr<std::string> ProvinceAbove(const Parts& parts, const store::Reader& reader,
                                    std::string parent, absl::CivilDay day) {
  for (int level = 0; level < kMaxLevels; ++level) {
    const absl::string_view code = resource::LastIdOf(parent);
    if (resource::IsProvinceCode(code)) return std::string(code);
    if (parent.empty()) return std::string();
    ASSIGN_OR_RETURN(std::optional<v1::AdminUnit> unit, FindUnit(parts, reader, parent));
    const v1::AdminUnitForm* form = unit.has_value() ? domain::FormOn(*unit, day) : nullptr;
    if (form == nullptr) return std::string();
    parent = form->parent_unit();
  }
  return std::string();
}

absl::Status CheckCommune(const Parts& parts, const store::Reader& reader,
                          status::Violations& violations, absl::string_view path,
                          absl::string_view code, absl::string_view enterprise_province,
                          absl::CivilDay day) {
  ASSIGN_OR_RETURN(std::optional<v1::AdminUnit> unit, FindUnit(parts, reader, UnitName(code)));
  if (!unit.has_value()) {
    ASSIGN_OR_RETURN(bool loaded, CommunesAreLoaded(reader));
    if (!loaded) return absl::OkStatus();
  }
  const v1::AdminUnitForm* form =
      domain::CheckCommuneOn(violations, path, code, unit.has_value() ? &*unit : nullptr, day);
  if (form == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string province, ProvinceAbove(parts, reader, form->parent_unit(), day));
  if (province.empty()) return absl::OkStatus();
  domain::CheckCommuneProvince(violations, path, code,
                               parts.provinces.HolderOn(enterprise_province, day), province);
  return absl::OkStatus();
}

// The day on which a business location's commune must have been one: its first, or the nearest that
// is known.
absl::CivilDay DayOf(const v1::BusinessLocation& location, absl::CivilDay today) {
  for (const auto& [given, date] : {std::pair(location.has_valid_from(), location.valid_from()),
                                    std::pair(location.has_valid_to(), location.valid_to())}) {
    if (!given) continue;
    if (StatusOr<absl::CivilDay> day = time::ToCivilDay(date); day.ok()) return *day;
  }
  return today;
}

template <typename M>
std::set<std::string> Bytes(const google::protobuf::RepeatedPtrField<M>& messages) {
  std::set<std::string> bytes;
  for (const M& message : messages) bytes.insert(message.SerializeAsString());
  return bytes;
}

absl::Status CheckCommunes(const Parts& parts, const store::Reader& reader,
                           status::Violations& violations, const v1::Enterprise& next,
                           const v1::Enterprise* before, absl::CivilDay today) {
  const absl::string_view province = resource::ProvinceOf(next.name());
  if (!next.commune_code().empty() &&
      (before == nullptr || before->commune_code() != next.commune_code())) {
    RETURN_IF_ERROR(CheckCommune(parts, reader, violations, "enterprise.commune_code",
                                 next.commune_code(), province, today));
  }
  if (next.business_locations().empty()) return absl::OkStatus();
  const std::set<std::string> known =
      before == nullptr ? std::set<std::string>() : Bytes(before->business_locations());
  for (int i = 0; i < next.business_locations_size(); ++i) {
    const v1::BusinessLocation& location = next.business_locations(i);
    if (location.commune_code().empty() || known.count(location.SerializeAsString()) > 0) continue;
    RETURN_IF_ERROR(
        CheckCommune(parts, reader, violations,
                     absl::StrCat("enterprise.business_locations[", i, "].commune_code"),
                     location.commune_code(), province, DayOf(location, today)));
  }
  return absl::OkStatus();
}

// Whether `inner` lies within `outer`, as far as both are given.
template <typename Inner, typename Outer>
bool Within(const Inner& inner, const Outer& outer) {
  const auto day = [](const google::type::Date& date) {
    return time::ToCivilDay(date).value_or(absl::CivilDay());
  };
  if (outer.has_valid_from() && inner.has_valid_from() &&
      day(inner.valid_from()) < day(outer.valid_from())) {
    return false;
  }
  if (outer.has_valid_from() && inner.has_valid_to() &&
      day(inner.valid_to()) < day(outer.valid_from())) {
    return false;
  }
  if (!outer.has_valid_to()) return true;
  if (inner.has_valid_from() && day(inner.valid_from()) > day(outer.valid_to())) return false;
  return !inner.has_valid_to() || day(inner.valid_to()) <= day(outer.valid_to());
}

absl::Status CheckMemberships(const Parts& parts, const store::Reader& reader,
                              status::Violations& violations, const v1::Enterprise& next,
                              const v1::Enterprise* before) {
  if (next.memberships().empty()) return absl::OkStatus();
  const std::set<std::string> known =
      before == nullptr ? std::set<std::string>() : Bytes(before->memberships());
  for (int i = 0; i < next.memberships_size(); ++i) {
    const v1::Membership& membership = next.memberships(i);
    if (known.count(membership.SerializeAsString()) > 0) continue;
    const std::string path = absl::StrCat("enterprise.memberships[", i, "]");
    StatusOr<v1::Cluster> cluster = parts.tables.clusters.Load(reader, membership.cluster());
    if (absl::IsNotFound(cluster.status())) {
      violations.Add(absl::StrCat(path, ".cluster"), "CLUSTER_UNKNOWN",
                     absl::StrCat("no cluster ", membership.cluster()),
                     absl::StrCat("không có cụm liên kết, chuỗi giá trị ", membership.cluster()));
      continue;
    }
    RETURN_IF_ERROR(cluster.status());
    violations.Check(Within(membership, *cluster), path, "CLUSTER_PERIOD",
                     "must lie within the time of the cluster",
                     "phải nằm trong thời gian tồn tại của cụm liên kết, chuỗi giá trị");
  }
  return absl::OkStatus();
}

// A branch stands under its head. One that was entered without, before heads were asked for, may be
// changed; it finds its head when there is one.
absl::Status FindHead(const Parts& parts, const store::Reader& reader, v1::Enterprise& next,
                      const v1::Enterprise* before) {
  const bool same = before != nullptr && before->tax_code() == next.tax_code();
  if (same && !before->head().empty()) return absl::OkStatus();
  next.clear_head();
  const domain::TaxCode code = domain::ReadTaxCode(next.tax_code());
  if (next.tax_code().empty() || code.kind != domain::TaxCodeKind::kBranch) return absl::OkStatus();
  std::vector<std::string> provinces;
  for (const catalogue::Province& province : parts.provinces.rows()) {
    if (provinces.empty() || provinces.back() != province.code) provinces.push_back(province.code);
  }
  ASSIGN_OR_RETURN(std::optional<std::string> head,
                   parts.enterprises.FindHead(reader, resource::ProvinceOf(next.name()),
                                              next.tax_code(), provinces));
  if (head.has_value()) {
    next.set_head(*head);
    return absl::OkStatus();
  }
  if (same) return absl::OkStatus();
  return errors::BranchWithoutHead(next.tax_code(), next.tax_code().substr(0, 10));
}

// What stands on other rows. Nothing is read for what is empty or was there before.
absl::Status Settle(const Parts& parts, const store::Reader& reader, v1::Enterprise& next,
                    const v1::Enterprise* before, absl::CivilDay today) {
  status::Violations violations;
  RETURN_IF_ERROR(CheckCommunes(parts, reader, violations, next, before, today));
  RETURN_IF_ERROR(CheckMemberships(parts, reader, violations, next, before));
  RETURN_IF_ERROR(violations.ToStatus());
  return FindHead(parts, reader, next, before);
}

// Whether a kept class says the same as one that was just computed.
bool Says(const v1::SizeClass& kept, const v1::SizeClass& computed) {
  v1::SizeClass without = kept;
  without.clear_revision();
  without.clear_compute_time();
  return without.SerializeAsString() == computed.SerializeAsString();
}

// Computes the classes of all years anew and keeps those that changed; sets the newest into
// `enterprise`.
absl::Status RefreshSizes(const Parts& parts, store::Txn& txn, v1::Enterprise& enterprise) {
  enterprise.clear_latest_size();
  enterprise.clear_latest_size_year();
  ASSIGN_OR_RETURN(store::Page<v1::YearProfile> profiles,
                   parts.year_profiles.List(txn, enterprise.name(), "", kMaxYears));
  const rows::SizeClasses& size_classes = parts.tables.size_classes;
  for (const v1::YearProfile& profile : profiles.rows) {
    const std::string year(resource::LastIdOf(profile.name()));
    int number = 0;
    if (!absl::SimpleAtoi(year, &number)) return absl::InternalError("a year that is no number");
    const std::string name = size_classes.NameOf(enterprise.name(), year);
    ASSIGN_OR_RETURN(std::optional<v1::SizeClass> kept, size_classes.Get(txn, name));
    StatusOr<v1::SizeClass> computed =
        domain::Classify(enterprise, profile, number, parts.size_rules);
    if (absl::IsFailedPrecondition(computed.status())) {
      if (kept.has_value()) RETURN_IF_ERROR(size_classes.Erase(txn, name));
      continue;
    }
    RETURN_IF_ERROR(computed.status());
    computed->set_name(name);
    enterprise.set_latest_size(computed->size());
    enterprise.set_latest_size_year(number);
    if (kept.has_value() && Says(*kept, *computed)) continue;
    RETURN_IF_ERROR(size_classes.Put(txn, *std::move(computed)));
  }
  return absl::OkStatus();
}

bool SizeStandsOn(const v1::Enterprise& before, const v1::Enterprise& after) {
  return before.sector() != after.sector() ||
         before.has_established_on() != after.has_established_on() ||
         before.established_on().SerializeAsString() != after.established_on().SerializeAsString();
}

}  // namespace

StatusOr<std::string> InsertEnterprise(const Parts& parts, store::Txn& txn,
                                       v1::Enterprise enterprise, absl::CivilDay today) {
  RETURN_IF_ERROR(Settle(parts, txn, enterprise, nullptr, today));
  return parts.enterprises.Insert(txn, std::move(enterprise));
}

StatusOr<v1::Enterprise> UpdateEnterprise(const Parts& parts, store::Txn& txn,
                                          const v1::Enterprise& before, v1::Enterprise after,
                                          absl::CivilDay today) {
  RETURN_IF_ERROR(Settle(parts, txn, after, &before, today));
  if (after.display_name() != before.display_name()) {
    v1::FormerName& former = *after.add_former_names();
    former.set_display_name(before.display_name());
    *former.mutable_replace_time() = time::ToTimestamp(txn.commit_time());
  }
  if (SizeStandsOn(before, after)) RETURN_IF_ERROR(RefreshSizes(parts, txn, after));
  return parts.enterprises.Update(txn, before, std::move(after));
}

StatusOr<v1::YearProfile> PutYearProfile(const Parts& parts, store::Txn& txn,
                                         const v1::Enterprise& enterprise,
                                         const v1::YearProfile* before, v1::YearProfile after) {
  ASSIGN_OR_RETURN(v1::YearProfile kept,
                   before == nullptr ? parts.year_profiles.Insert(txn, std::move(after))
                                     : parts.year_profiles.Update(txn, *before, std::move(after)));
  v1::Enterprise next = enterprise;
  RETURN_IF_ERROR(RefreshSizes(parts, txn, next));
  if (next.latest_size() != enterprise.latest_size() ||
      next.latest_size_year() != enterprise.latest_size_year()) {
    RETURN_IF_ERROR(parts.enterprises.Update(txn, enterprise, std::move(next)).status());
  }
  return kept;
}

}  // namespace nscl::registry
