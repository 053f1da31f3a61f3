// Raw HTTP for tests: bytes out, bytes in, nothing added and nothing hidden.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace nscl::gateway::testing {

struct HttpReply {
  int code = 0;  // 0: the connection was closed without an answer
  std::string head;
  std::string body;
};

class RawConnection {
 public:
  explicit RawConnection(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~RawConnection() { ::close(fd_); }
  RawConnection(const RawConnection&) = delete;

  bool open() const { return open_; }
  // How many bytes the peer's side took.
  size_t Send(absl::string_view bytes) {
    size_t all = 0;
    while (all < bytes.size()) {
      const ssize_t sent = ::send(fd_, bytes.data() + all, bytes.size() - all, MSG_NOSIGNAL);
      if (sent <= 0) break;
      all += static_cast<size_t>(sent);
    }
    return all;
  }
  // Sends a byte now and then until the peer has closed its side for good.
  bool ClosedWithin(absl::Duration patience) {
    for (const absl::Time end = absl::Now() + patience; absl::Now() < end;) {
      pollfd reset{fd_, 0, 0};
      if (Send("a") == 0 || ::poll(&reset, 1, 10) > 0) return true;
    }
    return false;
  }
  void FinishSending() { ::shutdown(fd_, SHUT_WR); }

  // Reads until `text` is among the bytes got, the peer closes, or ten seconds are over.
  bool ReadUntil(absl::string_view text) {
    while (!absl::StrContains(got_, text)) {
      if (!ReadSome()) return false;
    }
    return true;
  }
  std::string ReadToEnd() {
    while (ReadSome()) {
    }
    return got_;
  }

  // One answer with a Content-Length.
  HttpReply ReadReply() {
    HttpReply reply;
    if (!ReadUntil("\r\n\r\n")) return reply;
    const size_t end = got_.find("\r\n\r\n") + 4;
    reply.head = got_.substr(0, end);
    reply.code = std::atoi(reply.head.substr(9, 3).c_str());
    const size_t at = reply.head.find("Content-Length: ");
    const size_t length =
        at == std::string::npos ? 0 : std::strtoull(reply.head.c_str() + at + 16, nullptr, 10);
    while (got_.size() < end + length && ReadSome()) {
    }
    reply.body = got_.substr(end, length);
    got_.erase(0, end + length);
    return reply;
  }

  const std::string& got() const { return got_; }

 private:
  bool ReadSome() {
    pollfd wait{fd_, POLLIN, 0};
    if (::poll(&wait, 1, 10'000) <= 0) return false;
    char bytes[4096];
    const ssize_t size = ::recv(fd_, bytes, sizeof(bytes), 0);
    if (size <= 0) return false;
    got_.append(bytes, static_cast<size_t>(size));
    return true;
  }

  const int fd_;
  bool open_ = false;
  std::string got_;
};

// One request on a connection of its own.
inline HttpReply Fetch(int port, absl::string_view method, absl::string_view target,
                       absl::string_view headers = "", absl::string_view body = "") {
  RawConnection connection(port);
  const std::string length =
      body.empty() ? "" : absl::StrCat("Content-Length: ", body.size(), "\r\n");
  connection.Send(absl::StrCat(method, " ", target, " HTTP/1.1\r\nHost: test\r\n", headers, length,
                               "\r\n", body));
  return connection.ReadReply();
}

}  // namespace nscl::gateway::testing
