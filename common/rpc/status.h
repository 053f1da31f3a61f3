// absl::Status and google.rpc.Status: details travel as payloads inside a process and in
// `grpc-status-details-bin` between processes.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::rpc {

// For the wire: every payload becomes a detail, in order of type URL, so that equal statuses are
// equal bytes. Payloads under "nscl.internal/" stay behind. Violations that do not fit into
// kMaxStatusBytes are left out from the end, and counted in the last one kept.
grpc::Status ToGrpcStatus(const absl::Status& status);

// From the wire, with all details.
absl::Status FromGrpcStatus(const grpc::Status& status);

// What a caller may see of a status: always with ErrorInfo; the text of an INTERNAL, UNKNOWN or
// DATA_LOSS without one is replaced by the incident's id, under which the log has it.
absl::Status Outward(const absl::Status& status, absl::string_view incident);

}  // namespace nscl::rpc
