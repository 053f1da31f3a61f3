// What stands between us and a peer that is slow or dead: at most so many calls at once, and none
// for a while after failures in a row, so that our threads and its recovery are not spent on waits.
#pragma once

#include <grpcpp/support/client_interceptor.h>

#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/limits.h"
#include "common/time/clock.h"

namespace nscl::rpc {

// Thread-safe.
class Circuit {
 public:
  struct Options {
    int max_in_flight = limits::kPeerInFlight;
    int failures_to_open = limits::kPeerFailures;
    absl::Duration open_for = limits::kPeerRest;
    const time::Clock* clock = nullptr;  // null: the machine's
  };

  Circuit() : Circuit(Options{}) {}
  explicit Circuit(Options options);

  // OK: the call is inside until Leave. Refused with UNAVAILABLE `PEER_UNAVAILABLE`, while the peer
  // rests or its places are taken. After the rest one call is let in; the others follow when it
  // succeeded.
  absl::Status Enter();
  // Ends a call that was let in. A failure is the peer's: it was not there, or not in time. What it
  // answers, refusals included, shows that it lives; what we cancelled shows nothing.
  void Leave(absl::StatusCode outcome);

  int in_flight() const;

 private:
  const Options options_;
  mutable std::mutex mutex_;
  int in_flight_ = 0;
  int failures_ = 0;     // in a row
  bool trying_ = false;  // the one call after a rest is under way
  absl::Time rests_until_ = absl::InfinitePast();
};

// Puts a circuit around all unary calls of a channel. Streams pass: each has its own life, and its
// follower its own patience.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> GuardedBy(
    std::shared_ptr<Circuit> circuit);

}  // namespace nscl::rpc
