#include "services/registry/store/enterprises.h"

#include <utility>

#include "common/status/status_macros.h"
#include "nscl/registry/v1/event_service.pb.h"
#include "services/registry/errors.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::rows {
namespace {

constexpr char kPattern[] = "provinces/{province}/enterprises/{enterprise}";

// The ten digits of the head.
constexpr size_t kHeadDigits = 10;

// "" where there is no tax code to be found by.
std::string TaxCodeKeyOf(const v1::Enterprise& enterprise) {
  if (enterprise.tax_code().empty()) return "";
  return TaxCodeKey(resource::ProvinceOf(enterprise.name()), enterprise.tax_code());
}

void IndexTaxCode(store::Txn& txn, const v1::Enterprise* before, const v1::Enterprise* after) {
  std::string old_key = before == nullptr ? "" : TaxCodeKeyOf(*before);
  std::string new_key = after == nullptr ? "" : TaxCodeKeyOf(*after);
  if (old_key == new_key) return;
  if (!old_key.empty()) txn.EraseDerived(old_key);
  if (!new_key.empty()) txn.PutDerived(new_key, resource::LastIdOf(after->name()));
}

}  // namespace

Enterprises::Enterprises()
    : names_(kPattern),
      table_({kEnterpriseKind, kPattern, "enterprise", v1::Event::kEnterpriseFieldNumber},
             IndexTaxCode) {}

absl::StatusOr<v1::Enterprise> Enterprises::Get(const store::Reader& reader,
                                                absl::string_view name) const {
  return Load(reader, name, /*etag=*/"");
}

absl::StatusOr<std::string> Enterprises::GetBytes(const store::Reader& reader,
                                                  absl::string_view name) const {
  if (!names_.Matches(name)) return names_.Parse(name).status();
  return table_.GetBytes(reader, name);
}

absl::StatusOr<v1::Enterprise> Enterprises::Load(const store::Reader& reader,
                                                 absl::string_view name,
                                                 absl::string_view etag) const {
  if (!names_.Matches(name)) return names_.Parse(name).status();
  return table_.Load(reader, name, etag);
}

absl::Status Enterprises::CheckTaxCodeFree(const store::Reader& reader,
                                           const v1::Enterprise& enterprise) const {
  if (enterprise.tax_code().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      std::optional<std::string> holder,
      FindByTaxCode(reader, resource::ProvinceOf(enterprise.name()), enterprise.tax_code()));
  if (!holder.has_value() || *holder == enterprise.name()) return absl::OkStatus();
  return errors::TaxCodeExists(enterprise.tax_code(), *holder);
}

absl::StatusOr<std::string> Enterprises::Insert(store::Txn& txn, v1::Enterprise enterprise) const {
  RETURN_IF_ERROR(CheckTaxCodeFree(txn, enterprise));
  return table_.InsertBytes(txn, std::move(enterprise));
}

absl::StatusOr<v1::Enterprise> Enterprises::Update(store::Txn& txn, const v1::Enterprise& before,
                                                   v1::Enterprise after) const {
  RETURN_IF_ERROR(CheckTaxCodeFree(txn, after));
  return table_.Update(txn, before, std::move(after));
}

absl::StatusOr<std::optional<std::string>> Enterprises::FindByTaxCode(
    const store::Reader& reader, absl::string_view province, absl::string_view tax_code) const {
  ASSIGN_OR_RETURN(std::optional<std::string> id, reader.Get(TaxCodeKey(province, tax_code)));
  if (!id.has_value()) return std::nullopt;
  return names_.Format({province, *id});
}

absl::StatusOr<std::optional<std::string>> Enterprises::FindHead(
    const store::Reader& reader, absl::string_view province, absl::string_view branch_tax_code,
    const std::vector<std::string>& provinces) const {
  const absl::string_view head = branch_tax_code.substr(0, kHeadDigits);
  ASSIGN_OR_RETURN(std::optional<std::string> name, FindByTaxCode(reader, province, head));
  if (name.has_value()) return name;
  for (const std::string& other : provinces) {
    ASSIGN_OR_RETURN(name, FindByTaxCode(reader, other, head));
    if (name.has_value()) return name;
  }
  return name;
}

absl::StatusOr<v1::Enterprise> Enterprises::GetAsOf(const store::Store& store,
                                                    absl::string_view name,
                                                    int64_t revision) const {
  if (!names_.Matches(name)) return names_.Parse(name).status();
  return table_.GetAsOf(store, name, revision);
}

}  // namespace nscl::registry::rows
