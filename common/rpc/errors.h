// Refusals of the door itself.
#pragma once

#include "absl/status/status.h"

namespace nscl::rpc::errors {

// RESOURCE_EXHAUSTED `OVERLOADED` with RetryInfo, 1 to 5 s by chance so that the refused do not
// return together.
absl::Status Overloaded();
// UNAVAILABLE `DRAINING`: the server is stopping; another, or the same one later, answers.
absl::Status Draining();
// UNAVAILABLE `STREAM_ENDED`: the stream has lived its time, or its token has; resume by cursor.
absl::Status StreamEnded();
// DEADLINE_EXCEEDED `DEADLINE_EXCEEDED`: before any work was done.
absl::Status DeadlineExceeded();
// UNAVAILABLE `PEER_UNAVAILABLE`: another service failed so often that it is left alone for a
// while, or has as many calls of ours as it may.
absl::Status PeerResting(absl::Duration rest);
absl::Status PeerBusy(int in_flight);
// CANCELLED `CANCELLED`: the caller has gone.
absl::Status Cancelled();

}  // namespace nscl::rpc::errors
