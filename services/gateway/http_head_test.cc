// Head bytes that are refused, and with which HTTP code: one row each.
#include "services/gateway/http_head.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "services/gateway/error_body.h"

namespace nscl::gateway {
namespace {

// The code with which these bytes are refused, 0 where more must come, 200 where they are taken.
int CodeOf(const std::string& bytes, std::string* reason) {
  const Limits limits;
  const auto end = FindHeadEnd(bytes, limits);
  if (end.ok() && *end == 0) return 0;
  if (end.ok()) {
    const auto head = ParseHead(absl::string_view(bytes).substr(0, *end), limits);
    if (head.ok()) return 200;
    *reason = status::ReasonOf(head.status());
    return ErrorAnswer(head.status()).code;
  }
  *reason = status::ReasonOf(end.status());
  return ErrorAnswer(end.status()).code;
}

std::string Head(const std::string& headers) {
  return absl::StrCat("GET /v1/x HTTP/1.1\r\nHost: a\r\n", headers, "\r\n");
}

TEST(HttpHeadTest, EveryFaultHasItsCode) {
  const std::string many = [] {
    std::string out;
    for (int i = 0; i < 64; ++i) absl::StrAppend(&out, "X-", i, ": 1\r\n");
    return out;
  }();
  const struct {
    std::string bytes;
    int code;
    const char* reason;
  } rows[] = {
      {Head(""), 200, ""},
      {Head("Accept: a\r\nAccept: b\r\n"), 200, ""},
      {Head("Content-Length: 5\r\n"), 200, ""},
      {Head("Transfer-Encoding: chunked\r\n"), 200, ""},
      {Head("X-Empty:\r\n"), 200, ""},
      {Head("Expect: 100-continue\r\n"), 200, ""},
      {"GET /v1/x HTTP/1.1\r\nHost: a\r\n", 0, ""},
      {"", 0, ""},
      // Framing that two parsers could read differently.
      {Head("Host: b\r\n"), 400, "MALFORMED_HTTP"},
      {Head("host: a\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: 5\r\nContent-Length: 5\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: 5\r\nContent-Length: 6\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: 5, 5\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: +5\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: 0x5\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: -5\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length:\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: 99999999999999999999\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Transfer-Encoding: gzip, chunked\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Transfer-Encoding: identity\r\n"), 400, "MALFORMED_HTTP"},
      {Head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400, "MALFORMED_HTTP"},
      {Head("X-A: 1\r\n folded\r\n"), 400, "MALFORMED_HTTP"},
      {Head("X-A: 1\r\n\tfolded\r\n"), 400, "MALFORMED_HTTP"},
      {Head("X-A : 1\r\n"), 400, "MALFORMED_HTTP"},
      {Head("X A: 1\r\n"), 400, "MALFORMED_HTTP"},
      {Head(": 1\r\n"), 400, "MALFORMED_HTTP"},
      {Head("no colon\r\n"), 400, "MALFORMED_HTTP"},
      {Head(std::string("X-A: 1\0002\r\n", 11)), 400, "MALFORMED_HTTP"},
      {Head("X-A: 1\x01\r\n"), 400, "MALFORMED_HTTP"},
      {Head("X-A: 1\r2\r\n"), 400, "MALFORMED_HTTP"},
      {"GET /v1/x HTTP/1.1\nHost: a\n\n", 400, "MALFORMED_HTTP"},
      {"GET /v1/x HTTP/1.1\r\nHost: a\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /v1/x HTTP/1.1\r\n\r\n", 400, "MALFORMED_HTTP"},  // no Host
      {"GET /v1/x HTTP/1.1\r\nHost:\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /v1/x HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /v1/x HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /v1/x HTTP/1.1\r\n Host: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      // The request line.
      {"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /#x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /\\x HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"GET /\xc0\xaf HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      {"\x16\x03\x01\x02", 400, "MALFORMED_HTTP"},  // a TLS client
      {"GET / HTTP/1.0\r\nHost: a\r\n\r\n", 505, "HTTP_VERSION"},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "HTTP_VERSION"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP_VERSION"},
      {"GET / http/1.1\r\nHost: a\r\n\r\n", 400, "MALFORMED_HTTP"},
      // Sizes.
      {absl::StrCat("GET /", std::string(10 * 1024, 'a')), 414, "URI_TOO_LONG"},
      {absl::StrCat("GET /", std::string(10 * 1024, 'a'), " HTTP/1.1\r\nHost: a\r\n\r\n"), 414,
       "URI_TOO_LONG"},
      {Head(many), 431, "HEADERS_TOO_LARGE"},
      {Head(absl::StrCat("X-A: ", std::string(9 * 1024, 'a'), "\r\n")), 431, "HEADERS_TOO_LARGE"},
      {absl::StrCat("GET / HTTP/1.1\r\nX-A: ", std::string(16 * 1024, 'a')), 431,
       "HEADERS_TOO_LARGE"},
      {Head("Content-Length: 1048577\r\n"), 413, "PAYLOAD_TOO_LARGE"},
      {Head("Content-Length: 1048576\r\n"), 200, ""},
      {Head("Expect: something\r\n"), 417, "EXPECTATION_FAILED"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.bytes.substr(0, 100));
    std::string reason;
    EXPECT_EQ(CodeOf(row.bytes, &reason), row.code);
    EXPECT_EQ(reason, row.reason);
  }
}

TEST(HttpHeadTest, ReadsWhatFramesTheRequest) {
  const std::string bytes =
      "POST /v1/a?b=c HTTP/1.1\r\nHost: a:80\r\nCONTENT-length: 7\r\nConnection: x, Close\r\n"
      "X-Blank: \t v \r\n\r\n{\"a\":1}";
  const auto end = FindHeadEnd(bytes, Limits());
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(*end, bytes.size() - 7);
  const auto head = ParseHead(absl::string_view(bytes).substr(0, *end), Limits());
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->target, "/v1/a?b=c");
  EXPECT_EQ(head->content_length, 7u);
  EXPECT_FALSE(head->keep_alive);
  EXPECT_EQ(head->Header("x-blank"), "v");
  EXPECT_EQ(head->Header("absent"), "");
}

}  // namespace
}  // namespace nscl::gateway
