// The header bytes of a request, checked by us before any parser sees them.
//
// Boost.Beast 1.74 accepts folded headers, two `Host`s, two `Authorization`s and two equal
// `Content-Length`s; anything on which two programs in a row could disagree is refused here
// instead.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/gateway/limits.h"

namespace nscl::gateway {

// What the head of a request says.
struct HttpHead {
  std::string method;
  std::string target;
  // Names in lower case; every name once, but for `accept` and `cookie`-like lists, which are
  // joined by
  // ", ".
  std::vector<std::pair<std::string, std::string>> headers;
  bool chunked = false;
  bool has_content_length = false;
  size_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;

  // "" where absent.
  absl::string_view Header(absl::string_view lower_case_name) const;
};

// Looks at the bytes that came so far: how many belong to the head ("\r\n\r\n" included) once it is
// whole, 0 while more must come. Refuses as early as the fault is visible.
absl::StatusOr<size_t> FindHeadEnd(absl::string_view bytes, const Limits& limits);

// Parses a whole head. A `Content-Length` above the limit is refused here, before a byte of it is
// read.
absl::StatusOr<HttpHead> ParseHead(absl::string_view head, const Limits& limits);

}  // namespace nscl::gateway
