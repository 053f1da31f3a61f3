// The metrics port: plain HTTP for Prometheus and for the probes of Kubernetes (its gRPC probe
// speaks no TLS). Bind it to an address that only they reach.
//
//   GET /metrics   Prometheus' text format
//   GET /readyz    200 "ok" while calls are taken, else 503 with what is missing
//   GET /livez     200 "ok" while a new connection to the service's own port is served, else 503
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/telemetry/metrics.h"

struct mg_context;

namespace nscl::telemetry {

class HttpPort {
 public:
  struct Options {
    std::string address = "127.0.0.1:0";  // host:port; port 0 picks one
    std::shared_ptr<Metrics> metrics;
    std::function<absl::Status()> ready;  // null: always
    std::function<absl::Status()> live;   // null: always
  };

  // UNAVAILABLE where the port cannot be bound.
  static absl::StatusOr<std::unique_ptr<HttpPort>> Start(Options options);
  ~HttpPort();

  int port() const { return port_; }

 private:
  explicit HttpPort(Options options) : options_(std::move(options)) {}

  Options options_;
  mg_context* context_ = nullptr;
  int port_ = 0;
};

}  // namespace nscl::telemetry
