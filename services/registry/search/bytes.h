// A stretch of memory that a segment stands in: made, or a file that is looked at in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::registry::search {

// Begins at a page. Immutable once it is shared.
class Bytes {
 public:
  static std::unique_ptr<Bytes> Make(size_t size);
  // The file must not be changed or cut while it is looked at: files are replaced, never written
  // to. NOT_FOUND, DATA_LOSS where it has another size.
  static absl::StatusOr<std::unique_ptr<Bytes>> Map(const std::string& path, size_t size);
  ~Bytes();
  Bytes(const Bytes&) = delete;

  char* data() { return data_; }
  absl::string_view view() const { return {data_, size_}; }

 private:
  Bytes(char* data, size_t size) : data_(data), size_(size) {}

  char* data_;
  size_t size_;
};

// Sixteen bytes that differ where the contents do.
std::string Checksum(absl::string_view contents);

// Stands in saved files.
uint64_t Hash(absl::string_view text);

// Replaces a file as a whole: temporary file, sync, rename, sync of the folder. Nothing of the old
// one is touched where it fails: RESOURCE_EXHAUSTED for a full volume, UNAVAILABLE.
absl::Status WriteFile(const std::string& path, absl::string_view contents);

// NOT_FOUND, UNAVAILABLE.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace nscl::registry::search
