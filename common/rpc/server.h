// A gRPC server with the limits, the health service, the reflection and the shutdown that all of
// ours have.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/server.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/door.h"
#include "common/rpc/limits.h"
#include "common/rpc/reflection.h"
#include "common/rpc/tls.h"

namespace grpc {
class CallbackGenericService;
}

namespace nscl::rpc {

class Server {
 public:
  struct Options {
    std::string service;  // "casework"
    // Full names of the services that health and reflection tell of; those of nscl.<service>.v1
    // where empty.
    std::vector<std::string> told;
    // "unix:/data/casework.sock", "127.0.0.1:0" (a free port), "0.0.0.0:7443". None: in process
    // only.
    std::string address;
    std::optional<TlsFiles> tls;  // required unless the address is a unix socket or loopback
    std::vector<grpc::Service*> services;
    grpc::CallbackGenericService* generic = nullptr;  // takes the methods that no service has
    Door* door = nullptr;                             // its streams end when the server drains
    absl::Duration drain_accept = limits::kDrainAccept;
    absl::Duration drain_finish = limits::kDrainFinish;
  };

  // Binds and serves. Health says NOT_SERVING until SetServing(true). INVALID_ARGUMENT without the
  // TLS files that the address needs, UNAVAILABLE where it cannot be bound.
  static absl::StatusOr<std::unique_ptr<Server>> Start(Options options);
  // Drains where Drain was not called.
  ~Server();

  // Readiness, in health and in `ready()`.
  void SetServing(bool serving);
  // For /readyz: OK while serving.
  absl::Status Ready() const;
  // For /livez: dials the own address afresh and waits at most 2 s for an answer. A listener that
  // died of descriptor exhaustion fails here and nowhere else.
  absl::Status Live() const;

  // NOT_SERVING at once, streams ended, calls still taken for `drain_accept`, running ones finished
  // within `drain_finish`, then cancelled. Returns when no call is left.
  void Drain();

  // Port bound, 0 for unix sockets; the target that clients on this machine dial.
  int port() const { return port_; }
  const std::string& target() const { return target_; }
  // For tests and benchmarks: ignores retries, and must not be called after Drain.
  std::shared_ptr<grpc::Channel> InProcessChannel();

 private:
  explicit Server(Options options);

  Options options_;
  Reflection reflection_;
  std::unique_ptr<grpc::Server> server_;
  std::string target_;
  int port_ = 0;
  std::atomic<bool> serving_{false};
  std::atomic<bool> drained_{false};
};

// SIGTERM and SIGINT of a process. Made first in main, before any thread, which inherit its mask.
class Termination {
 public:
  Termination();
  // Waits for one of the signals; returns its number.
  int Wait();
};

}  // namespace nscl::rpc
