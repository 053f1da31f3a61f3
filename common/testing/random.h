// Seeded randomness for tests: every run prints its seed and takes one.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace nscl::testing {

// A generator seeded from NSCL_TEST_SEED, or from the machine; prints the seed, so that a failure
// can be brought back with NSCL_TEST_SEED=<seed>.
inline std::mt19937_64 SeededRandom() {
  const char* given = std::getenv("NSCL_TEST_SEED");
  uint64_t seed = given != nullptr
                      ? std::strtoull(given, nullptr, 10)
                      : (uint64_t{std::random_device{}()} << 32) + std::random_device{}();
  std::cout << "NSCL_TEST_SEED=" << seed << std::endl;
  return std::mt19937_64(seed);
}

}  // namespace nscl::testing
