#include "services/registry/imports/work.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"

namespace nscl::registry::imports {

store::Command OperationCommand(
    const Workshop& workshop, const v1::Operation& operation,
    std::function<absl::Status(store::Txn&, v1::Operation& current)> change) {
  store::Command command;
  command.origin.actor = operation.requested_by();
  command.origin.method =
      operation.kind() == v1::Operation::KIND_IMPORT ? "internal:import" : "internal:export";
  command.origin.province = std::string(resource::ProvinceOf(operation.name()));
  command.origin.resource = operation.name();
  command.apply = [&workshop, name = operation.name(),
                   change = std::move(change)](store::Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(v1::Operation before, workshop.tables.operations.Load(txn, name));
    if (before.state() != v1::Operation::STATE_RUNNING) {
      return absl::CancelledError("the operation is not at work any more");
    }
    v1::Operation after = before;
    RETURN_IF_ERROR(change(txn, after));
    RETURN_IF_ERROR(workshop.tables.operations.Update(txn, before, std::move(after)).status());
    return std::string();
  };
  return command;
}

void End(absl::Duration files_kept, const store::Txn& txn, v1::Operation::State state,
         v1::Operation& operation) {
  operation.set_state(state);
  *operation.mutable_end_time() = time::ToTimestamp(txn.commit_time());
  *operation.mutable_expire_time() = time::ToTimestamp(txn.commit_time() + files_kept);
}

v1::OperationFailure FailureOf(const absl::Status& why) {
  v1::OperationFailure failure;
  failure.set_reason(status::ReasonOf(why));
  if (failure.reason().empty()) failure.set_reason(absl::StatusCodeToString(why.code()));
  failure.set_message(std::string(why.message()));
  failure.set_message_vi(status::LocalizedMessageOf(why));
  int64_t row = 0;
  if (absl::SimpleAtoi(status::MetadataOf(why, "row"), &row)) failure.set_row(row);
  failure.set_column(status::MetadataOf(why, "column"));
  return failure;
}

}  // namespace nscl::registry::imports
