#include "common/process/process.h"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/auth/policy.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"

namespace nscl::process {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

absl::StatusOr<auth::TrustedIssuer> ProviderOf(const Options& options) {
  if (options.issuer.empty() || options.audience.empty()) {
    return absl::InvalidArgumentError("--jwks needs --issuer and --audience beside it");
  }
  ASSIGN_OR_RETURN(std::string jwks, ReadFile(options.jwks));
  auth::TrustedIssuer provider;
  provider.issuer = options.issuer;
  provider.audiences = {options.audience};
  ASSIGN_OR_RETURN(provider.keys, auth::KeySet::Parse(jwks));
  return provider;
}

}  // namespace

void AddFlags(CLI::App& app, Options& o) {
  app.add_option("--data-dir", o.data_dir, "Folder of the store and of what belongs to it");
  app.add_option("--backup-dir", o.backup_dir,
                 "Folder of backup sets: another volume than the data (default: "
                 "<data-dir>/backup); none: no backups");
  app.add_option("--catalogue", o.catalogue, "Folder of the dated law and code lists")
      ->capture_default_str();
  app.add_option("--listen", o.listen, "gRPC address: host:port or unix:/path");
  app.add_option("--metrics-listen", o.metrics_listen, "HTTP address of metrics and probes")
      ->capture_default_str();
  app.add_option("--tls-key", o.tls_key, "PEM key; TLS is required unless addresses are local");
  app.add_option("--tls-cert", o.tls_cert, "PEM certificate chain");
  app.add_option("--tls-ca", o.tls_ca, "PEM roots that peers are checked against");
  app.add_flag("--init", o.init, "Make a new store where there is none");
  app.add_option("--jwks", o.jwks, "Key set (file) of the identity provider of users");
  app.add_option("--issuer", o.issuer, "Its exact issuer");
  app.add_option("--audience", o.audience, "The audience its tokens must name");
  app.add_option("--issuer-dir", o.issuer_dir,
                 "Folder of the local issuer: signs the services' tokens");
  app.add_option("--log", o.log, "Log file; stderr where not given");
}

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 0;
    case absl::StatusCode::kDataLoss:
      return kExitDataError;
    case absl::StatusCode::kUnavailable:
      return kExitUnavailable;
    case absl::StatusCode::kFailedPrecondition:
      return kExitCantCreate;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
      return kExitConfig;
    default:
      return kExitSoftware;
  }
}

int ExitCodeOf(const CLI::App& app, const CLI::ParseError& error) {
  return app.exit(error) == 0 ? 0 : kExitUsage;
}

absl::StatusOr<Identity> MakeIdentity(const Options& options, const time::Clock& clock) {
  std::vector<auth::TrustedIssuer> trusted;
  if (!options.jwks.empty()) {
    ASSIGN_OR_RETURN(trusted.emplace_back(), ProviderOf(options));
  }
  Identity identity;
  if (!options.issuer_dir.empty()) {
    ASSIGN_OR_RETURN(identity.local_issuer, auth::LocalIssuer::Open(options.issuer_dir, &clock));
    trusted.push_back(identity.local_issuer->trusted());
  }
  if (trusted.empty())
    return absl::InvalidArgumentError("nobody is trusted: give --jwks or --issuer-dir");
  ASSIGN_OR_RETURN(std::shared_ptr<const auth::Policy> policy,
                   auth::Policy::Load(options.catalogue));
  identity.authenticator =
      std::make_shared<auth::Authenticator>(std::move(trusted), policy, &clock);
  if (!options.jwks.empty()) {
    identity.key_watcher = std::make_shared<auth::KeyWatcher>(
        identity.authenticator, options.issuer, options.jwks, [](const absl::Status& status) {
          telemetry::Log(status.ok() ? telemetry::Level::kInfo : telemetry::Level::kWarning,
                         status.ok() ? "keys read" : "keys not read",
                         {{"problem", status.message()}});
        });
  }
  return identity;
}

std::optional<rpc::TlsFiles> TlsOf(const Options& options) {
  if (options.tls_key.empty() && options.tls_cert.empty() && options.tls_ca.empty())
    return std::nullopt;
  return rpc::TlsFiles{options.tls_key, options.tls_cert, options.tls_ca};
}

std::string BackupDirOf(const Options& options) {
  if (options.backup_dir == "none") return "";
  return options.backup_dir.empty() ? absl::StrCat(options.data_dir, "/backup")
                                    : options.backup_dir;
}

absl::StatusOr<rpc::Peer> PeerOf(const std::string& target, const std::optional<rpc::TlsFiles>& tls,
                                 const Identity& identity, const std::string& name) {
  rpc::Peer peer;
  ASSIGN_OR_RETURN(peer.channel, rpc::MakeChannel({target, tls}));
  if (identity.local_issuer != nullptr) {
    peer.token = auth::TokenSource::FromIssuer(identity.local_issuer, name);
  }
  return peer;
}

absl::StatusOr<std::unique_ptr<Unit>> Unit::Start(
    const std::string& name, const std::string& listen, const std::optional<rpc::TlsFiles>& tls,
    std::shared_ptr<auth::Authenticator> authenticator, std::shared_ptr<telemetry::Metrics> metrics,
    const Opener& open) {
  std::unique_ptr<Unit> unit(new Unit);
  rpc::Door::Options door;
  door.service = name;
  door.authenticator = std::move(authenticator);
  door.metrics = std::move(metrics);
  unit->door_ = std::make_unique<rpc::Door>(std::move(door));
  ASSIGN_OR_RETURN(unit->hosted_, open(*unit->door_));
  rpc::Server::Options server;
  server.service = name;
  server.address = listen;
  server.tls = tls;
  server.services = unit->hosted_.services;
  server.door = unit->door_.get();
  ASSIGN_OR_RETURN(unit->server_, rpc::Server::Start(std::move(server)));
  unit->hosted_.start();
  unit->server_->SetServing(true);
  return unit;
}

void Unit::Drain() {
  if (drained_) return;
  drained_ = true;
  if (server_ != nullptr) server_->Drain();
  hosted_.stop();
}

Unit::~Unit() {
  Drain();
  server_.reset();
  hosted_ = {};
}

int Run(const std::string& name, const Options& options, const ServiceOpener& open) {
  rpc::Termination termination;  // before any thread
  absl::Status lived = [&]() -> absl::Status {
    RETURN_IF_ERROR(telemetry::OpenLog({options.log}));
    const time::Clock& clock = time::SystemClock();
    ASSIGN_OR_RETURN(Identity identity, MakeIdentity(options, clock));
    auto metrics = std::make_shared<telemetry::Metrics>();
    ASSIGN_OR_RETURN(std::unique_ptr<Unit> unit,
                     Unit::Start(name, options.listen, TlsOf(options), identity.authenticator,
                                 metrics, [&](rpc::Door& door) { return open(door, identity); }));
    telemetry::HttpPort::Options probes;
    probes.address = options.metrics_listen;
    probes.metrics = metrics;
    probes.ready = [&unit] { return unit->server().Ready(); };
    probes.live = [&unit] { return unit->server().Live(); };
    ASSIGN_OR_RETURN(auto port, telemetry::HttpPort::Start(std::move(probes)));
    telemetry::Log(
        telemetry::Level::kInfo, "serving",
        {{"service", name}, {"address", unit->server().target()}, {"metrics_port", port->port()}});
    telemetry::FlushLog();
    int signal = termination.Wait();
    telemetry::Log(telemetry::Level::kInfo, "draining", {{"service", name}, {"signal", signal}});
    unit->Drain();  // while the probes still answer
    port.reset();
    return absl::OkStatus();
  }();
  if (!lived.ok()) {
    // Without the details: those are bytes for programs.
    const std::string problem = lived.ToString(absl::StatusToStringMode::kWithNoExtraData);
    telemetry::Log(telemetry::Level::kError, "stopped", {{"service", name}, {"problem", problem}});
    std::cerr << "nscl-" << name << ": " << problem << "\n";
  }
  telemetry::FlushLog();
  return ExitCodeOf(lived);
}

}  // namespace nscl::process
