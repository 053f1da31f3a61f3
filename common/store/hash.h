// SHA-256, for the chain of the log, bodies of requests and the files beside the store.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct evp_md_ctx_st;

namespace nscl::store {

inline constexpr size_t kHashBytes = 32;

// Digest of the parts, one after another: 32 bytes.
std::string Sha256(std::initializer_list<absl::string_view> parts);
// Lower-case hexadecimal.
std::string Hex(absl::string_view bytes);

// A digest taken piece by piece; reusable.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;

  void Add(absl::string_view bytes);
  // Digest of what was added; the next Add starts anew.
  std::string Finish();

 private:
  evp_md_ctx_st* context_;
};

}  // namespace nscl::store
