// What a cluster or value chain must be.
#pragma once

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nscl/registry/v1/cluster.pb.h"

namespace nscl::registry::domain {

// Cleans a cluster that is to be stored: INVALID_ARGUMENT with every bad field.
absl::Status NormaliseCluster(v1::Cluster& cluster, const v1::Cluster* before,
                              absl::CivilDay today);

}  // namespace nscl::registry::domain
