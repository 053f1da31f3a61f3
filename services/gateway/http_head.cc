#include "services/gateway/http_head.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

// RFC 9110 5.6.2.
bool IsToken(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("!#$%&'*+-.^_`|~", c);
  });
}

// Headers whose repetition is harmless; all others may stand once.
bool IsList(absl::string_view name) {
  return name == "accept" || name == "accept-encoding" || name == "accept-language" ||
         name == "cache-control" || name == "cookie" || name == "forwarded" || name == "via" ||
         name == "x-forwarded-for" || name == "x-forwarded-proto" || name == "tracestate";
}

bool IsHost(absl::string_view value) {
  return !value.empty() && value.size() <= 255 &&
         std::all_of(value.begin(), value.end(), [](char c) {
           return absl::ascii_isalnum(c) || absl::StrContains(".-:[]_%", c);
         });
}

absl::Status ParseRequestLine(absl::string_view line, HttpHead& head) {
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 3 || !IsToken(parts[0]) || parts[1].empty()) {
    return errors::MalformedHttp("the request line");
  }
  if (!absl::StartsWith(parts[2], "HTTP/")) return errors::MalformedHttp("the request line");
  if (parts[2] != "HTTP/1.1") return errors::HttpVersion();
  head.method = std::string(parts[0]);
  head.target = std::string(parts[1]);
  for (char c : head.target) {
    if (c <= 0x20 || c == 0x7F || c == '#' || c == '\\') {
      return errors::MalformedHttp("a character that a request target cannot have");
    }
  }
  if (head.target[0] != '/') return errors::MalformedHttp("a request target that is no path");
  return absl::OkStatus();
}

absl::Status ParseHeaderLine(absl::string_view line, HttpHead& head) {
  if (line[0] == ' ' || line[0] == '\t') return errors::MalformedHttp("a folded header line");
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos || !IsToken(line.substr(0, colon))) {
    return errors::MalformedHttp("a header name");
  }
  const std::string name = absl::AsciiStrToLower(line.substr(0, colon));
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  for (char c : value) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F) {
      return errors::MalformedHttp("a control character in a header");
    }
  }
  for (auto& [known, known_value] : head.headers) {
    if (known != name) continue;
    if (!IsList(name)) return errors::MalformedHttp(absl::StrCat("two headers \"", name, "\""));
    absl::StrAppend(&known_value, ", ", value);
    return absl::OkStatus();
  }
  head.headers.emplace_back(name, std::string(value));
  return absl::OkStatus();
}

// What frames the body and the connection.
absl::Status ReadFraming(HttpHead& head, const Limits& limits) {
  if (!IsHost(head.Header("host"))) return errors::MalformedHttp("the header \"host\"");
  for (const auto& [name, value] : head.headers) {
    if (name == "content-length") {
      uint64_t length;
      if (value.empty() || value.size() > 19 ||
          !std::all_of(value.begin(), value.end(), absl::ascii_isdigit) ||
          !absl::SimpleAtoi(value, &length)) {
        return errors::MalformedHttp("the header \"content-length\"");
      }
      head.has_content_length = true;
      head.content_length = length;
    } else if (name == "transfer-encoding") {
      if (!absl::EqualsIgnoreCase(value, "chunked")) {
        return errors::MalformedHttp("the header \"transfer-encoding\"");
      }
      head.chunked = true;
    } else if (name == "connection") {
      for (absl::string_view option : absl::StrSplit(value, ',')) {
        if (absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(option), "close")) {
          head.keep_alive = false;
        }
      }
    } else if (name == "expect") {
      if (!absl::EqualsIgnoreCase(value, "100-continue")) return errors::ExpectationFailed();
      head.expects_continue = true;
    }
  }
  if (head.chunked && head.has_content_length) {
    return errors::MalformedHttp("both \"content-length\" and \"transfer-encoding\"");
  }
  if (head.content_length > limits.body_bytes) return errors::PayloadTooLarge(limits.body_bytes);
  return absl::OkStatus();
}

}  // namespace

absl::string_view HttpHead::Header(absl::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return "";
}

absl::StatusOr<size_t> FindHeadEnd(absl::string_view bytes, const Limits& limits) {
  size_t line_begin = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    if (c == '\0') return errors::MalformedHttp("a NUL byte");
    // Only the method's first letters can come from a TLS client or the like: refuse at once.
    if (i == 0 && !absl::ascii_isupper(c)) return errors::MalformedHttp("the request line");
    if (c == '\r' && i + 1 < bytes.size() && bytes[i + 1] != '\n') {
      return errors::MalformedHttp("a lone carriage return");
    }
    if (c == '\n') {
      if (i == 0 || bytes[i - 1] != '\r') return errors::MalformedHttp("a line feed alone");
      if (i - line_begin == 1 && line_begin > 0) return i + 1;
      if (i - line_begin == 1) return errors::MalformedHttp("the request line");
      line_begin = i + 1;
    }
    if (line_begin == 0 && i >= limits.request_line_bytes) {
      return errors::UriTooLong(limits.request_line_bytes);
    }
    if (line_begin > 0 && i >= limits.request_line_bytes + limits.header_bytes) {
      return errors::HeadersTooLarge();
    }
  }
  return 0;
}

absl::StatusOr<HttpHead> ParseHead(absl::string_view head, const Limits& limits) {
  HttpHead out;
  if (!absl::ConsumeSuffix(&head, "\r\n\r\n")) return errors::MalformedHttp("no end of the head");
  size_t lines = 0;
  size_t header_bytes = 0;
  for (absl::string_view line : absl::StrSplit(head, "\r\n")) {
    if (lines++ == 0) {
      RETURN_IF_ERROR(ParseRequestLine(line, out));
      continue;
    }
    header_bytes += line.size() + 2;
    if (lines - 1 > limits.headers || header_bytes > limits.header_bytes) {
      return errors::HeadersTooLarge();
    }
    RETURN_IF_ERROR(ParseHeaderLine(line, out));
  }
  RETURN_IF_ERROR(ReadFraming(out, limits));
  return out;
}

}  // namespace nscl::gateway
