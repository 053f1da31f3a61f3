// From an HTTP request to the request message of its route.
#pragma once

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "services/gateway/http_listener.h"
#include "services/gateway/limits.h"
#include "services/gateway/router.h"

namespace nscl::gateway {

// Fills `message` from body, path, query and the header Idempotency-Key, in this order. Nothing may
// be said twice: a field that the path binds may stand in the body only with the same value, and a
// query parameter must name a field that neither binds.
absl::Status BuildRequest(const Router::Match& match, const Target& target,
                          const HttpRequest& request, const Limits& limits,
                          google::protobuf::Message& message);

// Whether the request asks for a part of the answer's fields.
bool HasReadMask(const google::protobuf::Message& request);

}  // namespace nscl::gateway
