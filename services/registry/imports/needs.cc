// Needs. A row is a need by its id, or by what it says where it names none.
#include "absl/strings/match.h"
#include "common/resource/id.h"
#include "common/text/search_key.h"
#include "services/registry/domain/tax_code.h"
#include "services/registry/imports/errors.h"
#include "services/registry/imports/resource_dataset.h"

namespace nscl::registry::imports {
namespace {

class Needs final : public ResourceDataset<v1::Need> {
 public:
  Needs(const rows::Tables& tables, Rules<v1::Need> rules)
      : ResourceDataset(v1::Operation::DATASET_NEEDS, tables, tables.needs, std::move(rules)),
        id_(PlaceOf("id")),
        tax_code_(PlaceOf("tax_code")),
        proposed_by_(PlaceOf("proposed_by")) {
    for (const Column& column : columns()) {
      if (column.field != "id" && column.field != "tax_code" && column.field != "proposed_by") {
        AddField(column.field);
      }
    }
  }

  std::string KeyOf(const Cells& cells) const override {
    return cells[id_].empty() ? IdOf(cells) : cells[id_];
  }

 protected:
  absl::StatusOr<std::string> NameOf(const store::Reader& reader, const Cells& cells,
                                     const Scope& scope) const override {
    if (!cells[id_].empty()) RETURN_IF_ERROR(resource::CheckId(cells[id_], "id"));
    return rows().names().Format({scope.province, cells[id_].empty() ? IdOf(cells) : cells[id_]});
  }
  absl::Status Complete(const store::Reader& reader, const Cells& cells, const Scope& scope,
                        bool created, v1::Need& next) const override {
    // An organisation of the province by its id, one of elsewhere by its name.
    const std::string& by = cells[proposed_by_];
    next.set_proposed_by(absl::StartsWith(by, "provinces/")
                             ? by
                             : absl::StrCat("provinces/", scope.province, "/organisations/", by));
    if (cells[tax_code_].empty()) return absl::OkStatus();
    const domain::TaxCode code = domain::ReadTaxCode(cells[tax_code_]);
    ASSIGN_OR_RETURN(std::optional<std::string> enterprise,
                     tables().enterprises.FindByTaxCode(reader, scope.province, code.normalised));
    if (!enterprise.has_value()) return errors::EnterpriseUnknown(cells[tax_code_]);
    next.set_enterprise(*enterprise);
    return absl::OkStatus();
  }
  std::string ParentOfAll(const std::string& province) const override {
    return absl::StrCat("provinces/", province);
  }
  absl::StatusOr<bool> Finish(const store::Reader& reader, const v1::Need& need,
                              std::vector<sheet::Cell>& cells) const override {
    cells[id_].text = std::string(resource::LastIdOf(need.name()));
    const bool ours = resource::ProvinceOf(need.proposed_by()) == resource::ProvinceOf(need.name());
    cells[proposed_by_].text =
        ours ? std::string(resource::LastIdOf(need.proposed_by())) : need.proposed_by();
    if (need.enterprise().empty()) return true;
    ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                     tables().enterprises.Get(reader, need.enterprise()));
    // Without a tax code the row is known by its id.
    cells[tax_code_].text = enterprise.tax_code();
    return true;
  }

 private:
  std::string IdOf(const Cells& cells) const {
    std::vector<std::string> parts = {domain::ReadTaxCode(cells[tax_code_]).normalised};
    for (absl::string_view field : {"content", "solution", "year", "proposed_by"}) {
      parts.push_back(cells[PlaceOf(field)]);
    }
    parts.push_back(text::SearchKey(cells[PlaceOf("enterprise_name")]));
    return IdOfContent(parts);
  }

  const size_t id_;
  const size_t tax_code_;
  const size_t proposed_by_;
};

}  // namespace

std::unique_ptr<Dataset> NeedsDataset(const rows::Tables& tables, Rules<v1::Need> rules) {
  return std::make_unique<Needs>(tables, std::move(rules));
}

}  // namespace nscl::registry::imports
