// Datasets whose rows are one resource each, applied whole in the writer: support records, needs.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/resource/filter.h"
#include "common/status/status_macros.h"
#include "common/store/hash.h"
#include "services/registry/imports/dataset.h"

namespace nscl::registry::imports {

// The id of a row that names none: by what it says, so that the same row comes back to the same
// resource.
inline std::string IdOfContent(const std::vector<std::string>& parts) {
  constexpr size_t kDigits = 32;
  return absl::StrCat(
      "f", store::Hex(store::Sha256({absl::StrJoin(parts, std::string(1, 0))})).substr(0, kDigits));
}

template <typename M>
class ResourceDataset : public Dataset {
 public:
  ResourceDataset(v1::Operation::Dataset dataset, const rows::Tables& tables,
                  const rows::Rows<M>& rows, Rules<M> rules)
      : Dataset(dataset), tables_(tables), rows_(rows), rules_(std::move(rules)) {}

  absl::StatusOr<std::unique_ptr<PreparedRow>> Prepare(const store::Reader& reader, Cells cells,
                                                       const Scope& scope) const override {
    status::Violations violations;
    CheckRequired(cells, violations);
    M patch;
    Fill(cells, patch, violations);
    RETURN_IF_ERROR(violations.ToStatus());
    return std::make_unique<Row>(*this, std::move(cells), scope);
  }

  absl::Status CheckFilter(absl::string_view filter) const override {
    return resource::Filter::Parse(filter, M::descriptor(), rules_.filter_fields).status();
  }

  absl::StatusOr<ExportPage> Export(const store::Reader& reader, const std::string& province,
                                    absl::string_view filter_text,
                                    absl::string_view after_key) const override {
    constexpr size_t kPageRows = 500;
    ASSIGN_OR_RETURN(resource::Filter filter,
                     resource::Filter::Parse(filter_text, M::descriptor(), rules_.filter_fields));
    ASSIGN_OR_RETURN(store::Page<M> found,
                     rows_.List(reader, ParentOfAll(province), std::nullopt, after_key, kPageRows,
                                [&](const M& row) { return filter.Matches(row); }));
    ExportPage page;
    page.last_key = std::move(found.last_key);
    for (const M& resource : found.rows) {
      std::vector<sheet::Cell> cells(columns().size());
      for (const auto& [column, field] : fields_) {
        cells[column] = {field.Get(resource), field.column().kind == Kind::kMoney};
      }
      ASSIGN_OR_RETURN(bool shown, Finish(reader, resource, cells));
      if (shown) page.rows.push_back(std::move(cells));
    }
    return page;
  }

 protected:
  // The resource's fields that columns fill as they are; the others are the subclass's.
  void AddField(absl::string_view field) {
    const size_t column = PlaceOf(field);
    fields_.emplace_back(column, Field(M::descriptor(), field, columns()[column]));
  }

  // Which resource the row is: its name. Refused where it names what is not there.
  virtual absl::StatusOr<std::string> NameOf(const store::Reader& reader, const Cells& cells,
                                             const Scope& scope) const = 0;
  // Fills the fields that other rows decide.
  virtual absl::Status Complete(const store::Reader& reader, const Cells& cells, const Scope& scope,
                                bool created, M& next) const = 0;
  // The parent that lists all of a province.
  virtual std::string ParentOfAll(const std::string& province) const = 0;
  // Fills the cells that other rows decide; false where the resource is left out.
  virtual absl::StatusOr<bool> Finish(const store::Reader& reader, const M& resource,
                                      std::vector<sheet::Cell>& cells) const = 0;

  const rows::Tables& tables() const { return tables_; }
  const rows::Rows<M>& rows() const { return rows_; }

 private:
  class Row final : public PreparedRow {
   public:
    Row(const ResourceDataset& dataset, Cells cells, Scope scope)
        : dataset_(dataset), cells_(std::move(cells)), scope_(std::move(scope)) {}
    absl::StatusOr<Applied> Apply(store::Txn& txn) override {
      return dataset_.Apply(txn, cells_, scope_);
    }

   private:
    const ResourceDataset& dataset_;
    const Cells cells_;
    const Scope scope_;
  };

  void Fill(const Cells& cells, M& resource, status::Violations& violations) const {
    for (const auto& [column, field] : fields_) {
      if (!cells[column].empty()) field.Set(cells[column], &resource, violations);
    }
  }

  absl::StatusOr<Applied> Apply(store::Txn& txn, const Cells& cells, const Scope& scope) const {
    ASSIGN_OR_RETURN(std::string name, NameOf(txn, cells, scope));
    ASSIGN_OR_RETURN(bool exists, rows_.Exists(txn, name));
    std::optional<M> current;
    M next;
    if (exists) {
      ASSIGN_OR_RETURN(current, rows_.Load(txn, name));
      next = *current;
    }
    next.set_name(name);
    const M* before = current.has_value() ? &*current : nullptr;
    status::Violations violations;
    Fill(cells, next, violations);
    RETURN_IF_ERROR(Complete(txn, cells, scope, before == nullptr, next));
    violations.AddAll(rules_.normalise(next, before, scope.today), "");
    RETURN_IF_ERROR(violations.ToStatus());
    Applied applied;
    // What says nothing new is no change, also where changes are not taken any more.
    if (before != nullptr && Same(*before, next)) return applied;
    if (rules_.settle) RETURN_IF_ERROR(rules_.settle(txn, next, before));
    if (before == nullptr) {
      RETURN_IF_ERROR(rows_.Insert(txn, next).status());
      applied.effect = Applied::Effect::kCreated;
      return applied;
    }
    if (Same(*before, next)) return applied;
    RETURN_IF_ERROR(rows_.Update(txn, *before, next).status());
    applied.effect = Applied::Effect::kUpdated;
    for (const auto& [column, field] : fields_) {
      if (field.Differs(*before, next)) applied.columns.push_back(column);
    }
    return applied;
  }

  const rows::Tables& tables_;
  const rows::Rows<M>& rows_;
  const Rules<M> rules_;
  std::vector<std::pair<size_t, Field>> fields_;
};

}  // namespace nscl::registry::imports
