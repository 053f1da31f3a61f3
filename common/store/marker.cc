#include "common/store/marker.h"

#include <openssl/rand.h>
#include <rocksdb/env.h>

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/hash.h"
#include "common/store/sealed_file.h"

namespace nscl::store {
namespace {

constexpr char kFormat[] = "nscl-store";

}  // namespace

absl::Status WriteMarker(rocksdb::Env* env, const std::string& store_path, const Marker& marker) {
  return WriteSealedFile(env, absl::StrCat(store_path, "/", kMarkerName),
                         {{kFormat, "1"},
                          {"service", marker.service},
                          {"schema_version", absl::StrCat(marker.schema_version)},
                          {"installation", marker.installation},
                          {"epoch", absl::StrCat(marker.epoch)}});
}

absl::StatusOr<Marker> ReadMarker(rocksdb::Env* env, const std::string& store_path) {
  const std::string path = absl::StrCat(store_path, "/", kMarkerName);
  ASSIGN_OR_RETURN(SealedLines lines, ReadSealedFile(env, path));
  if (lines.empty() || lines[0] != std::pair<std::string, std::string>(kFormat, "1")) {
    return errors::StoreCorrupt(path, "the marker's format is not known");
  }
  Marker marker;
  for (const auto& [key, value] : lines) {
    if (key == "service") marker.service = value;
    if (key == "installation") marker.installation = value;
    if (key == "schema_version" && !absl::SimpleAtoi(value, &marker.schema_version)) {
      return errors::StoreCorrupt(path, "schema_version is not a number");
    }
    if (key == "epoch" && !absl::SimpleAtoi(value, &marker.epoch)) {
      return errors::StoreCorrupt(path, "epoch is not a number");
    }
  }
  return marker;
}

std::string NewUuid() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof(bytes)) != 1) std::abort();
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string hex = Hex(absl::string_view(reinterpret_cast<const char*>(bytes), sizeof(bytes)));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

}  // namespace nscl::store
