// One address for all services: JSON over HTTP/1.1 by the http rules of the linked descriptors, and
// gRPC passed through as bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/tls.h"
#include "services/gateway/limits.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace nscl::gateway {

// One finished HTTP call, for the access log and the metrics.
struct AccessRecord {
  std::string peer;         // the client's address
  std::string http_method;  // "GET"
  std::string
      grpc_method;  // "/nscl.registry.v1.EnterpriseService/GetEnterprise"; empty without a route
  int http_code = 0;
  std::string reason;  // of an error
  absl::Duration duration;
};

struct Options {
  // Where JSON is served; port 0 takes a free one.
  std::string http_address = "127.0.0.1:8080";
  // Where gRPC is passed through, with health and reflection; nowhere where empty. Without TLS it
  // must be a loopback address or a unix socket.
  std::string grpc_address;
  std::optional<rpc::TlsFiles> grpc_tls;
  // Channels to the services, by service word: "registry", "casework", "budgeting", "reporting".
  // Routes are compiled for these services only.
  std::map<std::string, std::shared_ptr<grpc::Channel>> backends;
  Limits limits;
  // Threads of the HTTP listener.
  int threads = 2;
  // Called once for each HTTP call, by several threads.
  std::function<void(const AccessRecord&)> on_access;
};

class Gateway {
 public:
  // Compiles the routes and binds the addresses. Refused: a conflict between routes, an address in
  // use.
  static absl::StatusOr<std::unique_ptr<Gateway>> Open(Options options);
  ~Gateway();

  void Start();
  // Takes no more calls, lets running ones end within the drain timeout.
  void Stop();

  // For the probes: OK while calls are taken; and whether new connections to the own ports are
  // served (a listener that has died does not show anywhere else).
  absl::Status Ready() const;
  absl::Status Live() const;

  int http_port() const;
  // 0 where gRPC is not served or is served on a unix socket.
  int grpc_port() const;

 private:
  class Impl;
  explicit Gateway(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace nscl::gateway
