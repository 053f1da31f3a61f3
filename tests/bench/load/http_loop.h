// Closed loops of HTTP/1.1 calls over kept connections, all in one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/load/measure.h"

namespace nscl::bench {

struct HttpLoad {
  std::string host;
  uint16_t port = 0;
  int connections = 64;
  // The whole nth request, head and body.
  std::function<std::string(uint64_t)> request;
  std::chrono::milliseconds warmup{300};
  std::chrono::milliseconds length{2000};
  std::vector<pid_t> processes;
};

// Runs the load. An answer that is not 2xx is an error and ends its connection.
Result RunHttp(const HttpLoad& load);

}  // namespace nscl::bench
