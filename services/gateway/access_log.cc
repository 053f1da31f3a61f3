#include "services/gateway/access_log.h"

#include "absl/strings/str_cat.h"
#include "common/telemetry/log.h"

namespace nscl::gateway {

std::function<void(const AccessRecord&)> AccessLog(std::shared_ptr<telemetry::Metrics> metrics) {
  auto& calls = prometheus::BuildCounter()
                    .Name("nscl_gateway_calls_total")
                    .Help("HTTP calls answered")
                    .Register(metrics->registry());
  auto& latency = prometheus::BuildHistogram()
                      .Name("nscl_gateway_latency_seconds")
                      .Help("From the whole request to the answer")
                      .Register(metrics->registry())
                      .Add({}, prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005,
                                                                       0.01, 0.025, 0.05, 0.1, 0.25,
                                                                       0.5, 1, 2.5, 5, 10, 30});
  return [metrics, &calls, &latency](const AccessRecord& record) {
    calls.Add({{"method", record.grpc_method}, {"code", absl::StrCat(record.http_code)}})
        .Increment();
    latency.Observe(absl::ToDoubleSeconds(record.duration));
    telemetry::Log(telemetry::Level::kInfo, "http call",
                   {{"service", "gateway"},
                    {"peer", record.peer},
                    {"http_method", record.http_method},
                    {"method", record.grpc_method},
                    {"http_code", record.http_code},
                    {"reason", record.reason},
                    {"latency_us", absl::ToInt64Microseconds(record.duration)}});
  };
}

}  // namespace nscl::gateway
