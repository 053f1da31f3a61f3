// Errors in the AIP-193 form, and their HTTP codes.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace nscl::gateway {

// An answer on the way to the listener.
struct HttpAnswer {
  int code = 200;
  // Names and values beside those that every answer has.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";
  std::string body;
  // The connection cannot be used again (what follows in it is not known to be a request).
  bool close = false;
};

// The HTTP code of a gRPC code, as google/rpc/code.proto has it.
int HttpCodeOf(absl::StatusCode code);

// The reason phrase of an HTTP code.
absl::string_view HttpReason(int code);

// {"error":{"code":…,"message":…,"status":…,"details":[…]}}. Details are the status's payloads: our
// own and those that a service sent. The HTTP code is that of the gRPC code, or of the reason where
// HTTP has a better one (413, 414, 415, 431, 405, …).
std::string ErrorBody(const absl::Status& status, int http_code);

// The whole answer, with Retry-After and WWW-Authenticate where they belong.
HttpAnswer ErrorAnswer(const absl::Status& status);

}  // namespace nscl::gateway
