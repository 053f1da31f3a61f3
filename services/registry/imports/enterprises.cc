// Enterprises, with the figures of one year where the columns are filled. A row is an enterprise by
// its tax code.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/resource/filter.h"
#include "common/resource/id.h"
#include "common/status/status_macros.h"
#include "services/registry/domain/tax_code.h"
#include "services/registry/imports/dataset.h"

namespace nscl::registry::imports {
namespace {

constexpr size_t kPageRows = 500;
constexpr size_t kMaxYears = 200;
constexpr absl::string_view kProfile = "year_profile.";
constexpr absl::string_view kYear = "year_profile.year";

// What a row makes of the enterprise and the year that are there.
struct Plan {
  std::optional<v1::Enterprise> enterprise_before;
  v1::Enterprise enterprise;
  bool enterprise_changes = false;
  bool has_profile = false;
  std::optional<v1::YearProfile> profile_before;
  v1::YearProfile profile;
  bool profile_changes = false;
};

class Enterprises final : public Dataset {
 public:
  Enterprises(const rows::Tables& tables, EnterpriseRules rules)
      : Dataset(v1::Operation::DATASET_ENTERPRISES),
        tables_(tables),
        rules_(std::move(rules)),
        tax_code_(PlaceOf("tax_code")),
        year_(PlaceOf(kYear)) {
    for (size_t i = 0; i < columns().size(); ++i) {
      const Column& column = columns()[i];
      if (i == year_) continue;
      if (absl::StartsWith(column.field, kProfile)) {
        profile_fields_.push_back({i, Field(v1::YearProfile::descriptor(),
                                            column.field.substr(kProfile.size()), column)});
      } else {
        fields_.push_back({i, Field(v1::Enterprise::descriptor(), column.field, column)});
      }
    }
  }

  std::string KeyOf(const Cells& cells) const override {
    const domain::TaxCode code = domain::ReadTaxCode(cells[tax_code_]);
    return code.normalised.empty() ? cells[tax_code_] : code.normalised;
  }
  absl::StatusOr<std::unique_ptr<PreparedRow>> Prepare(const store::Reader& reader, Cells cells,
                                                       const Scope& scope) const override;
  absl::StatusOr<Plan> MakePlan(const store::Reader& reader, const Cells& cells,
                                const Scope& scope) const;
  absl::StatusOr<Applied> Apply(store::Txn& txn, const Plan& plan, absl::CivilDay today) const;
  // Whether what the plan was made from still stands.
  absl::StatusOr<bool> Stands(const store::Reader& reader, const Plan& plan) const;

  absl::Status CheckFilter(absl::string_view filter) const override {
    return resource::Filter::Parse(filter, v1::Enterprise::descriptor(), rules_.filter_fields)
        .status();
  }
  absl::StatusOr<ExportPage> Export(const store::Reader& reader, const std::string& province,
                                    absl::string_view filter,
                                    absl::string_view after_key) const override;

 private:
  struct PlacedField {
    size_t column;
    Field field;
  };

  absl::Status PlanProfile(const store::Reader& reader, const Cells& cells, const Scope& scope,
                           status::Violations& violations, Plan& plan) const;

  const rows::Tables& tables_;
  const EnterpriseRules rules_;
  const size_t tax_code_;
  const size_t year_;
  std::vector<PlacedField> fields_;
  std::vector<PlacedField> profile_fields_;
};

class EnterpriseRow final : public PreparedRow {
 public:
  EnterpriseRow(const Enterprises& dataset, Cells cells, Scope scope, Plan plan)
      : dataset_(dataset),
        cells_(std::move(cells)),
        scope_(std::move(scope)),
        plan_(std::move(plan)) {}

  absl::StatusOr<Applied> Apply(store::Txn& txn) override {
    ASSIGN_OR_RETURN(bool stands, dataset_.Stands(txn, plan_));
    if (!stands) {
      ASSIGN_OR_RETURN(plan_, dataset_.MakePlan(txn, cells_, scope_));
    }
    return dataset_.Apply(txn, plan_, scope_.today);
  }

 private:
  const Enterprises& dataset_;
  const Cells cells_;
  const Scope scope_;
  Plan plan_;
};

absl::StatusOr<std::unique_ptr<PreparedRow>> Enterprises::Prepare(const store::Reader& reader,
                                                                  Cells cells,
                                                                  const Scope& scope) const {
  ASSIGN_OR_RETURN(Plan plan, MakePlan(reader, cells, scope));
  return std::make_unique<EnterpriseRow>(*this, std::move(cells), scope, std::move(plan));
}

absl::StatusOr<Plan> Enterprises::MakePlan(const store::Reader& reader, const Cells& cells,
                                           const Scope& scope) const {
  Plan plan;
  ASSIGN_OR_RETURN(std::optional<std::string> name,
                   tables_.enterprises.FindByTaxCode(reader, scope.province, KeyOf(cells)));
  if (name.has_value()) {
    ASSIGN_OR_RETURN(plan.enterprise_before, tables_.enterprises.Get(reader, *name));
    plan.enterprise = *plan.enterprise_before;
  } else {
    plan.enterprise.set_name(
        tables_.enterprises.names().Format({scope.province, resource::NewId(scope.now)}));
  }
  status::Violations violations;
  CheckRequired(cells, violations);
  for (const PlacedField& placed : fields_) {
    if (!cells[placed.column].empty()) {
      placed.field.Set(cells[placed.column], &plan.enterprise, violations);
    }
  }
  const v1::Enterprise* before =
      plan.enterprise_before.has_value() ? &*plan.enterprise_before : nullptr;
  violations.AddAll(rules_.normalise(plan.enterprise, scope.today), "");
  RETURN_IF_ERROR(PlanProfile(reader, cells, scope, violations, plan));
  RETURN_IF_ERROR(violations.ToStatus());
  plan.enterprise_changes = before == nullptr || !Same(*before, plan.enterprise);
  return plan;
}

absl::Status Enterprises::PlanProfile(const store::Reader& reader, const Cells& cells,
                                      const Scope& scope, status::Violations& violations,
                                      Plan& plan) const {
  plan.has_profile =
      std::any_of(profile_fields_.begin(), profile_fields_.end(),
                  [&](const PlacedField& placed) { return !cells[placed.column].empty(); });
  if (!plan.has_profile && cells[year_].empty()) return absl::OkStatus();
  plan.has_profile = true;
  int64_t year = 0;
  if (cells[year_].size() != 4 || !ReadWhole(cells[year_], /*thousands=*/false, &year)) {
    violations.Add(kYear, "CELL_NUMBER", "the figures need their year, four digits",
                   "số liệu cần có năm, bốn chữ số");
    return absl::OkStatus();
  }
  const std::string name = tables_.year_profiles.NameOf(plan.enterprise.name(), absl::StrCat(year));
  if (plan.enterprise_before.has_value()) {
    ASSIGN_OR_RETURN(bool exists, tables_.year_profiles.Exists(reader, name));
    if (exists) {
      ASSIGN_OR_RETURN(plan.profile_before, tables_.year_profiles.Get(reader, name));
      plan.profile = *plan.profile_before;
    }
  }
  plan.profile.set_name(name);
  for (const PlacedField& placed : profile_fields_) {
    if (!cells[placed.column].empty()) {
      placed.field.Set(cells[placed.column], &plan.profile, violations);
    }
  }
  violations.AddAll(
      rules_.normalise_profile(plan.profile, plan.enterprise, static_cast<int>(year), scope.today),
      "");
  plan.profile_changes =
      !plan.profile_before.has_value() || !Same(*plan.profile_before, plan.profile);
  return absl::OkStatus();
}

absl::StatusOr<bool> Enterprises::Stands(const store::Reader& reader, const Plan& plan) const {
  if (!plan.enterprise_before.has_value()) {
    ASSIGN_OR_RETURN(
        std::optional<std::string> name,
        tables_.enterprises.FindByTaxCode(reader, resource::ProvinceOf(plan.enterprise.name()),
                                          plan.enterprise.tax_code()));
    return !name.has_value();
  }
  absl::StatusOr<v1::Enterprise> now =
      tables_.enterprises.Get(reader, plan.enterprise_before->name());
  if (!now.ok() || now->etag() != plan.enterprise_before->etag()) return false;
  if (!plan.has_profile) return true;
  absl::StatusOr<v1::YearProfile> profile = tables_.year_profiles.Get(reader, plan.profile.name());
  if (absl::IsNotFound(profile.status())) return !plan.profile_before.has_value();
  RETURN_IF_ERROR(profile.status());
  return plan.profile_before.has_value() && profile->etag() == plan.profile_before->etag();
}

absl::StatusOr<Applied> Enterprises::Apply(store::Txn& txn, const Plan& plan,
                                           absl::CivilDay today) const {
  const v1::Enterprise* before =
      plan.enterprise_before.has_value() ? &*plan.enterprise_before : nullptr;
  Applied applied;
  if (plan.enterprise_changes) {
    RETURN_IF_ERROR(before == nullptr ? rules_.insert(txn, plan.enterprise, today)
                                      : rules_.update(txn, *before, plan.enterprise, today));
  }
  if (plan.profile_changes) {
    ASSIGN_OR_RETURN(v1::Enterprise stored, tables_.enterprises.Get(txn, plan.enterprise.name()));
    RETURN_IF_ERROR(rules_.put_profile(
        txn, stored, plan.profile_before.has_value() ? &*plan.profile_before : nullptr,
        plan.profile));
  }
  if (before == nullptr) {
    applied.effect = Applied::Effect::kCreated;
    return applied;
  }
  if (!plan.enterprise_changes && !plan.profile_changes) return applied;
  applied.effect = Applied::Effect::kUpdated;
  for (const PlacedField& placed : fields_) {
    if (placed.field.Differs(*before, plan.enterprise)) applied.columns.push_back(placed.column);
  }
  if (!plan.profile_changes) return applied;
  const v1::YearProfile none;
  for (const PlacedField& placed : profile_fields_) {
    if (placed.field.Differs(plan.profile_before.has_value() ? *plan.profile_before : none,
                             plan.profile)) {
      applied.columns.push_back(placed.column);
    }
  }
  return applied;
}

absl::StatusOr<ExportPage> Enterprises::Export(const store::Reader& reader,
                                               const std::string& province,
                                               absl::string_view filter_text,
                                               absl::string_view after_key) const {
  ASSIGN_OR_RETURN(
      resource::Filter filter,
      resource::Filter::Parse(filter_text, v1::Enterprise::descriptor(), rules_.filter_fields));
  // A row is known by its tax code: what has none would not find its way back.
  ASSIGN_OR_RETURN(store::Page<v1::Enterprise> found,
                   tables_.enterprises.table().List(
                       reader, absl::StrCat("provinces/", province), after_key, kPageRows,
                       [&](const v1::Enterprise& enterprise) {
                         return !enterprise.tax_code().empty() &&
                                enterprise.merged_into().empty() && filter.Matches(enterprise);
                       }));
  ExportPage page;
  page.last_key = std::move(found.last_key);
  for (const v1::Enterprise& enterprise : found.rows) {
    std::vector<sheet::Cell>& cells = page.rows.emplace_back(columns().size());
    for (const PlacedField& placed : fields_) {
      cells[placed.column].text = placed.field.Get(enterprise);
    }
    ASSIGN_OR_RETURN(store::Page<v1::YearProfile> years,
                     tables_.year_profiles.List(reader, enterprise.name(), "", kMaxYears));
    if (years.rows.empty()) continue;
    const v1::YearProfile& newest = years.rows.back();
    cells[year_].text = std::string(resource::LastIdOf(newest.name()));
    for (const PlacedField& placed : profile_fields_) {
      cells[placed.column].text = placed.field.Get(newest);
      cells[placed.column].number = placed.field.column().kind == Kind::kMoney;
    }
  }
  return page;
}

}  // namespace

std::unique_ptr<Dataset> EnterprisesDataset(const rows::Tables& tables, EnterpriseRules rules) {
  return std::make_unique<Enterprises>(tables, std::move(rules));
}

}  // namespace nscl::registry::imports
