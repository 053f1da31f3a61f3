// The metrics of a process, in Prometheus' text format on the metrics port.
//
//   nscl_rpc_calls_total{service,method,code}        calls finished
//   nscl_rpc_latency_seconds{service,method}         from the door to the answer, a histogram
//   nscl_rpc_in_flight{service,kind}                 unary calls and streams inside
//   nscl_store_memory_bytes{service,kind}            of a store's block cache and write buffers
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <array>
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
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

  // A gauge that is read whenever the metrics are, until the handle goes. `value` must not block.
  std::shared_ptr<void> Read(const std::string& name, const std::string& help,
                             const prometheus::Labels& labels, std::function<double()> value);

  // For further metrics of a service (its followers, its store).
  prometheus::Registry& registry() { return *registry_; }

  // All metrics as text.
  std::string Serialize() const;

 private:
  struct Reading {
    prometheus::Gauge* gauge;
    std::function<double()> value;
  };
  // Outlives the metrics with the last handle.
  struct Readings {
    std::mutex mutex;
    std::list<Reading> all;
  };

  std::shared_ptr<prometheus::Registry> registry_;
  std::shared_ptr<Readings> readings_ = std::make_shared<Readings>();
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& latency_;
  prometheus::Family<prometheus::Gauge>& in_flight_;
};

}  // namespace nscl::telemetry
