#include "services/gateway/errors.h"

#include "common/status/error.h"

namespace nscl::gateway::errors {

using absl::StatusCode;
using status::Error;

absl::Status MalformedHttp(absl::string_view what) {
  return Error(StatusCode::kInvalidArgument, "MALFORMED_HTTP")
      .Meta("fault", what)
      .En("the request is not well-formed HTTP/1.1: ", what)
      .Vi("yêu cầu HTTP sai định dạng");
}

absl::Status MalformedPath(absl::string_view what) {
  return Error(StatusCode::kInvalidArgument, "MALFORMED_PATH")
      .Meta("fault", what)
      .En("the path or the query has ", what)
      .Vi("đường dẫn hoặc tham số sai định dạng");
}

absl::Status RouteNotFound() {
  return Error(StatusCode::kNotFound, "ROUTE_NOT_FOUND")
      .En("no method has this path; /openapi.json lists them")
      .Vi("không có chức năng ở đường dẫn này");
}

absl::Status MethodNotAllowed(absl::string_view method, absl::string_view allowed) {
  return Error(StatusCode::kUnimplemented, "METHOD_NOT_ALLOWED")
      .Meta("method", method)
      .Meta("allowed", allowed)
      .En(method, " is not allowed here; ", allowed, " is")
      .Vi("phương thức ", method, " không dùng được ở đường dẫn này");
}

absl::Status RequestTimeout(absl::string_view what) {
  return Error(StatusCode::kDeadlineExceeded, "REQUEST_TIMEOUT")
      .Meta("part", what)
      .En("the request's ", what, " did not arrive in time")
      .Vi("yêu cầu không được gửi đủ trong thời hạn");
}

absl::Status PayloadTooLarge(size_t limit) {
  return Error(StatusCode::kResourceExhausted, "PAYLOAD_TOO_LARGE")
      .Meta("limit_bytes", limit)
      .En("the body is larger than ", limit, " bytes")
      .Vi("nội dung vượt quá ", limit, " byte");
}

absl::Status UriTooLong(size_t limit) {
  return Error(StatusCode::kInvalidArgument, "URI_TOO_LONG")
      .Meta("limit_bytes", limit)
      .En("the request line is longer than ", limit, " bytes")
      .Vi("đường dẫn dài quá ", limit, " byte");
}

absl::Status UnsupportedMediaType(absl::string_view what) {
  return Error(StatusCode::kInvalidArgument, "UNSUPPORTED_MEDIA_TYPE")
      .Meta("fault", what)
      .En(what)
      .Vi("nội dung phải là application/json mã UTF-8, không nén");
}

absl::Status ExpectationFailed() {
  return Error(StatusCode::kInvalidArgument, "EXPECTATION_FAILED")
      .En("only `Expect: 100-continue` is understood")
      .Vi("tiêu đề Expect không được hỗ trợ");
}

absl::Status HeadersTooLarge() {
  return Error(StatusCode::kResourceExhausted, "HEADERS_TOO_LARGE")
      .En("the header lines are too many or too long")
      .Vi("phần tiêu đề của yêu cầu quá lớn");
}

absl::Status HttpVersion() {
  return Error(StatusCode::kUnimplemented, "HTTP_VERSION")
      .En("only HTTP/1.1 is spoken here")
      .Vi("chỉ hỗ trợ HTTP/1.1");
}

absl::Status TokenMalformed(absl::string_view what) {
  return Error(StatusCode::kUnauthenticated, "TOKEN_INVALID")
      .En("the Authorization header is not a bearer token: ", what)
      .Vi("mã truy cập không hợp lệ");
}

absl::Status InvalidHeader(absl::string_view name, absl::string_view wanted) {
  return Error(StatusCode::kInvalidArgument, "INVALID_HEADER")
      .Meta("header", name)
      .En("the header ", name, " must be ", wanted)
      .Vi("tiêu đề ", name, " không hợp lệ");
}

absl::Status RequestIdMismatch() {
  return Error(StatusCode::kInvalidArgument, "REQUEST_ID_MISMATCH")
      .Field("request_id", "differs from the header Idempotency-Key")
      .En("the header Idempotency-Key and the field `request_id` differ")
      .Vi("Idempotency-Key khác với request_id");
}

absl::Status PathMismatch(absl::string_view field) {
  return Error(StatusCode::kInvalidArgument, "PATH_MISMATCH")
      .Meta("field", field)
      .Field(field, "differs from the path")
      .En("`", field, "` in the body differs from the path")
      .Vi("`", field, "` trong nội dung khác với đường dẫn");
}

absl::Status BodyNotAllowed() {
  return Error(StatusCode::kInvalidArgument, "BODY_NOT_ALLOWED")
      .En("this method takes no body")
      .Vi("phương thức này không nhận nội dung");
}

absl::Status RateLimited(absl::Duration wait) {
  return Error(StatusCode::kResourceExhausted, "RATE_LIMITED")
      .RetryAfter(wait)
      .En("too many calls from this client; try again later")
      .Vi("gọi quá nhiều lần, hãy thử lại sau");
}

absl::Status TooManyConnections() {
  return Error(StatusCode::kUnavailable, "TOO_MANY_CONNECTIONS")
      .RetryAfter(absl::Seconds(1))
      .En("too many connections")
      .Vi("quá nhiều kết nối");
}

absl::Status BackendUnavailable(absl::string_view service) {
  return Error(StatusCode::kUnavailable, "BACKEND_UNAVAILABLE")
      .Meta("service", service)
      .RetryAfter(absl::Seconds(1))
      .En("the service ", service,
          " cannot be reached; whether a change took place is settled by repeating it with the "
          "same "
          "request_id")
      .Vi("dịch vụ ", service, " tạm thời không truy cập được; hãy gửi lại với cùng request_id");
}

absl::Status DeadlineExceeded() {
  return Error(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED")
      .En("the call did not end in time; whether a change took place is settled by repeating it "
          "with "
          "the same request_id")
      .Vi("quá thời hạn xử lý; hãy gửi lại với cùng request_id");
}

absl::Status NotServed(absl::string_view service) {
  return Error(StatusCode::kUnimplemented, "NOT_SERVED")
      .Meta("service", service)
      .En("no service \"", service, "\" with this method is served here")
      .Vi("dịch vụ \"", service, "\" không có chức năng này ở đây");
}

absl::Status BackendAnswer(absl::string_view service) {
  return Error(StatusCode::kInternal, "BACKEND_ANSWER")
      .Meta("service", service)
      .En("the answer of ", service, " cannot be read")
      .Vi("không đọc được trả lời của dịch vụ ", service);
}

}  // namespace nscl::gateway::errors
