#include "tests/bench/load/http_loop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <thread>
#include <utility>

namespace nscl::bench {
namespace {

using std::chrono::steady_clock;

struct Connection {
  int socket = -1;
  std::string sending;
  std::string received;
  SteadyTime started;
  uint64_t answers = 0;
};

// Length of the whole answer at the front of `text`: 0 while it is not all there, -1 where its
// length is not told in a way that this reader knows (Content-Length only).
ssize_t AnswerLength(const std::string& text) {
  const size_t head = text.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  for (size_t line = text.find("\r\n"); line < head; line = text.find("\r\n", line + 2)) {
    static constexpr char kName[] = "content-length:";
    if (strncasecmp(text.c_str() + line + 2, kName, sizeof(kName) - 1) == 0) {
      const size_t length = std::strtoull(text.c_str() + line + 2 + sizeof(kName) - 1, nullptr, 10);
      const size_t whole = head + 4 + length;
      return text.size() >= whole ? static_cast<ssize_t>(whole) : 0;
    }
  }
  return -1;
}

int Connect(const HttpLoad& load) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(load.port);
  if (inet_pton(AF_INET, load.host.c_str(), &address.sin_addr) != 1 ||
      connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    close(socket);
    return -1;
  }
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  return socket;
}

class Loop {
 public:
  Loop(const HttpLoad& load, Window window) : load_(load), window_(window) {
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
  }
  ~Loop() {
    for (Connection& connection : connections_) Close(&connection, "");
    close(epoll_);
  }

  void Run() {
    connections_.resize(load_.connections);
    for (Connection& connection : connections_) {
      if (Open(&connection)) Send(&connection, load_.request(next_++));
    }
    std::vector<epoll_event> events(64);
    while (open_ > 0 && steady_clock::now() < window_.end) {
      const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 50);
      for (int i = 0; i < ready; ++i) Receive(static_cast<Connection*>(events[i].data.ptr));
    }
  }

  Latencies latencies;
  uint64_t errors = 0;
  std::string first_error;

 private:
  void Close(Connection* connection, const std::string& error) {
    if (!error.empty() && errors++ == 0) first_error = error;
    if (connection->socket < 0) return;
    close(connection->socket);
    connection->socket = -1;
    --open_;
  }

  bool Open(Connection* connection) {
    connection->socket = Connect(load_);
    connection->answers = 0;
    if (connection->socket < 0) {
      Close(connection, "no connection");
      return false;
    }
    ++open_;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = connection;
    epoll_ctl(epoll_, EPOLL_CTL_ADD, connection->socket, &event);
    return true;
  }

  void Send(Connection* connection, std::string request) {
    connection->sending = std::move(request);
    connection->started = steady_clock::now();
    // Requests of a few kilobytes fit the socket's buffer: the connection has nothing else in
    // flight.
    const char* from = connection->sending.data();
    size_t left = connection->sending.size();
    while (left > 0) {
      const ssize_t sent = send(connection->socket, from, left, MSG_NOSIGNAL);
      // A connection that the server has just ended says so to the next read.
      if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
      if (sent < 0) return Close(connection, std::string("send: ") + std::strerror(errno));
      from += sent;
      left -= static_cast<size_t>(sent);
    }
  }

  void Receive(Connection* connection) {
    char buffer[16 << 10];
    const ssize_t got = recv(connection->socket, buffer, sizeof(buffer), 0);
    if (got <= 0) {
      // Servers end a kept connection after so many calls. Between two answers that is no error:
      // the request that was not looked at goes out again.
      if (connection->answers == 0 || !connection->received.empty()) {
        return Close(connection, "the server closed the connection");
      }
      Close(connection, "");
      if (Open(connection)) Send(connection, std::move(connection->sending));
      return;
    }
    connection->received.append(buffer, static_cast<size_t>(got));
    const ssize_t length = AnswerLength(connection->received);
    if (length == 0) return;
    if (length < 0) return Close(connection, "an answer without Content-Length");
    if (connection->received.compare(0, 10, "HTTP/1.1 2") != 0) {
      return Close(connection, connection->received.substr(0, 500));
    }
    const auto finished = steady_clock::now();
    if (window_.Holds(connection->started, finished)) latencies.Add(finished - connection->started);
    connection->received.erase(0, static_cast<size_t>(length));
    ++connection->answers;
    Send(connection, load_.request(next_++));
  }

  const HttpLoad& load_;
  const Window window_;
  int epoll_ = -1;
  int open_ = 0;
  uint64_t next_ = 0;
  std::vector<Connection> connections_;
};

}  // namespace

Result RunHttp(const HttpLoad& load) {
  const auto now = steady_clock::now();
  const Window window{now + load.warmup, now + load.warmup + load.length};
  Loop loop(load, window);
  std::thread thread([&loop] { loop.Run(); });
  Result result;
  result.cpu_seconds = CpuWithin(window, load.processes);
  thread.join();
  result.seconds = std::chrono::duration<double>(load.length).count();
  result.micros = loop.latencies.micros();
  result.calls = result.micros.size();
  result.errors = loop.errors;
  result.first_error = loop.first_error;
  return result;
}

}  // namespace nscl::bench
