// A strict HTTP/1.1 listener: one request at a time on a connection, nothing that two parsers could
// read differently, a limit on everything.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/gateway/error_body.h"
#include "services/gateway/http_head.h"
#include "services/gateway/limits.h"

namespace nscl::gateway {

// A whole request.
struct HttpRequest {
  HttpHead head;
  std::string body;
  std::string peer;  // the client's address, without port
};

// How a request is answered: by one Send, or by StartStream, Writes and End. May be called from any
// thread; calls after the client has gone do nothing.
class Responder {
 public:
  virtual ~Responder() = default;
  virtual void Send(HttpAnswer answer) = 0;

  // Begins an answer of unknown length (chunked). `heartbeat` is sent whenever nothing was written
  // for the heartbeat time; nothing where it is empty.
  virtual void StartStream(absl::string_view content_type, std::string heartbeat) = 0;
  // Writes a part; `written(true)` once it is out, `written(false)` where the client has gone.
  virtual void Write(std::string part, std::function<void(bool)> written) = 0;
  virtual void End() = 0;

  // Calls back, at most once, when the client goes before the answer is out.
  virtual void OnGone(std::function<void()> gone) = 0;
};

using HttpHandler = std::function<void(HttpRequest, std::shared_ptr<Responder>)>;

class HttpListener {
 public:
  // Listens on "127.0.0.1:8080", "[::]:8080" or with port 0; serves from Start on with `threads`
  // threads.
  static absl::StatusOr<std::unique_ptr<HttpListener>> Open(absl::string_view address,
                                                            const Limits& limits, int threads,
                                                            HttpHandler handler);
  ~HttpListener();

  void Start();
  // Takes no more requests, lets running ones end within the drain timeout, closes everything.
  void Stop();
  // After Stop: runs what answers that came too late have left behind, so that nothing waits for
  // them.
  void Flush();

  // Opens a connection to the own port, asks for something and waits at most 2 s for an answer.
  absl::Status Probe() const;

  // The port listened on.
  int port() const;
  // Open connections.
  size_t connections() const;

 private:
  class Impl;
  explicit HttpListener(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace nscl::gateway
