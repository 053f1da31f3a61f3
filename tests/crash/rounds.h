// How often a crash test kills, when, and how a run is repeated.
//
//   NSCL_SEED=<n> repeats a run; NSCL_KILLS=<n> makes a soak of it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "common/testing/random.h"

namespace nscl::crash {

// Acknowledged writes that a kill must have before it, or the round shows nothing.
inline constexpr size_t kMinAcknowledged = 100;

inline int Kills(int usual) {
  const char* given = std::getenv("NSCL_KILLS");
  return given != nullptr ? std::atoi(given) : usual;
}

}  // namespace nscl::crash
