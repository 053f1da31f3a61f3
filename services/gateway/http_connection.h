// One HTTP/1.1 connection of the listener: reads a request, hands it over, writes its answer, and
// so on. Included by the listener only: Beast takes long to compile.
#pragma once

#include <utility>  // boost/asio 1.74 misses it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/gateway/http_listener.h"
#include "services/gateway/limits.h"

namespace nscl::gateway {

class HttpConnection;

// What the connections of a listener have in common. The last of them, held by a handler that has
// not let go yet, may outlive the listener.
struct HttpConnections {
  HttpConnections(const Limits& limits, HttpHandler handler)
      : limits(limits), handler(std::move(handler)) {}

  const Limits limits;
  const HttpHandler handler;
  boost::asio::io_context io;
  std::atomic<bool> draining{false};  // no further request is taken
  // Told once by every connection, when its socket is closed.
  std::function<void(HttpConnection*, const std::string& peer)> closed;
};

// Kept alive by what it waits for, and by the responders of its requests.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  // Runs on the socket's executor, which must be a strand. `peer`: the client's address.
  HttpConnection(std::shared_ptr<HttpConnections> all, Socket socket, std::string peer);
  ~HttpConnection();

  // From any thread: waits for requests; or answers with a refusal and closes.
  void Begin();
  void Refuse(absl::Status status);
  // Ends the connection if no request is under way; with `force` also if one is.
  void Drain(bool force);

 private:
  class RequestResponder;  // the handler's end of one request

  using error_code = boost::system::error_code;
  enum class Phase { kIdle, kHead, kBody, kCall, kStream, kAnswer, kLinger, kClosed };

  // Everything below runs on the strand.

  // Calls `expired` after `after` unless the timer is set anew before.
  void Arm(absl::Duration after, void (HttpConnection::*expired)());
  void Disarm();
  void Close();
  void TellGone();

  // Reading.
  void AwaitRequest(bool first);
  void ReadHead();
  void HeadLate();
  void TakeHead();
  void SendContinue();
  void ReadBody();
  void BodyLate();
  void TakeBody(error_code error);
  // While a call runs, a client that hangs up is noticed; one that sends its next request is not
  // watched any more.
  void WatchForHangUp();
  bool HungUp();
  bool HasUnread();
  void CancelReads();

  // Answering.
  // A refusal of the listener's own: the connection cannot go on after it.
  void Fail(const absl::Status& status);
  void Answer(HttpAnswer answer);
  // After the last answer: reads and throws away what the client still sends, within the limits, so
  // that the answer is not lost in a connection reset.
  void Linger();
  void ReadAway();

  // Streaming.
  void StartStream(const std::string& content_type, std::string heartbeat);
  void Enqueue(std::string bytes, std::function<void(bool)> written);
  void WriteNext();
  void Beat();
  void FinishStream();
  void EndStream();

  const std::shared_ptr<HttpConnections> all_;
  const Limits& limits_;
  Socket socket_;
  boost::asio::steady_timer timer_;
  const std::string peer_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  HttpRequest request_;
  Phase phase_ = Phase::kIdle;
  uint64_t timer_turn_ = 0;
  uint64_t serial_ = 0;  // of the request at hand
  bool keep_alive_ = true;
  std::string out_, body_;
  size_t lingered_ = 0;  // bytes thrown away
  absl::Time linger_until_;
  std::function<void()> gone_;
  std::string heartbeat_;
  std::deque<std::pair<std::string, std::function<void(bool)>>> writes_;
  bool stream_ended_ = false;
};

}  // namespace nscl::gateway
