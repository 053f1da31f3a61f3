// Every limit of the gateway, in one place. docs/api.md states those that a client meets.
#pragma once

#include <cstddef>

#include "absl/time/time.h"
#include "common/json/json_reader.h"

namespace nscl::gateway {

struct Limits {
  // Bytes of "GET /v1/... HTTP/1.1"; longer is 414.
  size_t request_line_bytes = 2 * 1024;
  // Bytes of all header lines together and how many they may be; more is 431.
  size_t header_bytes = 8 * 1024;
  size_t headers = 64;
  // Bytes of a request body; more is 413.
  size_t body_bytes = 1024 * 1024;
  // Depth, values, string and number lengths of a JSON body; more is 400.
  json::Limits json;
  // Bytes of a bearer token.
  size_t token_bytes = 6 * 1024;

  // From the first byte of a request to the end of its header lines, then to the end of its body;
  // later is 408. Between requests a connection is closed quietly after `idle_timeout`.
  absl::Duration header_timeout = absl::Seconds(5);
  absl::Duration body_timeout = absl::Seconds(10);
  absl::Duration idle_timeout = absl::Seconds(60);
  // A client that does not take an answer (or a part of a stream) for so long is cut off.
  absl::Duration write_timeout = absl::Seconds(30);

  // After the last answer of a connection (a refusal, most often of a body that is too large) what
  // the client still sends is read and thrown away, so that it sees the answer instead of a
  // connection reset: so many bytes, for so long, and until nothing came for `discard_silence`.
  size_t discard_bytes = 64 * 1024 * 1024;
  absl::Duration discard_timeout = absl::Seconds(10);
  absl::Duration discard_silence = absl::Seconds(1);

  // Open connections in all, and from one address; more are answered 503 and closed. 0 is no limit
  // per address (behind a proxy all connections come from it).
  size_t connections = 1024;
  size_t connections_per_address = 256;
  // Calls running at once, streams apart; more is 429 with Retry-After.
  size_t calls_in_flight = 128;
  size_t streams = 256;
  // Calls per second of one client (its token, or its address where it has none) and how many may
  // come at once; 0 is no limit.
  double calls_per_second = 0;
  double burst = 0;

  // Time a call may take: without a wish of the client's, and at most. A stream ends after
  // `max_stream`; the client goes on from its last position.
  absl::Duration default_deadline = absl::Seconds(10);
  absl::Duration max_deadline = absl::Seconds(30);
  absl::Duration max_stream = absl::Hours(1);
  // Of the client's time, what the gateway keeps for its own answer.
  absl::Duration deadline_margin = absl::Milliseconds(50);
  // Server-sent events: a comment line after so much silence, so that a proxy keeps the stream
  // open.
  absl::Duration stream_heartbeat = absl::Seconds(15);

  // On stop, running calls may finish for so long.
  absl::Duration drain_timeout = absl::Seconds(10);
};

}  // namespace nscl::gateway
