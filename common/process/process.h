// What every service process does the same way: whom it trusts, where it listens, how it becomes
// ready and how it ends. A service's main reads the flags and says how the service is opened;
// nothing else.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/authenticator.h"
#include "common/auth/issuer.h"
#include "common/auth/key_watcher.h"
#include "common/rpc/channel.h"
#include "common/rpc/door.h"
#include "common/rpc/server.h"
#include "common/telemetry/http_port.h"
#include "common/telemetry/metrics.h"
#include "common/time/clock.h"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace nscl::process {

// The flags that all service processes share.
struct Options {
  std::string data_dir;
  std::string backup_dir;  // of backup sets; "none": no backups are taken
  std::string catalogue = "deploy/catalogue";
  std::string listen;  // "unix:/data/run/casework.sock", "0.0.0.0:8443"
  std::string metrics_listen = "127.0.0.1:9090";
  std::string tls_key, tls_cert, tls_ca;  // needed where `listen` or a peer is not local
  bool init = false;                      // make a new store where there is none
  std::string jwks, issuer, audience;     // the identity provider of users; all or none
  std::string jwks_ca;                    // PEM roots for fetching `jwks`; the system's where empty
  std::string issuer_dir;                 // the local issuer: of services, and of users too where
                                          // there is no identity provider
  std::string log;                        // file; stderr where empty
};

// Declares on a command line what every process has: addresses, TLS, log, `--config`.
void AddProcessFlags(CLI::App& app, Options& options);
// The same and what services have beside it: store, catalogue, identity.
void AddFlags(CLI::App& app, Options& options);

// Exit codes of service processes (sysexits.h where one fits).
inline constexpr int kExitUsage = 2;         // a wrong command line
inline constexpr int kExitDataError = 65;    // a damaged store
inline constexpr int kExitUnavailable = 69;  // a port that cannot be bound
inline constexpr int kExitSoftware = 70;
inline constexpr int kExitCantCreate = 73;  // a store in use by another process
inline constexpr int kExitIoError = 74;     // the disk failed; see common/store
inline constexpr int kExitConfig = 78;      // an address, catalogue, certificates or keys
int ExitCodeOf(const absl::Status& status);
// Prints what is wrong with the command line, or the help that was asked for, which is no error.
int ExitCodeOf(const CLI::App& app, const CLI::ParseError& error);

// Whom the process trusts and as whom it calls others.
struct Identity {
  std::shared_ptr<auth::Authenticator> authenticator;
  std::shared_ptr<const auth::LocalIssuer> local_issuer;
  std::shared_ptr<auth::KeyWatcher> key_watcher;  // of the provider's keys; null without one
};
absl::StatusOr<Identity> MakeIdentity(const Options& options, const time::Clock& clock);

// A service that is open, as its process sees it.
struct Hosted {
  std::vector<grpc::Service*> services;
  std::function<void()> start = [] {};  // followers and runners, after the server serves
  std::function<void()> stop = [] {};   // joins them, before the store closes
  std::shared_ptr<void> keep;           // the service itself
};

// Any `Service` class of services/<name>/service.h.
template <typename Service>
Hosted Host(std::unique_ptr<Service> service) {
  std::shared_ptr<Service> shared = std::move(service);
  return {shared->grpc_services(), [shared] { shared->Start(); }, [shared] { shared->Stop(); },
          shared};
}

// One service behind its door and its port. `nscl` runs several in a process.
class Unit {
 public:
  // How a service is opened once its door exists.
  using Opener = std::function<absl::StatusOr<Hosted>(rpc::Door& door)>;

  static absl::StatusOr<std::unique_ptr<Unit>> Start(
      const std::string& name, const std::string& listen, const std::optional<rpc::TlsFiles>& tls,
      std::shared_ptr<auth::Authenticator> authenticator,
      std::shared_ptr<telemetry::Metrics> metrics, const Opener& open);
  // Takes no more calls, finishes those inside, stops followers and runners. Units that call one
  // another are drained callers first.
  void Drain();
  // Drains and closes.
  ~Unit();

  rpc::Server& server() { return *server_; }

 private:
  Unit() = default;

  std::unique_ptr<rpc::Door> door_;
  Hosted hosted_;
  std::unique_ptr<rpc::Server> server_;
  bool drained_ = false;
};

std::optional<rpc::TlsFiles> TlsOf(const Options& options);

// Where backup sets go: what was given, `<data_dir>/backup` where nothing was, "" for "none".
std::string BackupDirOf(const Options& options);

// A peer called as "service:<name>".
absl::StatusOr<rpc::Peer> PeerOf(const std::string& target, const std::optional<rpc::TlsFiles>& tls,
                                 const Identity& identity, const std::string& name);

// What runs in a process, as its probes and its end see it.
struct Running {
  std::shared_ptr<telemetry::Metrics> metrics;
  std::function<absl::Status()> ready, live;
  std::function<void()> drain;
  // Where it serves, for the log.
  std::string address;  // of gRPC, where it is one service
  int http_port = 0, grpc_port = 0;
  std::shared_ptr<void> keep;  // what runs
};

// The life of a process, "nscl-gateway": opens the log, starts, answers probes, waits for SIGTERM
// or SIGINT, drains. Says on stderr why it ended early. Returns the exit code.
int Live(const std::string& program, const Options& options,
         const std::function<absl::StatusOr<Running>()>& start);

// The life of a process with one service: trusts, serves, drains.
using ServiceOpener =
    std::function<absl::StatusOr<Hosted>(rpc::Door& door, const Identity& identity)>;
int Run(const std::string& name, const Options& options, const ServiceOpener& open);

}  // namespace nscl::process
