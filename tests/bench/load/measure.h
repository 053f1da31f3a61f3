// What a closed loop measures: latencies of the calls that ended within the window, and the CPU
// that the measured processes used in it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace nscl::bench {

using SteadyTime = std::chrono::steady_clock::time_point;

// CPU seconds (user and system) used so far by the processes and by their children, living or
// waited for: a PostgreSQL backend counts for its postmaster.
double CpuSeconds(const std::vector<pid_t>& processes);

// Latencies of one loop; each loop writes its own, so no lock is taken while calls run.
class Latencies {
 public:
  void Add(std::chrono::nanoseconds latency) {
    micros_.push_back(static_cast<uint32_t>(latency.count() / 1000));
  }
  const std::vector<uint32_t>& micros() const { return micros_; }

 private:
  std::vector<uint32_t> micros_;
};

// The measured stretch: begins after the warm-up, ends after its length. Loops go on until `Over`.
struct Window {
  SteadyTime begin;
  SteadyTime end;
  bool Holds(SteadyTime started, SteadyTime finished) const {
    return started >= begin && finished <= end;
  }
};

struct Result {
  uint64_t calls = 0;
  uint64_t errors = 0;
  std::string first_error;
  double seconds = 0;
  double cpu_seconds = 0;
  std::vector<uint32_t> micros;

  // One line of JSON: calls, per_second, p50_us, p99_us, p999_us, cpu_us_per_call, errors.
  std::string ToJson();
};

// Sleeps to the window's begin and end and reads the processes' CPU at both.
double CpuWithin(const Window& window, const std::vector<pid_t>& processes);

}  // namespace nscl::bench
