#include "services/registry/store/year_profiles.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "services/registry/errors.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {
namespace {

constexpr char kPattern[] = "provinces/{province}/enterprises/{enterprise}/yearProfiles/{year}";

}  // namespace

YearProfiles::YearProfiles()
    : names_(kPattern),
      table_({kYearProfileKind, kPattern, "yearProfile", v1::Event::kYearProfileFieldNumber}) {}

std::string YearProfiles::NameOf(absl::string_view enterprise, absl::string_view year) const {
  return absl::StrCat(enterprise, "/yearProfiles/", year);
}

absl::StatusOr<v1::YearProfile> YearProfiles::Get(const store::Reader& reader,
                                                  absl::string_view name) const {
  return Load(reader, name, /*etag=*/"");
}

absl::StatusOr<v1::YearProfile> YearProfiles::Load(const store::Reader& reader,
                                                   absl::string_view name,
                                                   absl::string_view etag) const {
  if (!names_.Matches(name)) return names_.Parse(name).status();
  absl::StatusOr<v1::YearProfile> profile = table_.Load(reader, name, etag);
  if (absl::IsNotFound(profile.status())) return errors::YearProfileNotFound(name);
  return profile;
}

absl::StatusOr<v1::YearProfile> YearProfiles::GetAsOf(const store::Store& store,
                                                      absl::string_view name,
                                                      int64_t revision) const {
  if (!names_.Matches(name)) return names_.Parse(name).status();
  absl::StatusOr<v1::YearProfile> profile = table_.GetAsOf(store, name, revision);
  if (absl::IsNotFound(profile.status())) return errors::YearProfileNotFound(name);
  return profile;
}

absl::StatusOr<bool> YearProfiles::Exists(const store::Reader& reader,
                                          absl::string_view name) const {
  return table_.Exists(reader, name);
}

absl::StatusOr<v1::YearProfile> YearProfiles::Insert(store::Txn& txn,
                                                     v1::YearProfile profile) const {
  return table_.Insert(txn, std::move(profile));
}

absl::StatusOr<v1::YearProfile> YearProfiles::Update(store::Txn& txn, const v1::YearProfile& before,
                                                     v1::YearProfile after) const {
  return table_.Update(txn, before, std::move(after));
}

absl::StatusOr<store::Page<v1::YearProfile>> YearProfiles::List(const store::Reader& reader,
                                                                absl::string_view enterprise,
                                                                absl::string_view after_key,
                                                                size_t limit) const {
  return table_.List(reader, enterprise, after_key, limit);
}

}  // namespace nscl::registry::rows
