#include "services/gateway/http_connection.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "absl/strings/str_cat.h"
#include "common/time/clock.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;

// Bytes asked for at once while a head is read, and while bytes are thrown away.
constexpr size_t kReadBytes = 4096;
constexpr size_t kReadAwayBytes = 64 * 1024;
// Room for body bytes not yet taken by the parser; a chunk's own header line must fit, too.
constexpr size_t kBodyBufferBytes = 128 * 1024;

absl::string_view View(const boost::beast::flat_buffer& buffer) {
  return absl::string_view(static_cast<const char*>(buffer.data().data()), buffer.size());
}

std::string Chunk(const std::string& part) {
  return absl::StrCat(absl::Hex(part.size()), "\r\n", part, "\r\n");
}

// The head of an answer. The headers are the same for errors and answers: nothing is cached,
// framed, sniffed or sent on.
std::string AnswerHead(const HttpAnswer& answer, bool keep_alive, bool chunked) {
  std::string head = absl::StrCat(
      "HTTP/1.1 ", answer.code, " ", HttpReason(answer.code), "\r\nDate: ",
      absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", time::SystemClock().Now(), absl::UTCTimeZone()),
      "\r\nContent-Type: ", answer.content_type,
      "\r\nX-Content-Type-Options: nosniff"
      "\r\nReferrer-Policy: no-referrer"
      "\r\nStrict-Transport-Security: max-age=31536000\r\n");
  bool cache = false, policy = false;
  for (const auto& [name, value] : answer.headers) {
    absl::StrAppend(&head, name, ": ", value, "\r\n");
    cache = cache || name == "Cache-Control";
    policy = policy || name == "Content-Security-Policy";
  }
  if (!cache) head.append("Cache-Control: no-store\r\n");
  if (!policy) {
    head.append("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n");
  }
  if (chunked) {
    head.append("Transfer-Encoding: chunked\r\n");
  } else {
    absl::StrAppend(&head, "Content-Length: ", answer.body.size(), "\r\n");
  }
  head.append(keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
  return head;
}

}  // namespace

// The handler's end of one request. Answers of a request that is over do nothing.
class HttpConnection::RequestResponder : public Responder {
 public:
  RequestResponder(std::shared_ptr<HttpConnection> connection, uint64_t serial)
      : connection_(std::move(connection)), serial_(serial) {}

  // A handler that lets go without answering must not leave the client waiting.
  ~RequestResponder() override {
    if (!answered_) {
      Do([](HttpConnection& c) {
        c.Fail(absl::InternalError("the call ended without an answer"));
      });
    }
  }

  void Send(HttpAnswer answer) override {
    answered_ = true;
    Do([answer = std::move(answer)](HttpConnection& c) mutable {
      if (c.phase_ == HttpConnection::Phase::kCall) c.Answer(std::move(answer));
    });
  }

  void StartStream(absl::string_view content_type, std::string heartbeat) override {
    answered_ = true;
    Do([type = std::string(content_type), heartbeat = std::move(heartbeat)](
           HttpConnection& c) mutable { c.StartStream(type, std::move(heartbeat)); });
  }

  void Write(std::string part, std::function<void(bool)> written) override {
    net::post(connection_->socket_.get_executor(),
              [connection = connection_, serial = serial_, part = std::move(part),
               written = std::move(written)]() mutable {
                if (serial != connection->serial_) return written(false);
                connection->Enqueue(Chunk(part), std::move(written));
              });
  }

  void End() override {
    Do([](HttpConnection& c) { c.FinishStream(); });
  }

  void OnGone(std::function<void()> gone) override {
    net::post(connection_->socket_.get_executor(),
              [connection = connection_, serial = serial_, gone = std::move(gone)]() mutable {
                if (serial != connection->serial_) return;
                if (connection->phase_ == HttpConnection::Phase::kClosed) return gone();
                if (connection->phase_ == HttpConnection::Phase::kCall ||
                    connection->phase_ == HttpConnection::Phase::kStream) {
                  connection->gone_ = std::move(gone);
                }
              });
  }

 private:
  template <typename Action>
  void Do(Action action) {
    net::post(connection_->socket_.get_executor(),
              [connection = connection_, serial = serial_, action = std::move(action)]() mutable {
                if (serial == connection->serial_) action(*connection);
              });
  }

  const std::shared_ptr<HttpConnection> connection_;
  const uint64_t serial_;
  std::atomic<bool> answered_{false};
};

HttpConnection::HttpConnection(std::shared_ptr<HttpConnections> all, Socket socket,
                               std::string peer)
    : all_(std::move(all)),
      limits_(all_->limits),
      socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      peer_(std::move(peer)),
      buffer_(limits_.request_line_bytes + limits_.header_bytes + kBodyBufferBytes) {}

HttpConnection::~HttpConnection() {
  if (phase_ != Phase::kClosed) all_->closed(this, peer_);
}

void HttpConnection::Begin() {
  net::post(socket_.get_executor(), [self = shared_from_this()] { self->AwaitRequest(true); });
}

void HttpConnection::Refuse(absl::Status status) {
  net::post(socket_.get_executor(), [self = shared_from_this(), status] { self->Fail(status); });
}

void HttpConnection::Drain(bool force) {
  net::post(socket_.get_executor(), [self = shared_from_this(), force] {
    if (force || self->phase_ == Phase::kIdle) self->Close();
  });
}

void HttpConnection::Arm(absl::Duration after, void (HttpConnection::*expired)()) {
  const uint64_t turn = ++timer_turn_;
  timer_.expires_after(absl::ToChronoNanoseconds(after));
  timer_.async_wait([self = shared_from_this(), turn, expired](error_code error) {
    if (!error && turn == self->timer_turn_) ((*self).*expired)();
  });
}
void HttpConnection::Disarm() {
  ++timer_turn_;
  timer_.cancel();
}

void HttpConnection::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  Disarm();
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
  TellGone();
  for (auto& [part, written] : writes_) {
    if (written) written(false);
  }
  writes_.clear();
  all_->closed(this, peer_);  // a handler that still holds a responder does not count
}

void HttpConnection::TellGone() {
  if (auto gone = std::exchange(gone_, nullptr)) gone();
}

void HttpConnection::AwaitRequest(bool first) {
  if (all_->draining) return Close();
  ++serial_;
  phase_ = Phase::kIdle;
  // A new connection has as long as a head has; an old one may stay idle.
  Arm(first ? limits_.header_timeout : limits_.idle_timeout,
      first ? &HttpConnection::HeadLate : &HttpConnection::Close);
  if (buffer_.size() > 0) return TakeHead();
  ReadHead();
}

void HttpConnection::ReadHead() {
  socket_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](error_code error, size_t bytes) {
                            if (self->phase_ != Phase::kIdle && self->phase_ != Phase::kHead) {
                              return;
                            }
                            if (error) return self->Close();
                            self->buffer_.commit(bytes);
                            self->TakeHead();
                          });
}

void HttpConnection::HeadLate() {
  CancelReads();
  Fail(errors::RequestTimeout("head"));
}

void HttpConnection::TakeHead() {
  if (phase_ == Phase::kIdle) {
    phase_ = Phase::kHead;
    Arm(limits_.header_timeout, &HttpConnection::HeadLate);
  }
  const absl::StatusOr<size_t> end = FindHeadEnd(View(buffer_), limits_);
  if (!end.ok()) return Fail(end.status());
  if (*end == 0) return ReadHead();
  absl::StatusOr<HttpHead> head = ParseHead(View(buffer_).substr(0, *end), limits_);
  if (!head.ok()) return Fail(head.status());
  request_ = HttpRequest();
  request_.head = *std::move(head);
  request_.peer = peer_;
  parser_.emplace();
  parser_->header_limit(
      static_cast<uint32_t>(limits_.request_line_bytes + limits_.header_bytes + 4));
  parser_->body_limit(limits_.body_bytes);
  phase_ = Phase::kBody;
  Arm(limits_.body_timeout, &HttpConnection::BodyLate);
  if (request_.head.expects_continue) return SendContinue();
  ReadBody();
}

void HttpConnection::SendContinue() {
  static const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  net::async_write(socket_, net::buffer(kContinue),
                   [self = shared_from_this()](error_code error, size_t) {
                     if (self->phase_ != Phase::kBody) return;
                     if (error) return self->Close();
                     self->ReadBody();
                   });
}

void HttpConnection::ReadBody() {
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, size_t) {
                     if (self->phase_ == Phase::kBody) self->TakeBody(error);
                   });
}

void HttpConnection::BodyLate() {
  CancelReads();
  Fail(errors::RequestTimeout("body"));
}

void HttpConnection::TakeBody(error_code error) {
  if (error == http::error::body_limit) {
    return Fail(errors::PayloadTooLarge(limits_.body_bytes));
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error == net::error::connection_reset || error == net::error::eof) {
    return Close();
  }
  if (error) return Fail(errors::MalformedHttp("the body's framing"));
  Disarm();
  request_.body = std::move(parser_->get().body());
  parser_.reset();
  keep_alive_ = request_.head.keep_alive;
  phase_ = Phase::kCall;
  WatchForHangUp();
  all_->handler(std::move(request_),
                std::make_shared<RequestResponder>(shared_from_this(), serial_));
}

void HttpConnection::WatchForHangUp() {
  socket_.async_wait(tcp::socket::wait_read,
                     [self = shared_from_this(), serial = serial_](error_code error) {
                       if (error || serial != self->serial_ ||
                           (self->phase_ != Phase::kCall && self->phase_ != Phase::kStream)) {
                         return;
                       }
                       if (self->HungUp()) return self->Close();
                       // Woken by a request already read: an event that was on its way when the
                       // wait began. Or by the next request, which waits its turn.
                       if (!self->HasUnread()) self->WatchForHangUp();
                     });
}

// Whether the client has closed its side and nothing of it is left to read. That bytes are not
// available does not tell: readiness can be reported for bytes that were read before.
bool HttpConnection::HungUp() {
  char byte;
  const ssize_t n = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool HttpConnection::HasUnread() {
  error_code failed;
  return socket_.available(failed) > 0 && !failed;
}

void HttpConnection::CancelReads() {
  error_code ignored;
  socket_.cancel(ignored);
}

void HttpConnection::Fail(const absl::Status& status) {
  HttpAnswer answer = ErrorAnswer(status);
  answer.close = true;
  Answer(std::move(answer));
}

void HttpConnection::Answer(HttpAnswer answer) {
  if (phase_ == Phase::kClosed || phase_ == Phase::kAnswer || phase_ == Phase::kLinger) return;
  phase_ = Phase::kAnswer;
  gone_ = nullptr;
  CancelReads();
  const bool keep = keep_alive_ && !answer.close && !all_->draining;
  out_ = AnswerHead(answer, keep, /*chunked=*/false);
  body_ = std::move(answer.body);
  Arm(limits_.write_timeout, &HttpConnection::Close);
  const std::array<net::const_buffer, 2> buffers = {net::buffer(out_), net::buffer(body_)};
  net::async_write(socket_, buffers, [self = shared_from_this(), keep](error_code error, size_t) {
    if (self->phase_ != Phase::kAnswer) return;
    if (error) return self->Close();
    if (keep) return self->AwaitRequest(false);
    self->Linger();
  });
}

void HttpConnection::Linger() {
  phase_ = Phase::kLinger;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  linger_until_ = absl::Now() + limits_.discard_timeout;
  ReadAway();
}

void HttpConnection::ReadAway() {
  Arm(std::min(limits_.discard_silence, linger_until_ - absl::Now()), &HttpConnection::Close);
  buffer_.consume(buffer_.size());
  socket_.async_read_some(buffer_.prepare(kReadAwayBytes),
                          [self = shared_from_this()](error_code error, size_t bytes) {
                            if (self->phase_ != Phase::kLinger) return;
                            self->lingered_ += bytes;
                            if (error || self->lingered_ > self->limits_.discard_bytes)
                              return self->Close();
                            self->ReadAway();
                          });
}

void HttpConnection::StartStream(const std::string& content_type, std::string heartbeat) {
  if (phase_ != Phase::kCall) return;
  phase_ = Phase::kStream;
  heartbeat_ = std::move(heartbeat);
  HttpAnswer answer;
  answer.content_type = content_type;
  answer.headers.emplace_back("X-Accel-Buffering", "no");  // nginx passes each part on at once
  Enqueue(AnswerHead(answer, /*keep_alive=*/false, /*chunked=*/true), nullptr);
}

void HttpConnection::Enqueue(std::string bytes, std::function<void(bool)> written) {
  if (phase_ != Phase::kStream) {
    if (written) written(false);
    return;
  }
  writes_.emplace_back(std::move(bytes), std::move(written));
  if (writes_.size() == 1) WriteNext();
}

void HttpConnection::WriteNext() {
  Arm(limits_.write_timeout, &HttpConnection::Close);
  net::async_write(socket_, net::buffer(writes_.front().first),
                   [self = shared_from_this()](error_code error, size_t) {
                     if (self->phase_ != Phase::kStream) return;
                     if (error) return self->Close();
                     auto written = std::move(self->writes_.front().second);
                     self->writes_.pop_front();
                     if (!self->writes_.empty()) {
                       self->WriteNext();
                     } else if (self->stream_ended_) {
                       self->EndStream();
                     } else if (!self->heartbeat_.empty()) {
                       self->Arm(self->limits_.stream_heartbeat, &HttpConnection::Beat);
                     } else {
                       self->Disarm();
                     }
                     if (written) written(true);
                   });
}

void HttpConnection::Beat() { Enqueue(Chunk(heartbeat_), nullptr); }

void HttpConnection::FinishStream() {
  if (phase_ != Phase::kStream || stream_ended_) return;
  Enqueue("0\r\n\r\n", nullptr);
  stream_ended_ = true;
}

void HttpConnection::EndStream() {
  gone_ = nullptr;
  CancelReads();
  Linger();
}

}  // namespace nscl::gateway
