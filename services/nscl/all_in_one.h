// All five services in one process: the default for a laptop, a demonstration and a small province.
// Each service has its own store, door and port (a unix socket in the data folder, mode 0700), so
// that it is the same system as five processes, started together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/process/process.h"
#include "services/gateway/gateway.h"

namespace nscl::all_in_one {

struct Options {
  process::Options process;                    // data_dir, catalogue, listen (gRPC), init, identity
  std::string http_listen = "127.0.0.1:8080";  // JSON over HTTP
  gateway::Limits limits;
  size_t search_index_bytes = size_t{1} << 30;  // see registry's options
  int operation_files_days = 7;                 // files of imports and exports
  bool sync = true;  // false only in the control run of the crash tests: no flag sets it
};

class System {
 public:
  // Opens the stores under `<data_dir>/stores`, makes the local issuer in `<data_dir>/issuer`,
  // starts the services and then the gateway.
  static absl::StatusOr<std::unique_ptr<System>> Start(Options options);
  // The gateway first, then callers before those they call.
  ~System();

  // OK where every service and the gateway take calls; otherwise who does not.
  absl::Status Ready() const;
  absl::Status Live() const;
  void Drain();

  int http_port() const { return gateway_->http_port(); }
  int grpc_port() const { return gateway_->grpc_port(); }
  std::shared_ptr<telemetry::Metrics> metrics() const { return metrics_; }

 private:
  System() = default;
  absl::Status StartServices(const Options& options);
  absl::Status StartGateway(const Options& options);
  absl::Status Add(const std::string& name, const process::Unit::Opener& open);
  absl::StatusOr<rpc::Peer> Peer(const std::string& target, const std::string& as) const;
  std::string SocketOf(const std::string& service) const;

  std::string run_dir_;
  process::Identity identity_;
  std::shared_ptr<telemetry::Metrics> metrics_ = std::make_shared<telemetry::Metrics>();
  std::vector<std::unique_ptr<process::Unit>> units_;  // in the order of start
  std::unique_ptr<gateway::Gateway> gateway_;
};

}  // namespace nscl::all_in_one
