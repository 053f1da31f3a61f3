// The log line and the metrics of each HTTP call.
#pragma once

#include <functional>
#include <memory>

#include "common/telemetry/metrics.h"
#include "services/gateway/gateway.h"

namespace nscl::gateway {

// For Options::on_access: a line in the process's log; a counter
// nscl_gateway_calls_total{method,code} and a histogram nscl_gateway_latency_seconds in the
// metrics.
std::function<void(const AccessRecord&)> AccessLog(std::shared_ptr<telemetry::Metrics> metrics);

}  // namespace nscl::gateway
