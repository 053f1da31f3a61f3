#include "common/telemetry/log.h"

#include <fcntl.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace nscl::telemetry {
namespace {

constexpr char kLogger[] = "nscl";
constexpr size_t kBuffer = 64 << 10;

spdlog::level::level_enum SpdLevel(Level level) {
  switch (level) {
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarning:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Puts time and level around the members that Log wrote. spdlog's own patterns escape nothing.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
    using std::chrono::duration_cast;
    const auto since = msg.time.time_since_epoch();
    const int64_t micros = duration_cast<std::chrono::microseconds>(since).count();
    const int64_t second = micros / 1'000'000;
    if (second != second_) {
      const std::time_t time = second;
      std::tm utc;
      ::gmtime_r(&time, &utc);
      std::strftime(text_, sizeof(text_), "{\"time\":\"%Y-%m-%dT%H:%M:%S.", &utc);
      second_ = second;
    }
    char fraction[8];
    std::snprintf(fraction, sizeof(fraction), "%06d", static_cast<int>(micros % 1'000'000));
    Append(dest, text_);
    Append(dest, fraction);
    Append(dest, "Z\",\"level\":\"");
    Append(dest, msg.level == spdlog::level::info   ? "info"
                 : msg.level == spdlog::level::warn ? "warning"
                                                    : "error");
    Append(dest, "\",");
    dest.append(msg.payload.begin(), msg.payload.end());
    Append(dest, "}\n");
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<JsonFormatter>();
  }

 private:
  static void Append(spdlog::memory_buf_t& dest, const char* text) {
    dest.append(text, text + std::strlen(text));
  }

  int64_t second_ = -1;
  char text_[48] = "";
};

// A file or stderr behind a buffer of our own: spdlog's stderr sink flushes every line, which costs
// more than a cached read of the store.
class BufferedSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit BufferedSink(std::FILE* file) : file_(file) {
    std::setvbuf(file_, nullptr, _IOFBF, kBuffer);
    formatter_ = std::make_unique<JsonFormatter>();
  }
  ~BufferedSink() override { std::fclose(file_); }

 protected:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    line_.clear();
    formatter_->format(msg, line_);
    std::fwrite(line_.data(), 1, line_.size(), file_);
  }
  void flush_() override { std::fflush(file_); }

 private:
  std::FILE* file_;
  spdlog::memory_buf_t line_;
};

std::shared_ptr<spdlog::logger> MakeLogger(std::FILE* file, Level level) {
  auto logger = std::make_shared<spdlog::logger>(kLogger, std::make_shared<BufferedSink>(file));
  logger->set_level(SpdLevel(level));
  logger->flush_on(spdlog::level::warn);
  return logger;
}

struct Current {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger = MakeLogger(::fdopen(::dup(2), "a"), Level::kWarning);
  // Read without the mutex by every line; loggers that were replaced are kept, so it never dangles.
  std::atomic<spdlog::logger*> fast{logger.get()};
  std::vector<std::shared_ptr<spdlog::logger>> replaced;
};

Current& TheLog() {
  static Current* const kCurrent = new Current;
  return *kCurrent;
}

void Write(Level level, const std::string& members) {
  TheLog().fast.load(std::memory_order_acquire)->log(SpdLevel(level), members);
}

// Whether a character stands in a JSON string as it is.
constexpr bool IsPlain(char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

// Length of the UTF-8 sequence at `at`, 0 where there is none that is well formed.
size_t SequenceLength(absl::string_view text, size_t at) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const auto tail = [&](size_t i, uint8_t low, uint8_t high) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const uint8_t first = byte(at);
  if (first >= 0xC2 && first <= 0xDF) return tail(at + 1, 0x80, 0xBF) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const uint8_t low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
    return tail(at + 1, low, high) && tail(at + 2, 0x80, 0xBF) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const uint8_t low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return tail(at + 1, low, high) && tail(at + 2, 0x80, 0xBF) && tail(at + 3, 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

}  // namespace

void AppendJsonString(std::string& out, absl::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (size_t i = 0; i < text.size();) {
    // Nearly every text is plain from end to end: it goes over in one piece.
    size_t plain = i;
    while (plain < text.size() && IsPlain(text[plain])) ++plain;
    out.append(text.data() + i, plain - i);
    i = plain;
    if (i == text.size()) break;
    const uint8_t c = static_cast<uint8_t>(text[i]);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(text[i++]);
    } else if (c < 0x20 || c == 0x7f) {
      out.append("\\u00");
      out.push_back(kHex[c >> 4]);
      out.push_back(kHex[c & 15]);
      ++i;
    } else if (size_t length = SequenceLength(text, i); length > 0) {
      out.append(text.data() + i, length);
      i += length;
    } else {
      out.append("\xEF\xBF\xBD");  // U+FFFD
      ++i;
    }
  }
  out.push_back('"');
}

void Field::AppendTo(std::string& line) const {
  if (!line.empty()) line.push_back(',');
  AppendJsonString(line, key_);
  line.push_back(':');
  if (is_number_) {
    absl::StrAppend(&line, number_);
  } else {
    AppendJsonString(line, text_);
  }
}

absl::Status OpenLog(const LogOptions& options) {
  const int fd = options.path.empty() ? ::dup(2)
                                      : ::open(options.path.c_str(),
                                               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  std::FILE* file = fd < 0 ? nullptr : ::fdopen(fd, "a");
  if (file == nullptr) {
    return absl::InternalError(absl::StrCat("cannot open the log ", options.path, ": ",
                                            std::generic_category().message(errno)));
  }
  Current& current = TheLog();
  std::lock_guard lock(current.mutex);
  std::shared_ptr<spdlog::logger> logger = MakeLogger(file, options.level);
  current.logger->flush();
  current.replaced.push_back(current.logger);
  current.logger = logger;
  current.fast.store(logger.get(), std::memory_order_release);
  spdlog::drop(kLogger);
  spdlog::register_logger(logger);
  spdlog::flush_every(std::chrono::seconds(1));
  return absl::OkStatus();
}

void FlushLog() { TheLog().fast.load(std::memory_order_acquire)->flush(); }

void Log(Level level, absl::string_view event, std::initializer_list<Field> fields) {
  std::string line;
  Field("event", event).AppendTo(line);
  for (const Field& field : fields) field.AppendTo(line);
  Write(level, line);
}

void LogCall(const CallRecord& record) {
  // What a caller brings about is no warning; what we owe is.
  const bool ours = record.code == absl::StatusCode::kInternal ||
                    record.code == absl::StatusCode::kUnknown ||
                    record.code == absl::StatusCode::kDataLoss;
  const Level level = ours ? Level::kError : Level::kInfo;
  if (!TheLog().fast.load(std::memory_order_acquire)->should_log(SpdLevel(level))) return;
  thread_local std::string line;
  line.clear();
  line.append("\"event\":\"call\"");
  Field("service", record.service).AppendTo(line);
  Field("method", record.method).AppendTo(line);
  if (!record.actor.empty()) Field("actor", record.actor).AppendTo(line);
  if (!record.province.empty()) Field("province", record.province).AppendTo(line);
  Field("code", absl::StatusCodeToString(record.code)).AppendTo(line);
  if (!record.reason.empty()) Field("reason", record.reason).AppendTo(line);
  if (!record.fault.empty()) Field("fault", record.fault).AppendTo(line);
  Field("latency_us", absl::ToInt64Microseconds(record.latency)).AppendTo(line);
  if (!record.request_id.empty()) Field("request_id", record.request_id).AppendTo(line);
  if (!record.trace.empty()) Field("trace", record.trace).AppendTo(line);
  Write(level, line);
}

}  // namespace nscl::telemetry
