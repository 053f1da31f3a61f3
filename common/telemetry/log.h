// The log of a process: one JSON object a line, UTC, every text escaped, never a token and never a
// body.
//
//   {"time":"2026-11-22T07:05:09.123456Z","level":"info","event":"call","service":"casework",
//    "method":"/nscl.casework.v1.SupportCaseService/GetSupportCase","actor":"user:…","province":"48",
//    "code":"OK","latency_us":412,"request_id":"…"}
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace nscl::telemetry {

enum class Level { kInfo, kWarning, kError };

struct LogOptions {
  std::string path;  // appended to; empty: stderr
  Level level = Level::kInfo;
};

// Opens the log of the process; before that, warnings and errors go to stderr. Info lines are
// written in blocks, at least every second; warnings at once.
absl::Status OpenLog(const LogOptions& options);
// Writes out what is buffered: at the end of main, and in tests.
void FlushLog();

// A member of a line: a text or a number.
class Field {
 public:
  Field(absl::string_view key, absl::string_view text) : key_(key), text_(text) {}
  Field(absl::string_view key, const char* text) : key_(key), text_(text) {}
  Field(absl::string_view key, const std::string& text) : key_(key), text_(text) {}
  Field(absl::string_view key, int64_t number) : key_(key), number_(number), is_number_(true) {}
  Field(absl::string_view key, int number) : Field(key, int64_t{number}) {}

  void AppendTo(std::string& line) const;

 private:
  absl::string_view key_, text_;
  int64_t number_ = 0;
  bool is_number_ = false;
};

// Writes a line. `event` says what happened, in a few lower-case words; what varies stands in
// fields.
//   telemetry::Log(Level::kWarning, "feed stopped", {{"source", "casework"}, {"problem",
//   status.ToString()}});
void Log(Level level, absl::string_view event, std::initializer_list<Field> fields);

// The line of one call.
struct CallRecord {
  absl::string_view service;
  absl::string_view method;
  absl::string_view actor;
  absl::string_view province;
  absl::StatusCode code = absl::StatusCode::kOk;
  absl::string_view reason;  // ErrorInfo.reason
  absl::string_view fault;   // what exactly was wrong with a token, or the text behind an INTERNAL
  absl::string_view request_id;  // of the call ("x-request-id"), not of the command
  absl::string_view trace;       // W3C trace id, where the caller gave one
  absl::Duration latency;
};
void LogCall(const CallRecord& record);

// Appends a text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void AppendJsonString(std::string& out, absl::string_view text);

}  // namespace nscl::telemetry
