// Closed loops of unary gRPC calls: each caller sends its next request when the answer to the last
// is there.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/bench/load/measure.h"

namespace nscl::bench {

struct GrpcLoad {
  std::string target;  // host:port
  std::string method;  // "/package.Service/Method"
  int connections = 8;
  int callers = 64;
  // Serialized request of the nth call, from 0 over all callers.
  std::function<std::string(uint64_t)> request;
  // Bearer tokens, taken in turn; none are sent when empty.
  std::vector<std::string> tokens;
  // When not 0, the loops end after so many calls and everything is measured.
  uint64_t count = 0;
  std::chrono::milliseconds warmup{300};
  std::chrono::milliseconds length{2000};
  std::vector<pid_t> processes;
};

// Runs the load. `last_response`, where given, gets the bytes of one answer.
Result RunGrpc(const GrpcLoad& load, std::string* last_response);

}  // namespace nscl::bench
