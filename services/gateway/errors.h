// The gateway's own refusals. Those of the services pass through as they are; what the doors of the
// services say too is theirs (common/rpc/errors.h, common/auth/errors.h).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::gateway::errors {

// 400 `MALFORMED_HTTP`: the bytes are not HTTP/1.1 as we take it; the connection is closed.
absl::Status MalformedHttp(absl::string_view what);
// 400 `MALFORMED_PATH`.
absl::Status MalformedPath(absl::string_view what);
// 404 `ROUTE_NOT_FOUND`.
absl::Status RouteNotFound();
// 405 `METHOD_NOT_ALLOWED`.
absl::Status MethodNotAllowed(absl::string_view method, absl::string_view allowed);
// 408 `REQUEST_TIMEOUT`.
absl::Status RequestTimeout(absl::string_view what);
// 413 `PAYLOAD_TOO_LARGE`.
absl::Status PayloadTooLarge(size_t limit);
// 414 `URI_TOO_LONG`.
absl::Status UriTooLong(size_t limit);
// 415 `UNSUPPORTED_MEDIA_TYPE`.
absl::Status UnsupportedMediaType(absl::string_view what);
// 417 `EXPECTATION_FAILED`.
absl::Status ExpectationFailed();
// 431 `HEADERS_TOO_LARGE`.
absl::Status HeadersTooLarge();
// 505 `HTTP_VERSION`.
absl::Status HttpVersion();
// 401 `TOKEN_INVALID`: the header cannot be a bearer token.
absl::Status TokenMalformed(absl::string_view what);
// 400: a header of ours cannot be read: `INVALID_HEADER`.
absl::Status InvalidHeader(absl::string_view name, absl::string_view wanted);
// 400 `REQUEST_ID_MISMATCH`: `Idempotency-Key` and the body's `request_id` differ.
absl::Status RequestIdMismatch();
// 400 `PATH_MISMATCH`: the path and the body give a field different values.
absl::Status PathMismatch(absl::string_view field);
// 400 `BODY_NOT_ALLOWED`: the method takes no body.
absl::Status BodyNotAllowed();
// 429 `RATE_LIMITED`; 503 `TOO_MANY_CONNECTIONS`.
absl::Status RateLimited(absl::Duration wait);
absl::Status TooManyConnections();
// 503 `BACKEND_UNAVAILABLE`: the service behind cannot be reached; the request may be repeated with
// the same `request_id`.
absl::Status BackendUnavailable(absl::string_view service);
// 504 `DEADLINE_EXCEEDED`.
absl::Status DeadlineExceeded();
// 501 `NOT_SERVED`: there is no such service here, or it does not have the method (an older
// version).
absl::Status NotServed(absl::string_view service);
// 500 `BACKEND_ANSWER`: the answer cannot be read.
absl::Status BackendAnswer(absl::string_view service);

}  // namespace nscl::gateway::errors
