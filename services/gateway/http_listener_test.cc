// The listener against a raw socket: what is taken, what is refused, what is closed.
#include "services/gateway/http_listener.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/gateway/testing/http_client.h"

namespace nscl::gateway {
namespace {

using testing::Fetch;
using testing::HttpReply;
using testing::RawConnection;

// Answers with the request's method, target and body.
void Echo(HttpRequest request, std::shared_ptr<Responder> responder) {
  HttpAnswer answer;
  answer.body = absl::StrCat(request.head.method, " ", request.head.target, " ", request.body);
  responder->Send(std::move(answer));
}

class HttpListenerTest : public ::testing::Test {
 protected:
  int Serve(HttpHandler handler = Echo) {
    auto listener = HttpListener::Open("127.0.0.1:0", limits_, 2, std::move(handler));
    EXPECT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    listener_->Start();
    return listener_->port();
  }

  Limits limits_;
  std::unique_ptr<HttpListener> listener_;
};

TEST_F(HttpListenerTest, AnswersOneAfterAnotherOnAConnection) {
  RawConnection connection(Serve());
  for (int i = 0; i < 3; ++i) {
    connection.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
    const HttpReply reply = connection.ReadReply();
    EXPECT_EQ(reply.code, 200);
    EXPECT_EQ(reply.body, "POST /a hi");
  }
}

// Readiness may be told of bytes that were read already; that is no client hanging up.
TEST_F(HttpListenerTest, KeepsConnectionsThroughThousandsOfRequests) {
  // Answers come later and from another thread, as a service's do: the listener watches meanwhile.
  std::vector<std::future<void>> answers;
  std::mutex mutex;
  const int port = Serve([&](HttpRequest request, std::shared_ptr<Responder> responder) {
    std::lock_guard<std::mutex> lock(mutex);
    answers.push_back(std::async(std::launch::async, [request, responder] {
      std::this_thread::yield();
      Echo(request, responder);
    }));
  });
  std::atomic<int> answered{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&] {
      RawConnection connection(port);
      for (int i = 0; i < 1500; ++i) {
        connection.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi");
        if (connection.ReadReply().code != 200) return;
        ++answered;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(answered, 4 * 1500);
}

TEST_F(HttpListenerTest, KeepsTheOrderOfPipelinedRequests) {
  RawConnection connection(Serve());
  connection.Send(
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb"
      "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(connection.ReadReply().body, "GET /1 ");
  EXPECT_EQ(connection.ReadReply().body, "POST /2 b");
  EXPECT_EQ(connection.ReadReply().body, "GET /3 ");
  EXPECT_EQ(connection.ReadToEnd(), "");
}

TEST_F(HttpListenerTest, TakesChunkedBodiesAndHeadsInPieces) {
  RawConnection connection(Serve());
  for (const char* piece : {"POST /a HT", "TP/1.1\r", "\nHost: x\r\nTransfer-Enco",
                            "ding: chunked\r\n\r\n2\r\nab\r\n", "3\r\ncde\r\n0\r", "\n\r\n"}) {
    connection.Send(piece);
    std::this_thread::yield();
  }
  EXPECT_EQ(connection.ReadReply().body, "POST /a abcde");
}

TEST_F(HttpListenerTest, AsksForTheBodyWhereTheClientWaits) {
  RawConnection connection(Serve());
  connection.Send(
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(connection.ReadUntil("HTTP/1.1 100 Continue\r\n\r\n"));
  EXPECT_EQ(connection.ReadReply().code, 100);
  connection.Send("hi");
  EXPECT_EQ(connection.ReadReply().body, "POST /a hi");
}

TEST_F(HttpListenerTest, EveryAnswerHasTheSafeHeaders) {
  const int port = Serve();
  for (const HttpReply& reply : {Fetch(port, "GET", "/"), Fetch(port, "GET", "bad")}) {
    for (const char* header :
         {"Cache-Control: no-store", "X-Content-Type-Options: nosniff",
          "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
          "Strict-Transport-Security: max-age=31536000", "Referrer-Policy: no-referrer",
          "Date: ", "Content-Type: application/json"}) {
      EXPECT_TRUE(absl::StrContains(reply.head, header)) << header << "\n" << reply.head;
    }
  }
}

// After each of these the connection is closed, and the listener serves the next one.
TEST_F(HttpListenerTest, RefusesAndCloses) {
  limits_.body_bytes = 100;
  std::atomic<int> handled{0};
  const int port = Serve([&](HttpRequest request, std::shared_ptr<Responder> responder) {
    ++handled;
    Echo(std::move(request), std::move(responder));
  });
  const struct {
    std::string bytes;
    int code;
  } rows[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: a\n\n", 400},
      {"\x16\x03\x01\x02\x00\x01\x00\x01", 400},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       400},
      {absl::StrCat("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n",
                    std::string(101, 'a'), "\r\n0\r\n\r\n"),
       413},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
       400},
      {absl::StrCat("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;",
                    std::string(200 * 1024, 'x')),
       400},
      {absl::StrCat("GET /", std::string(4096, 'a'), " HTTP/1.1\r\nHost: a\r\n\r\n"), 414},
      {absl::StrCat("GET / HTTP/1.1\r\nHost: a\r\nX: ", std::string(9000, 'a'), "\r\n\r\n"), 431},
      // What follows a refused request is not taken for one.
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
       400},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.bytes.substr(0, 90));
    RawConnection connection(port);
    connection.Send(row.bytes);
    const HttpReply reply = connection.ReadReply();
    EXPECT_EQ(reply.code, row.code) << reply.body;
    EXPECT_TRUE(absl::StrContains(reply.head, "Connection: close"));
    EXPECT_TRUE(absl::StrContains(reply.body, "\"reason\":\"")) << reply.body;
    EXPECT_EQ(connection.ReadToEnd(), "");
    EXPECT_EQ(handled, 0);
    EXPECT_EQ(Fetch(port, "GET", "/next").code, 200);
    handled = 0;
  }
}

// An ordinary client sends all it has before it looks for an answer.
TEST_F(HttpListenerTest, ALargeBodyIsSentToItsEndAndAnsweredWith413) {
  const int port = Serve();
  const std::string body(20 << 20, 'a');
  for (const std::string& request :
       {absl::StrCat("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: ", body.size(), "\r\n\r\n",
                     body),
        absl::StrCat("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                     absl::Hex(body.size()), "\r\n", body, "\r\n0\r\n\r\n")}) {
    SCOPED_TRACE(request.substr(0, 70));
    RawConnection connection(port);
    EXPECT_EQ(connection.Send(request), request.size());
    const HttpReply reply = connection.ReadReply();
    EXPECT_EQ(reply.code, 413);
    EXPECT_TRUE(absl::StrContains(reply.body, "PAYLOAD_TOO_LARGE")) << reply.body;
    EXPECT_EQ(connection.ReadToEnd(), "");
  }
}

// What is thrown away has an end, in bytes and in time.
TEST_F(HttpListenerTest, DoesNotReadAwayForEver) {
  limits_.discard_bytes = 1 << 20;
  const std::string head = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n";
  const int port = Serve();
  RawConnection flood(port);
  const std::string bytes = head + std::string(64 << 20, 'a');
  EXPECT_LT(flood.Send(bytes), bytes.size());

  limits_.discard_bytes = 64 << 20;
  limits_.discard_timeout = absl::Milliseconds(200);
  limits_.discard_silence = absl::Milliseconds(50);
  const int slow_port = Serve();
  RawConnection silent(slow_port);
  silent.Send(head);
  EXPECT_EQ(silent.ReadReply().code, 413);
  EXPECT_EQ(silent.ReadToEnd(), "");
  EXPECT_TRUE(silent.ClosedWithin(absl::Seconds(10)));
  RawConnection trickling(slow_port);
  trickling.Send(head);
  EXPECT_TRUE(trickling.ClosedWithin(absl::Seconds(10)));
}

TEST_F(HttpListenerTest, SlowRequestsAreEnded) {
  limits_.header_timeout = absl::Milliseconds(100);
  limits_.body_timeout = absl::Milliseconds(100);
  limits_.idle_timeout = absl::Milliseconds(100);
  const int port = Serve();
  for (const char* bytes :
       {"", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"}) {
    RawConnection connection(port);
    connection.Send(bytes);
    EXPECT_EQ(connection.ReadReply().code, 408) << bytes;
  }
  RawConnection idle(port);
  idle.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(idle.ReadReply().code, 200);
  EXPECT_EQ(idle.ReadToEnd(), "");  // closed without a word
}

TEST_F(HttpListenerTest, ConnectionsAreCapped) {
  limits_.connections_per_address = 3;
  const int port = Serve();
  std::vector<std::unique_ptr<RawConnection>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<RawConnection>(port));
    held.back()->Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(held.back()->ReadReply().code, 200);
  }
  RawConnection refused(port);
  EXPECT_EQ(refused.ReadReply().code, 503);
  EXPECT_EQ(refused.ReadToEnd(), "");
  held.clear();
  // The places come back once the listener has seen the ends.
  int code = 503;
  for (int i = 0; i < 1000 && code != 200; ++i) code = Fetch(port, "GET", "/").code;
  EXPECT_EQ(code, 200);
}

TEST_F(HttpListenerTest, AHandlerThatLetsGoIsAnswered) {
  const int port = Serve([](HttpRequest, std::shared_ptr<Responder>) {});
  EXPECT_EQ(Fetch(port, "GET", "/").code, 500);
}

TEST_F(HttpListenerTest, TellsTheHandlerWhenTheClientGoes) {
  std::promise<void> gone;
  std::shared_ptr<Responder> kept;
  std::promise<void> arrived;
  const int port = Serve([&](HttpRequest, std::shared_ptr<Responder> responder) {
    kept = responder;
    responder->OnGone([&] { gone.set_value(); });
    arrived.set_value();
  });
  {
    RawConnection connection(port);
    connection.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    arrived.get_future().wait();
  }
  EXPECT_EQ(gone.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  kept->Send(HttpAnswer());  // too late, and harmless
  kept.reset();
}

TEST_F(HttpListenerTest, StreamsPartByPart) {
  std::shared_ptr<Responder> stream;
  std::promise<void> arrived;
  const int port = Serve([&](HttpRequest, std::shared_ptr<Responder> responder) {
    stream = std::move(responder);
    stream->StartStream("application/x-ndjson", "");
    arrived.set_value();
  });
  RawConnection connection(port);
  connection.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  arrived.get_future().wait();
  for (const char* part : {"one\n", "two\n"}) {
    std::promise<bool> written;
    stream->Write(part, [&](bool ok) { written.set_value(ok); });
    EXPECT_TRUE(written.get_future().get());
    EXPECT_TRUE(connection.ReadUntil(part));  // each part is out before the next is made
  }
  stream->End();
  EXPECT_TRUE(absl::EndsWith(connection.ReadToEnd(), "4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n"));
}

TEST_F(HttpListenerTest, HeartbeatsKeepASilentStreamOpen) {
  limits_.stream_heartbeat = absl::Milliseconds(20);
  std::shared_ptr<Responder> stream;
  const int port = Serve([&](HttpRequest, std::shared_ptr<Responder> responder) {
    stream = std::move(responder);
    stream->StartStream("text/event-stream", ": here\n\n");
  });
  RawConnection connection(port);
  connection.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(connection.ReadUntil("8\r\n: here\n\n\r\n8\r\n: here\n\n\r\n"));
  stream.reset();
}

TEST_F(HttpListenerTest, StopLetsRunningRequestsEnd) {
  std::shared_ptr<Responder> running;
  std::promise<void> arrived;
  const int port = Serve([&](HttpRequest, std::shared_ptr<Responder> responder) {
    running = std::move(responder);
    arrived.set_value();
  });
  RawConnection busy(port);
  busy.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  arrived.get_future().wait();
  RawConnection idle(port);
  std::thread stop([&] { listener_->Stop(); });
  EXPECT_EQ(idle.ReadToEnd(), "");  // closed at once
  HttpAnswer answer;
  answer.body = "done";
  running->Send(std::move(answer));
  const HttpReply reply = busy.ReadReply();
  EXPECT_EQ(reply.body, "done");
  EXPECT_TRUE(absl::StrContains(reply.head, "Connection: close"));
  stop.join();
  running.reset();
  EXPECT_FALSE(RawConnection(port).open());
}

TEST_F(HttpListenerTest, StopDoesNotWaitForEver) {
  limits_.drain_timeout = absl::Milliseconds(50);
  std::shared_ptr<Responder> running;
  std::promise<void> arrived;
  const int port = Serve([&](HttpRequest, std::shared_ptr<Responder> responder) {
    running = std::move(responder);
    arrived.set_value();
  });
  RawConnection busy(port);
  busy.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  arrived.get_future().wait();
  listener_->Stop();
  EXPECT_EQ(busy.ReadReply().code, 0);
  running.reset();
}

TEST_F(HttpListenerTest, RefusesAddressesThatAreNone) {
  for (const char* address : {"", "8080", "localhost", "1.2.3:80", "127.0.0.1:99999", "x:80"}) {
    EXPECT_FALSE(HttpListener::Open(address, limits_, 1, Echo).ok()) << address;
  }
}

TEST_F(HttpListenerTest, ProbesItsOwnPort) {
  Serve();
  EXPECT_TRUE(listener_->Probe().ok());
  listener_->Stop();
  EXPECT_FALSE(listener_->Probe().ok());
}

}  // namespace
}  // namespace nscl::gateway
