// Support history. A row is a record by its id, or by what it says where it names none.
#include "common/resource/id.h"
#include "services/registry/domain/tax_code.h"
#include "services/registry/imports/errors.h"
#include "services/registry/imports/resource_dataset.h"

namespace nscl::registry::imports {
namespace {

class SupportRecords final : public ResourceDataset<v1::SupportRecord> {
 public:
  SupportRecords(const rows::Tables& tables, Rules<v1::SupportRecord> rules)
      : ResourceDataset(v1::Operation::DATASET_SUPPORT_RECORDS, tables, tables.support_records,
                        std::move(rules)),
        id_(PlaceOf("id")),
        tax_code_(PlaceOf("tax_code")) {
    for (const Column& column : columns()) {
      if (column.field != "id" && column.field != "tax_code") AddField(column.field);
    }
  }

  std::string KeyOf(const Cells& cells) const override {
    return cells[id_].empty() ? IdOf(cells) : absl::StrCat(cells[tax_code_], "/", cells[id_]);
  }

 protected:
  absl::StatusOr<std::string> NameOf(const store::Reader& reader, const Cells& cells,
                                     const Scope& scope) const override {
    const domain::TaxCode code = domain::ReadTaxCode(cells[tax_code_]);
    ASSIGN_OR_RETURN(std::optional<std::string> enterprise,
                     tables().enterprises.FindByTaxCode(reader, scope.province, code.normalised));
    if (!enterprise.has_value()) return errors::EnterpriseUnknown(cells[tax_code_]);
    if (!cells[id_].empty()) RETURN_IF_ERROR(resource::CheckId(cells[id_], "id"));
    return absl::StrCat(*enterprise, "/supportRecords/",
                        cells[id_].empty() ? IdOf(cells) : cells[id_]);
  }
  absl::Status Complete(const store::Reader& reader, const Cells& cells, const Scope& scope,
                        bool created, v1::SupportRecord& next) const override {
    if (created) next.set_origin(v1::SupportRecord::ORIGIN_ENTERED);
    return absl::OkStatus();
  }
  std::string ParentOfAll(const std::string& province) const override {
    return absl::StrCat("provinces/", province, "/enterprises/-");
  }
  absl::StatusOr<bool> Finish(const store::Reader& reader, const v1::SupportRecord& record,
                              std::vector<sheet::Cell>& cells) const override {
    ASSIGN_OR_RETURN(v1::Enterprise enterprise,
                     tables().enterprises.Get(reader, resource::ParentOf(record.name())));
    cells[id_].text = std::string(resource::LastIdOf(record.name()));
    cells[tax_code_].text = enterprise.tax_code();
    return !enterprise.tax_code().empty();
  }

 private:
  std::string IdOf(const Cells& cells) const {
    std::vector<std::string> parts = {domain::ReadTaxCode(cells[tax_code_]).normalised,
                                      CanonicalDate(cells[PlaceOf("starts_on")])};
    for (absl::string_view field : {"programme", "content", "solution", "product"}) {
      parts.push_back(cells[PlaceOf(field)]);
    }
    return IdOfContent(parts);
  }

  const size_t id_;
  const size_t tax_code_;
};

}  // namespace

std::unique_ptr<Dataset> SupportRecordsDataset(const rows::Tables& tables,
                                               Rules<v1::SupportRecord> rules) {
  return std::make_unique<SupportRecords>(tables, std::move(rules));
}

}  // namespace nscl::registry::imports
