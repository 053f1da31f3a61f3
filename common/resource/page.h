// Paging of lists (AIP-158).
#pragma once

#include <google/protobuf/message.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::resource {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 500;

// 0 is 50, more than 500 is 500. INVALID_ARGUMENT `PAGE_SIZE` below 0.
absl::StatusOr<int> PageSize(int32_t page_size);

// Makes and reads page tokens: opaque, and of use only to the caller who got them, with the same
// method and the same request (its page size may differ).
class PageTokens {
 public:
  // `secret` must outlive restarts and differ between installations: the installation id of the
  // store's marker.
  explicit PageTokens(absl::string_view secret) : secret_(secret) {}

  // Token to go on after `last_key`; "" where that is empty, at the end of a list.
  std::string Make(absl::string_view method, absl::string_view actor,
                   const google::protobuf::Message& request, absl::string_view last_key) const;

  // The key to go on after; "" for a request without `page_token`. INVALID_ARGUMENT `PAGE_TOKEN`
  // where the token was not made for this query and caller, or was changed.
  absl::StatusOr<std::string> Read(absl::string_view method, absl::string_view actor,
                                   const google::protobuf::Message& request) const;

 private:
  std::string Seal(absl::string_view method, absl::string_view actor,
                   const google::protobuf::Message& request, absl::string_view last_key) const;

  std::string secret_;
};

}  // namespace nscl::resource
