// Seeded randomness for tests: every run prints its seed and takes one.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace nscl::testing {

// NSCL_SEED, or one from the machine. Prints it, so that a failure can be brought back with
// NSCL_SEED=<seed>.
inline uint64_t Seed() {
  const char* given = std::getenv("NSCL_SEED");  // NOLINT(concurrency-mt-unsafe): no test sets it
  const uint64_t seed = given != nullptr
                            ? std::strtoull(given, nullptr, 10)
                            : (uint64_t{std::random_device{}()} << 32) + std::random_device{}();
  std::printf("NSCL_SEED=%llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return seed;
}

inline std::mt19937_64 SeededRandom() { return std::mt19937_64(Seed()); }

}  // namespace nscl::testing
