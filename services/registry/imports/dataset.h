// What an import does with a row, and an export with a resource: one class for each dataset.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/sheet/sheet.h"
#include "common/store/store.h"
#include "services/registry/imports/cells.h"
#include "services/registry/imports/header.h"
#include "services/registry/store/tables.h"

namespace nscl::registry::imports {

// The rules of a resource type: those of its methods, handed over by the service.
template <typename M>
struct Rules {
  std::vector<absl::string_view> filter_fields;  // of its list
  std::function<absl::Status(M& next, const M* before, absl::CivilDay today)> normalise;
  std::function<absl::Status(store::Txn&, M& next, const M* before)> settle;  // may be null
};

// The rules of enterprises and of their figures, and the one way in which each is stored: a refusal
// comes before the first change.
struct EnterpriseRules {
  std::vector<absl::string_view> filter_fields;
  std::function<absl::Status(v1::Enterprise& next, absl::CivilDay today)> normalise;
  std::function<absl::Status(v1::YearProfile& next, const v1::Enterprise&, int year,
                             absl::CivilDay today)>
      normalise_profile;
  std::function<absl::Status(store::Txn&, const v1::Enterprise&, absl::CivilDay today)> insert;
  std::function<absl::Status(store::Txn&, const v1::Enterprise& before, const v1::Enterprise& after,
                             absl::CivilDay today)>
      update;
  std::function<absl::Status(store::Txn&, const v1::Enterprise& stored,
                             const v1::YearProfile* before, const v1::YearProfile& after)>
      put_profile;
};

// In which province, and when.
struct Scope {
  std::string province;
  absl::Time now;
  absl::CivilDay today;
};

// What became of a row that was taken.
struct Applied {
  enum class Effect { kCreated, kUpdated, kUnchanged };
  Effect effect = Effect::kUnchanged;
  std::vector<size_t> columns;  // that an update changed, by their place in the dataset
};

// A row that was read and checked as far as that can be done outside the writer.
class PreparedRow {
 public:
  virtual ~PreparedRow() = default;
  // In the writer. A refusal of the row stages nothing.
  virtual absl::StatusOr<Applied> Apply(store::Txn& txn) = 0;
};

// Whether two resources say the same.
inline bool Same(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

// Rows of an export.
struct ExportPage {
  std::vector<std::vector<sheet::Cell>> rows;
  std::string last_key;  // continue after it; empty at the end
};

class Dataset {
 public:
  explicit Dataset(v1::Operation::Dataset dataset) : columns_(ColumnsOf(dataset)) {}
  virtual ~Dataset() = default;

  const std::vector<Column>& columns() const { return columns_; }

  // What makes two rows of a file the same; empty where a row has nothing to tell it by.
  virtual std::string KeyOf(const Cells& cells) const = 0;
  // Refused: INVALID_ARGUMENT with every bad cell. A cell that is empty leaves the field as it is.
  virtual absl::StatusOr<std::unique_ptr<PreparedRow>> Prepare(const store::Reader& reader,
                                                               Cells cells,
                                                               const Scope& scope) const = 0;

  // INVALID_ARGUMENT `FILTER`.
  virtual absl::Status CheckFilter(absl::string_view filter) const = 0;
  virtual absl::StatusOr<ExportPage> Export(const store::Reader& reader,
                                            const std::string& province, absl::string_view filter,
                                            absl::string_view after_key) const = 0;

  // The reasons of a refused row in Vietnamese, fields by their titles.
  std::string ReasonOf(const absl::Status& refused) const;

 protected:
  // Adds `CELL_MISSING` for the required cells that are empty.
  void CheckRequired(const Cells& cells, status::Violations& violations) const;
  // Place of a field's column.
  size_t PlaceOf(absl::string_view field) const;

 private:
  const std::vector<Column>& columns_;
};

// The datasets, with the rules of the service. `tables` outlives them.
std::unique_ptr<Dataset> EnterprisesDataset(const rows::Tables& tables, EnterpriseRules rules);
std::unique_ptr<Dataset> SupportRecordsDataset(const rows::Tables& tables,
                                               Rules<v1::SupportRecord> rules);
std::unique_ptr<Dataset> NeedsDataset(const rows::Tables& tables, Rules<v1::Need> rules);

}  // namespace nscl::registry::imports
