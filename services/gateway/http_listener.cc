#include "services/gateway/http_listener.h"

#include <utility>  // boost/asio 1.74 misses it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/status/status_macros.h"
#include "services/gateway/errors.h"
#include "services/gateway/http_connection.h"

namespace nscl::gateway {
namespace {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using boost::system::error_code;

// Above the connection limit so many more are told why; the rest are closed at once.
constexpr size_t kRefusals = 64;
constexpr absl::Duration kProbeTimeout = absl::Seconds(2);
// After a failed accept (no file descriptors left) the next is tried so much later.
constexpr absl::Duration kAcceptPause = absl::Milliseconds(100);

std::chrono::nanoseconds Chrono(absl::Duration d) { return absl::ToChronoNanoseconds(d); }

}  // namespace

// Shared with what is under way.
class HttpListener::Impl : public std::enable_shared_from_this<HttpListener::Impl> {
 public:
  Impl(const Limits& limits, int threads, HttpHandler handler)
      : all_(std::make_shared<HttpConnections>(limits, std::move(handler))),
        threads_(threads),
        acceptor_(net::make_strand(all_->io)),
        retry_(acceptor_.get_executor()) {}

  absl::Status Listen(absl::string_view address);
  void Start();
  void Stop();
  // Runs what late answers have left behind, so that nothing keeps itself alive in the queue.
  void Flush();

  absl::Status Probe() const;

  int port() const { return endpoint_.port(); }
  size_t connections() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return open_.size();
  }

 private:
  void Accept();
  void Take(tcp::socket socket);
  void Closed(HttpConnection* connection, const std::string& peer);

  const std::shared_ptr<HttpConnections> all_;
  const int threads_;
  tcp::acceptor acceptor_;
  net::steady_timer retry_;
  tcp::endpoint endpoint_;
  std::vector<std::thread> runners_;
  std::optional<net::executor_work_guard<net::io_context::executor_type>> work_;

  mutable std::mutex mutex_;
  std::condition_variable all_closed_;
  std::map<HttpConnection*, std::weak_ptr<HttpConnection>> open_;
  std::map<std::string, size_t> by_peer_;
};

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
  all_->closed = [weak = weak_from_this()](HttpConnection* connection, const std::string& peer) {
    if (const auto self = weak.lock()) self->Closed(connection, peer);
  };
  work_.emplace(all_->io.get_executor());
  net::post(acceptor_.get_executor(), [self = shared_from_this()] { self->Accept(); });
  for (int i = 0; i < threads_; ++i) runners_.emplace_back([this] { all_->io.run(); });
}

void HttpListener::Impl::Accept() {
  acceptor_.async_accept(net::make_strand(all_->io),
                         [self = shared_from_this()](error_code error, tcp::socket socket) {
                           if (error == net::error::operation_aborted || self->all_->draining)
                             return;
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
  const Limits& limits = all_->limits;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (open_.size() >= limits.connections + kRefusals) return;
    size_t& from_peer = by_peer_[peer];
    refuse = open_.size() >= limits.connections ||
             (limits.connections_per_address > 0 && from_peer >= limits.connections_per_address);
    ++from_peer;
  }
  auto connection = std::make_shared<HttpConnection>(all_, std::move(socket), peer);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.emplace(connection.get(), connection);
  }
  if (refuse) {
    connection->Refuse(errors::TooManyConnections());
  } else {
    connection->Begin();
  }
}

void HttpListener::Impl::Closed(HttpConnection* connection, const std::string& peer) {
  std::lock_guard<std::mutex> lock(mutex_);
  open_.erase(connection);
  if (auto row = by_peer_.find(peer); row != by_peer_.end() && --row->second == 0) {
    by_peer_.erase(row);
  }
  if (open_.empty()) all_closed_.notify_all();
}

void HttpListener::Impl::Stop() {
  if (all_->draining.exchange(true)) return;
  if (runners_.empty()) return;
  net::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
  });
  const auto drain = [this](bool force) {
    std::vector<std::shared_ptr<HttpConnection>> connections;
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
  if (!closed_within(all_->limits.drain_timeout)) {
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
  all_->io.restart();
  all_->io.poll();
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
