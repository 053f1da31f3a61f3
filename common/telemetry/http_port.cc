#include "common/telemetry/http_port.h"

#include <civetweb.h>

#include <cstring>

#include "absl/strings/str_cat.h"

namespace nscl::telemetry {
namespace {

void Answer(mg_connection* connection, int code, const char* reason, absl::string_view type,
            absl::string_view body) {
  const std::string head =
      absl::StrCat("HTTP/1.1 ", code, " ", reason, "\r\nContent-Type: ", type,
                   "\r\nContent-Length: ", body.size(),
                   "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\r\n");
  mg_write(connection, head.data(), head.size());
  if (std::strcmp(mg_get_request_info(connection)->request_method, "HEAD") != 0) {
    mg_write(connection, body.data(), body.size());
  }
}

bool Reads(mg_connection* connection) {
  const char* method = mg_get_request_info(connection)->request_method;
  if (std::strcmp(method, "GET") == 0 || std::strcmp(method, "HEAD") == 0) return true;
  Answer(connection, 405, "Method Not Allowed", "text/plain", "GET only\n");
  return false;
}

int Probe(mg_connection* connection, const std::function<absl::Status()>& check) {
  if (!Reads(connection)) return 405;
  const absl::Status status = check ? check() : absl::OkStatus();
  if (status.ok()) {
    Answer(connection, 200, "OK", "text/plain", "ok\n");
    return 200;
  }
  Answer(connection, 503, "Service Unavailable", "text/plain; charset=utf-8",
         absl::StrCat(std::string(status.message()), "\n"));
  return 503;
}

int OnMetrics(mg_connection* connection, void* options) {
  if (!Reads(connection)) return 405;
  Answer(connection, 200, "OK", "text/plain; version=0.0.4; charset=utf-8",
         static_cast<HttpPort::Options*>(options)->metrics->Serialize());
  return 200;
}

int OnReady(mg_connection* connection, void* options) {
  return Probe(connection, static_cast<HttpPort::Options*>(options)->ready);
}

int OnLive(mg_connection* connection, void* options) {
  return Probe(connection, static_cast<HttpPort::Options*>(options)->live);
}

int OnAnythingElse(mg_connection* connection, void*) {
  Answer(connection, 404, "Not Found", "text/plain", "/metrics, /readyz, /livez\n");
  return 404;
}

int SayNothing(const mg_connection*, const char*) { return 1; }

}  // namespace

absl::StatusOr<std::unique_ptr<HttpPort>> HttpPort::Start(Options options) {
  std::unique_ptr<HttpPort> port(new HttpPort(std::move(options)));
  if (port->options_.metrics == nullptr) port->options_.metrics = std::make_shared<Metrics>();
  // Two threads: a probe that waits for its dial must not keep Prometheus out.
  const char* settings[] = {"listening_ports",
                            port->options_.address.c_str(),
                            "num_threads",
                            "2",
                            "request_timeout_ms",
                            "5000",
                            "max_request_size",
                            "8192",
                            "tcp_nodelay",
                            "1",
                            nullptr};
  mg_callbacks callbacks;
  std::memset(&callbacks, 0, sizeof(callbacks));
  callbacks.log_message = SayNothing;
  mg_init_library(0);
  port->context_ = mg_start(&callbacks, nullptr, settings);
  if (port->context_ == nullptr) {
    mg_exit_library();
    return absl::UnavailableError(
        absl::StrCat("the metrics port ", port->options_.address, " cannot be bound"));
  }
  mg_set_request_handler(port->context_, "/metrics$", OnMetrics, &port->options_);
  mg_set_request_handler(port->context_, "/readyz$", OnReady, &port->options_);
  mg_set_request_handler(port->context_, "/livez$", OnLive, &port->options_);
  mg_set_request_handler(port->context_, "**", OnAnythingElse, nullptr);
  mg_server_port bound[1];
  if (mg_get_server_ports(port->context_, 1, bound) == 1) port->port_ = bound[0].port;
  return port;
}

HttpPort::~HttpPort() {
  if (context_ == nullptr) return;
  mg_stop(context_);
  mg_exit_library();
}

}  // namespace nscl::telemetry
