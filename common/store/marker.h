// The marker in a store's folder: whose store it is. Written last when a store is made, so that a
// folder without it holds nothing that was ever acknowledged.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace rocksdb {
class Env;
}

namespace nscl::store {

inline constexpr char kMarkerName[] = "NSCL_STORE";
// Stands in a folder while a store is being made there; what is found with it may be removed.
inline constexpr char kInitName[] = "NSCL_INIT";
// Held while the store is open.
inline constexpr char kLockName[] = "NSCL_LOCK";

struct Marker {
  std::string service;
  int schema_version = 0;
  std::string installation;  // UUID, made once by init and kept by restores
  int64_t epoch = 0;
};

absl::Status WriteMarker(rocksdb::Env* env, const std::string& store_path, const Marker& marker);
// NOT_FOUND without one, DATA_LOSS where it is damaged.
absl::StatusOr<Marker> ReadMarker(rocksdb::Env* env, const std::string& store_path);

// A random UUID (version 4).
std::string NewUuid();

}  // namespace nscl::store
