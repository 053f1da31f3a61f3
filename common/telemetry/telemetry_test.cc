// Log lines that no text can break, metrics, and the port that serves them.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/telemetry/http_port.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "common/testing/status_matchers.h"

namespace nscl::telemetry {
namespace {

using Json = nlohmann::json;
using nscl::testing::CodeIs;
using nscl::testing::IsOk;

class LogTest : public ::testing::Test {
 protected:
  LogTest() : path_(absl::StrCat(::testing::TempDir(), "/log-", ::getpid(), ".json")) {
    std::filesystem::remove(path_);
    EXPECT_TRUE(OpenLog({.path = path_}).ok());
  }
  ~LogTest() override {
    EXPECT_TRUE(OpenLog({.level = Level::kError}).ok());
    std::filesystem::remove(path_);
  }
  std::vector<Json> Lines() {
    FlushLog();
    std::vector<Json> lines;
    std::ifstream file(path_);
    for (std::string line; std::getline(file, line);) {
      lines.push_back(Json::parse(line, nullptr, /*allow_exceptions=*/false));
      EXPECT_FALSE(lines.back().is_discarded()) << line;
    }
    return lines;
  }
  std::string path_;
};

TEST_F(LogTest, ACallIsOneLine) {
  LogCall({.service = "casework",
           .method = "/nscl.casework.v1.SupportCaseService/GetSupportCase",
           .actor = "user:https://id|u",
           .province = "48",
           .code = absl::StatusCode::kNotFound,
           .reason = "SUPPORT_CASE_NOT_FOUND",
           .request_id = "r-1",
           .latency = absl::Microseconds(412)});
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(lines.size(), 1u);
  const Json& line = lines[0];
  EXPECT_EQ(line["event"], "call");
  EXPECT_EQ(line["level"], "info");
  EXPECT_EQ(line["code"], "NOT_FOUND");
  EXPECT_EQ(line["latency_us"], 412);
  EXPECT_FALSE(line.contains("fault"));
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, line["time"].get<std::string>(), &time, &error))
      << error;
  EXPECT_LT(absl::AbsDuration(absl::Now() - time), absl::Minutes(1));
  EXPECT_TRUE(absl::EndsWith(line["time"].get<std::string>(), "Z"));
}

TEST_F(LogTest, WhatWeOweIsAnError) {
  LogCall({.code = absl::StatusCode::kInternal});
  LogCall({.code = absl::StatusCode::kPermissionDenied});
  EXPECT_EQ(Lines()[0]["level"], "error");
  EXPECT_EQ(Lines()[1]["level"], "info");
}

// Log injection, control characters, broken UTF-8: one line each, and a text comes back as it was.
TEST_F(LogTest, NoTextBreaksTheLine) {
  struct Row {
    std::string text, read;
  } rows[] = {
      {"plain", "plain"},
      {"\"}\n{\"level\":\"error\"", "\"}\n{\"level\":\"error\""},
      {"back\\slash \t \r \x01 \x7f", "back\\slash \t \r \x01 \x7f"},
      {std::string("zero\0byte", 9), std::string("zero\0byte", 9)},
      {"Sở KH&CN Đà Nẵng 𝄞", "Sở KH&CN Đà Nẵng 𝄞"},
      {"a\xff"
       "b",
       "a\xEF\xBF\xBD"
       "b"},
      {"cut \xE1\xBB", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
      {"surrogate \xED\xA0\x80", "surrogate \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"overlong \xC0\xAF", "overlong \xEF\xBF\xBD\xEF\xBF\xBD"},
  };
  for (const Row& row : rows) Log(Level::kInfo, "test", {{"text", row.text}, {row.text, 1}});
  const std::vector<Json> lines = Lines();
  ASSERT_EQ(lines.size(), std::size(rows));
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(lines[i]["text"].get<std::string>(), rows[i].read);
  }
}

TEST_F(LogTest, ThreadsDoNotMix) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 500; ++i) LogCall({.method = std::string(200, 'm')});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(Lines().size(), 2000u);
}

TEST(LogOptionsTest, ABadPathIsAnError) {
  EXPECT_THAT(OpenLog({.path = "/no/such/folder/log"}), CodeIs(absl::StatusCode::kInternal));
}

// One request on a new connection; the whole answer.
std::string Http(int port, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  ::inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(fd);
    return "cannot connect";
  }
  const std::string text =
      absl::StrCat(request, " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t n; (n = ::read(fd, buffer, sizeof(buffer))) > 0;) answer.append(buffer, n);
  ::close(fd);
  return answer;
}

TEST(HttpPortTest, ServesMetricsAndProbes) {
  auto metrics = std::make_shared<Metrics>();
  auto method = metrics->ForMethod("casework", "/a.B/C");
  method->Record(absl::StatusCode::kOk, absl::Milliseconds(3));
  method->Record(absl::StatusCode::kOk, absl::Milliseconds(30));
  method->Record(absl::StatusCode::kNotFound, absl::Microseconds(20));
  metrics->InFlight("casework", "unary").Set(7);
  std::atomic<bool> ready{false};
  HttpPort::Options options;
  options.metrics = metrics;
  options.ready = [&] {
    return ready ? absl::OkStatus() : absl::UnavailableError("replaying the feed");
  };
  auto port = HttpPort::Start(std::move(options));
  ASSERT_THAT(port, IsOk());
  ASSERT_GT((*port)->port(), 0);
  const int p = (*port)->port();

  const std::string text = Http(p, "GET /metrics");
  EXPECT_TRUE(absl::StartsWith(text, "HTTP/1.1 200")) << text;
  for (const char* line : {
           "nscl_rpc_calls_total{code=\"OK\",method=\"/a.B/C\",service=\"casework\"} 2",
           "nscl_rpc_calls_total{code=\"NOT_FOUND\",method=\"/a.B/C\",service=\"casework\"} 1",
           "nscl_rpc_latency_seconds_count{method=\"/a.B/C\",service=\"casework\"} 3",
           "nscl_rpc_latency_seconds_bucket{method=\"/a.B/C\",service=\"casework\",le=\"0.005\"} 2",
           "nscl_rpc_in_flight{kind=\"unary\",service=\"casework\"} 7",
       }) {
    EXPECT_TRUE(absl::StrContains(text, line)) << line << "\n" << text;
  }

  EXPECT_TRUE(absl::StartsWith(Http(p, "GET /livez"), "HTTP/1.1 200"));
  const std::string waiting = Http(p, "GET /readyz");
  EXPECT_TRUE(absl::StartsWith(waiting, "HTTP/1.1 503"));
  EXPECT_TRUE(absl::StrContains(waiting, "replaying the feed"));
  ready = true;
  EXPECT_TRUE(absl::StartsWith(Http(p, "GET /readyz"), "HTTP/1.1 200"));
  EXPECT_TRUE(absl::StartsWith(Http(p, "HEAD /readyz"), "HTTP/1.1 200"));

  struct Row {
    const char* request;
    const char* answer;
  } rows[] = {{"GET /", "HTTP/1.1 404"},          {"GET /etc/passwd", "HTTP/1.1 404"},
              {"GET /metrics/x", "HTTP/1.1 404"}, {"POST /metrics", "HTTP/1.1 405"},
              {"DELETE /readyz", "HTTP/1.1 405"}, {"GET /../../etc/passwd", "HTTP/1.1 4"}};
  for (const Row& row : rows) {
    EXPECT_TRUE(absl::StartsWith(Http(p, row.request), row.answer))
        << row.request << Http(p, row.request);
  }

  HttpPort::Options taken;
  taken.address = absl::StrCat("127.0.0.1:", p);
  EXPECT_THAT(HttpPort::Start(std::move(taken)), CodeIs(absl::StatusCode::kUnavailable));
}

TEST(MetricsTest, AReadingIsAskedForUntilItsHandleGoes) {
  Metrics metrics;
  int asked = 0;
  std::shared_ptr<void> handle = metrics.Read("nscl_test_bytes", "Of a test", {{"kind", "cache"}},
                                              [&] { return ++asked * 10; });
  EXPECT_EQ(asked, 0);
  EXPECT_NE(metrics.Serialize().find("nscl_test_bytes{kind=\"cache\"} 10\n"), std::string::npos);
  EXPECT_NE(metrics.Serialize().find("nscl_test_bytes{kind=\"cache\"} 20\n"), std::string::npos);
  handle.reset();
  metrics.Serialize();
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace nscl::telemetry
