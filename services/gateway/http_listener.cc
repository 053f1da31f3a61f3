#include "services/gateway/http_listener.h"

#include <utility>  // boost/asio 1.74 misses it

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status/status_macros.h"
#include "common/time/clock.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using boost::system::error_code;
using Strand = net::strand<net::io_context::executor_type>;

// After a refusal the rest of what the client sends is read and thrown away for so long, so that
// the refusal is not lost in a connection reset.
constexpr absl::Duration kLinger = absl::Seconds(1);
constexpr size_t kLingerBytes = 2 * 1024 * 1024;
// Bytes asked for at once while a head is read.
constexpr size_t kReadBytes = 4096;
// Room for body bytes not yet taken by the parser; a chunk's own header line must fit, too.
constexpr size_t kBodyBufferBytes = 128 * 1024;
// Above the connection limit so many more are told why; the rest are closed at once.
constexpr size_t kRefusals = 64;
constexpr absl::Duration kProbeTimeout = absl::Seconds(2);
// After a failed accept (no file descriptors left) the next is tried so much later.
constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

std::chrono::nanoseconds Chrono(absl::Duration d) { return absl::ToChronoNanoseconds(d); }

absl::string_view View(const boost::beast::flat_buffer& buffer) {
  return absl::string_view(static_cast<const char*>(buffer.data().data()), buffer.size());
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

class Connection;

// What the connections share.
class HttpListener::Impl : public std::enable_shared_from_this<HttpListener::Impl> {
 public:
  Impl(const Limits& limits, int threads, HttpHandler handler)
      : limits(limits),
        handler(std::move(handler)),
        threads_(threads),
        acceptor_(net::make_strand(io)),
        retry_(acceptor_.get_executor()) {}

  absl::Status Listen(absl::string_view address);
  void Start();
  void Stop();
  // Runs what late answers have left behind, so that nothing keeps itself alive in the queue.
  void Flush();

  void Opened(const std::shared_ptr<Connection>& connection);
  void Closed(Connection* connection, const std::string& peer);

  absl::Status Probe() const;

  int port() const { return endpoint_.port(); }
  size_t connections() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return open_.size();
  }

  const Limits limits;
  const HttpHandler handler;
  net::io_context io;
  std::atomic<bool> draining{false};

 private:
  void Accept();
  void Take(tcp::socket socket);

  const int threads_;
  tcp::acceptor acceptor_;
  net::steady_timer retry_;
  tcp::endpoint endpoint_;
  std::vector<std::thread> runners_;
  std::optional<net::executor_work_guard<net::io_context::executor_type>> work_;

  mutable std::mutex mutex_;
  std::condition_variable all_closed_;
  std::map<Connection*, std::weak_ptr<Connection>> open_;
  std::map<std::string, size_t> by_peer_;
};

// One connection. Everything below runs on its strand but for what is said otherwise.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<HttpListener::Impl> owner, tcp::socket socket, std::string peer)
      : owner_(std::move(owner)),
        limits_(owner_->limits),
        socket_(std::move(socket)),
        timer_(socket_.get_executor()),
        peer_(std::move(peer)),
        buffer_(limits_.request_line_bytes + limits_.header_bytes + kBodyBufferBytes) {}

  ~Connection() {
    if (phase_ != Phase::kClosed) owner_->Closed(this, peer_);
  }

  const std::string& peer() const { return peer_; }

  // From any thread.
  void Begin() {
    net::post(socket_.get_executor(), [self = shared_from_this()] { self->AwaitRequest(true); });
  }
  void Refuse(absl::Status status) {
    net::post(socket_.get_executor(), [self = shared_from_this(), status] { self->Fail(status); });
  }
  // Ends the connection if no request is under way; with `force` also if one is.
  void Drain(bool force) {
    net::post(socket_.get_executor(), [self = shared_from_this(), force] {
      if (force || self->phase_ == Phase::kIdle) self->Close();
    });
  }

 private:
  friend class ConnectionResponder;

  enum class Phase { kIdle, kHead, kBody, kCall, kStream, kAnswer, kLinger, kClosed };

  // Calls `expired` after `after` unless the timer is set anew before.
  void Arm(absl::Duration after, void (Connection::*expired)()) {
    const uint64_t turn = ++timer_turn_;
    timer_.expires_after(Chrono(after));
    timer_.async_wait([self = shared_from_this(), turn, expired](error_code error) {
      if (!error && turn == self->timer_turn_) ((*self).*expired)();
    });
  }
  void Disarm() {
    ++timer_turn_;
    timer_.cancel();
  }

  void Close() {
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
    owner_->Closed(this, peer_);  // a handler that still holds a responder does not count
  }

  void TellGone() {
    if (auto gone = std::exchange(gone_, nullptr)) gone();
  }

  // --- reading
  // -----------------------------------------------------------------------------------------

  void AwaitRequest(bool first) {
    if (owner_->draining) return Close();
    ++serial_;
    phase_ = Phase::kIdle;
    // A new connection has as long as a head has; an old one may stay idle.
    Arm(first ? limits_.header_timeout : limits_.idle_timeout,
        first ? &Connection::HeadLate : &Connection::Close);
    if (buffer_.size() > 0) return TakeHead();
    ReadHead();
  }

  void ReadHead() {
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

  void HeadLate() {
    CancelReads();
    Fail(errors::RequestTimeout("head"));
  }

  void TakeHead() {
    if (phase_ == Phase::kIdle) {
      phase_ = Phase::kHead;
      Arm(limits_.header_timeout, &Connection::HeadLate);
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
    Arm(limits_.body_timeout, &Connection::BodyLate);
    if (request_.head.expects_continue) return SendContinue();
    ReadBody();
  }

  void SendContinue() {
    static const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    net::async_write(socket_, net::buffer(kContinue),
                     [self = shared_from_this()](error_code error, size_t) {
                       if (self->phase_ != Phase::kBody) return;
                       if (error) return self->Close();
                       self->ReadBody();
                     });
  }

  void ReadBody() {
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, size_t) {
                       if (self->phase_ == Phase::kBody) self->TakeBody(error);
                     });
  }

  void BodyLate() {
    CancelReads();
    Fail(errors::RequestTimeout("body"));
  }

  void TakeBody(error_code error) {
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
    owner_->handler(std::move(request_), MakeResponder());
  }

  std::shared_ptr<Responder> MakeResponder();

  // While a call runs, a client that hangs up is noticed; one that sends its next request is not
  // watched any more.
  void WatchForHangUp() {
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
  bool HungUp() {
    char byte;
    const ssize_t n = recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
  }

  bool HasUnread() {
    error_code failed;
    return socket_.available(failed) > 0 && !failed;
  }

  void CancelReads() {
    error_code ignored;
    socket_.cancel(ignored);
  }

  // --- answering
  // ---------------------------------------------------------------------------------------

  // A refusal of the listener's own: the connection cannot go on after it.
  void Fail(const absl::Status& status) {
    HttpAnswer answer = ErrorAnswer(status);
    answer.close = true;
    Answer(std::move(answer));
  }

  void Answer(HttpAnswer answer) {
    if (phase_ == Phase::kClosed || phase_ == Phase::kAnswer || phase_ == Phase::kLinger) return;
    phase_ = Phase::kAnswer;
    gone_ = nullptr;
    CancelReads();
    const bool keep = keep_alive_ && !answer.close && !owner_->draining;
    out_ = AnswerHead(answer, keep, /*chunked=*/false);
    body_ = std::move(answer.body);
    Arm(limits_.write_timeout, &Connection::Close);
    const std::array<net::const_buffer, 2> buffers = {net::buffer(out_), net::buffer(body_)};
    net::async_write(socket_, buffers, [self = shared_from_this(), keep](error_code error, size_t) {
      if (self->phase_ != Phase::kAnswer) return;
      if (error) return self->Close();
      if (keep) return self->AwaitRequest(false);
      self->Linger();
    });
  }

  void Linger() {
    phase_ = Phase::kLinger;
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    Arm(kLinger, &Connection::Close);
    buffer_.consume(buffer_.size());
    ReadAway();
  }

  void ReadAway() {
    buffer_.consume(buffer_.size());
    socket_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](error_code error, size_t bytes) {
                              if (self->phase_ != Phase::kLinger) return;
                              self->lingered_ += bytes;
                              if (error || self->lingered_ > kLingerBytes) return self->Close();
                              self->ReadAway();
                            });
  }

  // --- streaming
  // ---------------------------------------------------------------------------------------

  void StartStream(const std::string& content_type, std::string heartbeat) {
    if (phase_ != Phase::kCall) return;
    phase_ = Phase::kStream;
    heartbeat_ = std::move(heartbeat);
    HttpAnswer answer;
    answer.content_type = content_type;
    answer.headers.emplace_back("X-Accel-Buffering", "no");  // nginx passes each part on at once
    Enqueue(AnswerHead(answer, /*keep_alive=*/false, /*chunked=*/true), nullptr);
  }

  static std::string Chunk(const std::string& part) {
    return absl::StrCat(absl::Hex(part.size()), "\r\n", part, "\r\n");
  }

  void Enqueue(std::string bytes, std::function<void(bool)> written) {
    if (phase_ != Phase::kStream) {
      if (written) written(false);
      return;
    }
    writes_.emplace_back(std::move(bytes), std::move(written));
    if (writes_.size() == 1) WriteNext();
  }

  void WriteNext() {
    Arm(limits_.write_timeout, &Connection::Close);
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
                         self->Arm(self->limits_.stream_heartbeat, &Connection::Beat);
                       } else {
                         self->Disarm();
                       }
                       if (written) written(true);
                     });
  }

  void Beat() { Enqueue(Chunk(heartbeat_), nullptr); }

  void FinishStream() {
    if (phase_ != Phase::kStream || stream_ended_) return;
    Enqueue("0\r\n\r\n", nullptr);
    stream_ended_ = true;
  }

  void EndStream() {
    gone_ = nullptr;
    CancelReads();
    Linger();
  }

  const std::shared_ptr<HttpListener::Impl> owner_;
  const Limits& limits_;
  tcp::socket socket_;
  net::steady_timer timer_;
  const std::string peer_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  HttpRequest request_;
  Phase phase_ = Phase::kIdle;
  uint64_t timer_turn_ = 0;
  uint64_t serial_ = 0;  // of the request at hand
  bool keep_alive_ = true;
  std::string out_, body_;
  size_t lingered_ = 0;
  std::function<void()> gone_;
  std::string heartbeat_;
  std::deque<std::pair<std::string, std::function<void(bool)>>> writes_;
  bool stream_ended_ = false;
};

// The handler's end of one request. Answers of a request that is over do nothing.
class ConnectionResponder : public Responder {
 public:
  ConnectionResponder(std::shared_ptr<Connection> connection, uint64_t serial)
      : connection_(std::move(connection)), serial_(serial) {}

  // A handler that lets go without answering must not leave the client waiting.
  ~ConnectionResponder() override {
    if (!answered_) {
      Do([](Connection& c) { c.Fail(absl::InternalError("the call ended without an answer")); });
    }
  }

  void Send(HttpAnswer answer) override {
    answered_ = true;
    Do([answer = std::move(answer)](Connection& c) mutable {
      if (c.phase_ == Connection::Phase::kCall) c.Answer(std::move(answer));
    });
  }

  void StartStream(absl::string_view content_type, std::string heartbeat) override {
    answered_ = true;
    Do([type = std::string(content_type), heartbeat = std::move(heartbeat)](Connection& c) mutable {
      c.StartStream(type, std::move(heartbeat));
    });
  }

  void Write(std::string part, std::function<void(bool)> written) override {
    net::post(connection_->socket_.get_executor(),
              [connection = connection_, serial = serial_, part = std::move(part),
               written = std::move(written)]() mutable {
                if (serial != connection->serial_) return written(false);
                connection->Enqueue(Connection::Chunk(part), std::move(written));
              });
  }

  void End() override {
    Do([](Connection& c) { c.FinishStream(); });
  }

  void OnGone(std::function<void()> gone) override {
    net::post(connection_->socket_.get_executor(),
              [connection = connection_, serial = serial_, gone = std::move(gone)]() mutable {
                if (serial != connection->serial_) return;
                if (connection->phase_ == Connection::Phase::kClosed) return gone();
                if (connection->phase_ == Connection::Phase::kCall ||
                    connection->phase_ == Connection::Phase::kStream) {
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

  const std::shared_ptr<Connection> connection_;
  const uint64_t serial_;
  std::atomic<bool> answered_{false};
};

std::shared_ptr<Responder> Connection::MakeResponder() {
  return std::make_shared<ConnectionResponder>(shared_from_this(), serial_);
}

absl::Status HttpListener::Impl::Listen(absl::string_view address) {
  const auto bad = [&](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on \"", address, "\": ", why));
  };
  const size_t colon = address.rfind(':');
  uint32_t port;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port > 65535) {
    return bad("must be address:port");
  }
  absl::string_view host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (host == "localhost") host = "127.0.0.1";
  error_code error;
  const auto ip = net::ip::make_address(std::string(host), error);
  if (error) return bad(error.message());
  const tcp::endpoint endpoint(ip, static_cast<uint16_t>(port));
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on \"", address, "\": ", error.message()));
  }
  endpoint_ = acceptor_.local_endpoint();
  return absl::OkStatus();
}

void HttpListener::Impl::Start() {
  work_.emplace(io.get_executor());
  net::post(acceptor_.get_executor(), [self = shared_from_this()] { self->Accept(); });
  for (int i = 0; i < threads_; ++i) runners_.emplace_back([this] { io.run(); });
}

void HttpListener::Impl::Accept() {
  acceptor_.async_accept(net::make_strand(io),
                         [self = shared_from_this()](error_code error, tcp::socket socket) {
                           if (error == net::error::operation_aborted || self->draining) return;
                           if (!error) {
                             self->Take(std::move(socket));
                             return self->Accept();
                           }
                           // No descriptors left: the listener must not die of it.
                           self->retry_.expires_after(Chrono(kAcceptPause));
                           self->retry_.async_wait([self](error_code cancelled) {
                             if (!cancelled) self->Accept();
                           });
                         });
}

void HttpListener::Impl::Take(tcp::socket socket) {
  error_code error;
  const auto endpoint = socket.remote_endpoint(error);
  if (error) return;
  socket.set_option(tcp::no_delay(true), error);
  const std::string peer = endpoint.address().to_string();
  bool refuse = false;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (open_.size() >= limits.connections + kRefusals) return;
    size_t& from_peer = by_peer_[peer];
    refuse = open_.size() >= limits.connections ||
             (limits.connections_per_address > 0 && from_peer >= limits.connections_per_address);
    ++from_peer;
  }
  auto connection = std::make_shared<Connection>(shared_from_this(), std::move(socket), peer);
  Opened(connection);
  if (refuse) {
    connection->Refuse(errors::TooManyConnections());
  } else {
    connection->Begin();
  }
}

void HttpListener::Impl::Opened(const std::shared_ptr<Connection>& connection) {
  std::lock_guard<std::mutex> lock(mutex_);
  open_.emplace(connection.get(), connection);
}

void HttpListener::Impl::Closed(Connection* connection, const std::string& peer) {
  std::lock_guard<std::mutex> lock(mutex_);
  open_.erase(connection);
  if (auto row = by_peer_.find(peer); row != by_peer_.end() && --row->second == 0) {
    by_peer_.erase(row);
  }
  if (open_.empty()) all_closed_.notify_all();
}

void HttpListener::Impl::Stop() {
  if (draining.exchange(true)) return;
  if (runners_.empty()) return;
  net::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
  });
  const auto drain = [this](bool force) {
    std::vector<std::shared_ptr<Connection>> connections;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      for (auto& [key, weak] : open_) {
        if (auto connection = weak.lock()) connections.push_back(std::move(connection));
      }
    }
    for (const auto& connection : connections) connection->Drain(force);
  };
  const auto closed_within = [this](absl::Duration limit) {
    std::unique_lock<std::mutex> lock(mutex_);
    return all_closed_.wait_for(lock, Chrono(limit), [this] { return open_.empty(); });
  };
  drain(false);
  if (!closed_within(limits.drain_timeout)) {
    drain(true);
    closed_within(absl::Seconds(1));
  }
  // With every socket closed and every timer cancelled the runners run out of work.
  work_.reset();
  for (std::thread& runner : runners_) runner.join();
  runners_.clear();
}

absl::Status HttpListener::Impl::Probe() const {
  // Its own context and thread of control: the listener's may be what is broken.
  net::io_context own;
  tcp::socket socket(own);
  tcp::endpoint target = endpoint_;
  if (target.address().is_unspecified()) {
    target.address(target.address().is_v6() ? net::ip::address(net::ip::address_v6::loopback())
                                            : net::ip::address(net::ip::address_v4::loopback()));
  }
  static const std::string kRequest =
      "GET /livez HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n";
  std::array<char, 12> begin{};
  bool answered = false;
  socket.async_connect(target, [&](error_code error) {
    if (error) return;
    net::async_write(socket, net::buffer(kRequest), [&](error_code write_error, size_t) {
      if (write_error) return;
      net::async_read(socket, net::buffer(begin), [&](error_code read_error, size_t) {
        answered = !read_error && absl::string_view(begin.data(), 9) == "HTTP/1.1 ";
      });
    });
  });
  own.run_for(Chrono(kProbeTimeout));
  return answered ? absl::OkStatus() : absl::UnavailableError("the own port does not answer");
}

void HttpListener::Impl::Flush() {
  io.restart();
  io.poll();
}

absl::StatusOr<std::unique_ptr<HttpListener>> HttpListener::Open(absl::string_view address,
                                                                 const Limits& limits, int threads,
                                                                 HttpHandler handler) {
  auto impl = std::make_shared<Impl>(limits, threads, std::move(handler));
  RETURN_IF_ERROR(impl->Listen(address));
  return std::unique_ptr<HttpListener>(new HttpListener(std::move(impl)));
}

HttpListener::HttpListener(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpListener::~HttpListener() {
  Stop();
  impl_->Flush();
}
void HttpListener::Start() { impl_->Start(); }
void HttpListener::Stop() { impl_->Stop(); }
void HttpListener::Flush() { impl_->Flush(); }
absl::Status HttpListener::Probe() const { return impl_->Probe(); }
int HttpListener::port() const { return impl_->port(); }
size_t HttpListener::connections() const { return impl_->connections(); }

}  // namespace nscl::gateway
