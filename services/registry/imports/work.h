// The work of one operation, step by step: between two steps another may have its turn, and the
// process may end.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/store/store.h"
#include "common/time/clock.h"
#include "services/registry/imports/dataset.h"
#include "services/registry/imports/files.h"

namespace nscl::registry::imports {

// What all works use; it outlives them.
struct Workshop {
  store::Store& store;
  const rows::Tables& tables;
  const time::Clock& clock;
  Files& files;
  std::function<const Dataset&(v1::Operation::Dataset)> dataset;
  absl::Duration files_kept;  // after the end of an operation
  std::function<bool()> stopping;
};

class Work {
 public:
  virtual ~Work() = default;
  // True while there is more to do. CANCELLED where the operation is not at work any more, which
  // is no failure; UNAVAILABLE where the store is closing.
  virtual absl::StatusOr<bool> Step() = 0;
};

std::unique_ptr<Work> ImportWork(const Workshop& workshop, const v1::Operation& operation);
std::unique_ptr<Work> ExportWork(const Workshop& workshop, const v1::Operation& operation);

// A command in the name of the one who asked for the operation. `change` stages what it does and
// alters the operation, which is stored with it. CANCELLED where it is not at work any more.
store::Command OperationCommand(
    const Workshop& workshop, const v1::Operation& operation,
    std::function<absl::Status(store::Txn&, v1::Operation& current)> change);

// Marks an operation as ended: state, times.
void End(absl::Duration files_kept, const store::Txn& txn, v1::Operation::State state,
         v1::Operation& operation);

// What an operation says of why it failed.
v1::OperationFailure FailureOf(const absl::Status& why);

}  // namespace nscl::registry::imports
