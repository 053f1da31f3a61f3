#include "common/telemetry/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <utility>

namespace nscl::telemetry {
namespace {

// From a cached read to the longest deadline.
const prometheus::Histogram::BucketBoundaries& Buckets() {
  static const auto* const kBuckets = new prometheus::Histogram::BucketBoundaries{
      0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
      0.1,    0.25,    0.5,    1,     2.5,    5,     10,   30};
  return *kBuckets;
}

}  // namespace

MethodMetrics::MethodMetrics(prometheus::Family<prometheus::Counter>& calls,
                             prometheus::Family<prometheus::Histogram>& latency,
                             std::string service, std::string method)
    : calls_(calls),
      latency_family_(latency),
      service_(std::move(service)),
      method_(std::move(method)) {}

void MethodMetrics::Record(absl::StatusCode code, absl::Duration latency) {
  const int slot = std::clamp(static_cast<int>(code), 0, kCodes - 1);
  prometheus::Counter* counter = counters_[slot].load(std::memory_order_acquire);
  if (counter == nullptr) {
    // Two threads may both come here; a family gives the same counter for the same labels.
    counter =
        &calls_.Add({{"service", service_},
                     {"method", method_},
                     {"code", absl::StatusCodeToString(static_cast<absl::StatusCode>(slot))}});
    counters_[slot].store(counter, std::memory_order_release);
  }
  counter->Increment();
  prometheus::Histogram* histogram = latency_.load(std::memory_order_acquire);
  if (histogram == nullptr) {
    histogram = &latency_family_.Add({{"service", service_}, {"method", method_}}, Buckets());
    latency_.store(histogram, std::memory_order_release);
  }
  histogram->Observe(absl::ToDoubleSeconds(latency));
}

Metrics::Metrics()
    : registry_(
          std::make_shared<prometheus::Registry>(prometheus::Registry::InsertBehavior::Merge)),
      calls_(prometheus::BuildCounter()
                 .Name("nscl_rpc_calls_total")
                 .Help("Calls finished")
                 .Register(*registry_)),
      latency_(prometheus::BuildHistogram()
                   .Name("nscl_rpc_latency_seconds")
                   .Help("From the door to the answer")
                   .Register(*registry_)),
      in_flight_(prometheus::BuildGauge()
                     .Name("nscl_rpc_in_flight")
                     .Help("Calls inside")
                     .Register(*registry_)) {}

std::unique_ptr<MethodMetrics> Metrics::ForMethod(const std::string& service,
                                                  const std::string& method) {
  return std::make_unique<MethodMetrics>(calls_, latency_, service, method);
}

prometheus::Gauge& Metrics::InFlight(const std::string& service, const std::string& kind) {
  return in_flight_.Add({{"service", service}, {"kind", kind}});
}

std::shared_ptr<void> Metrics::Read(const std::string& name, const std::string& help,
                                    const prometheus::Labels& labels,
                                    std::function<double()> value) {
  prometheus::Gauge& gauge =
      prometheus::BuildGauge().Name(name).Help(help).Register(*registry_).Add(labels);
  std::lock_guard<std::mutex> lock(readings_->mutex);
  const auto at = readings_->all.insert(readings_->all.end(), {&gauge, std::move(value)});
  return std::shared_ptr<void>(nullptr, [readings = readings_, at](void*) {
    std::lock_guard<std::mutex> lock(readings->mutex);
    readings->all.erase(at);
  });
}

std::string Metrics::Serialize() const {
  {
    std::lock_guard<std::mutex> lock(readings_->mutex);
    for (const Reading& reading : readings_->all) reading.gauge->Set(reading.value());
  }
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace nscl::telemetry
