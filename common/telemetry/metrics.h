// The metrics of a process, in Prometheus' text format on the metrics port.
//
//   nscl_rpc_calls_total{service,method,code}        calls finished
//   nscl_rpc_latency_seconds{service,method}         from the door to the answer, a histogram
//   nscl_rpc_in_flight{service,kind}                 unary calls and streams inside
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace nscl::telemetry {

// Metrics of one method: resolved once, then a counter and a histogram a call.
class MethodMetrics {
 public:
  MethodMetrics(prometheus::Family<prometheus::Counter>& calls,
                prometheus::Family<prometheus::Histogram>& latency, std::string service,
                std::string method);

  void Record(absl::StatusCode code, absl::Duration latency);

 private:
  static constexpr int kCodes = 17;  // of gRPC

  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& latency_family_;
  const std::string service_, method_;
  // Made at the first call, so that methods and codes that never happen are not listed.
  std::array<std::atomic<prometheus::Counter*>, kCodes> counters_ = {};
  std::atomic<prometheus::Histogram*> latency_{nullptr};
};

class Metrics {
 public:
  Metrics();

  std::unique_ptr<MethodMetrics> ForMethod(const std::string& service, const std::string& method);
  // `kind` is "unary" or "stream".
  prometheus::Gauge& InFlight(const std::string& service, const std::string& kind);

  // For further metrics of a service (its followers, its store).
  prometheus::Registry& registry() { return *registry_; }

  // All metrics as text.
  std::string Serialize() const;

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& latency_;
  prometheus::Family<prometheus::Gauge>& in_flight_;
};

}  // namespace nscl::telemetry
