#include "common/process/process.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/auth/policy.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"

namespace nscl::process {
namespace {

absl::StatusOr<auth::TrustedIssuer> ProviderOf(const Options& options,
                                               const auth::KeySource& source) {
  if (options.issuer.empty() || options.audience.empty()) {
    return absl::InvalidArgumentError("--jwks needs --issuer and --audience beside it");
  }
  RETURN_IF_ERROR(source.Check());
  auth::TrustedIssuer provider;
  provider.issuer = options.issuer;
  provider.audiences = {options.audience};
  // A file is part of the configuration. A provider that is away must not keep the system from
  // starting: until it is heard, it has no keys, so that its tokens are refused.
  provider.keys = std::make_shared<auth::KeySet>();
  const absl::StatusOr<std::string> jwks = source.Read();
  if (!jwks.ok() && source.is_url()) return provider;
  RETURN_IF_ERROR(jwks.status());
  ASSIGN_OR_RETURN(provider.keys, auth::KeySet::Parse(*jwks));
  return provider;
}

}  // namespace

void AddProcessFlags(CLI::App& app, Options& o) {
  app.set_config("--config", "", "Read flags from a TOML or INI file");
  app.add_option("--listen", o.listen, "gRPC address: host:port or unix:/path");
  app.add_option("--metrics-listen", o.metrics_listen, "HTTP address of metrics and probes")
      ->capture_default_str();
  auto* key =
      app.add_option("--tls-key", o.tls_key, "PEM key; TLS is required unless addresses are local");
  auto* cert = app.add_option("--tls-cert", o.tls_cert, "PEM certificate chain");
  auto* ca = app.add_option("--tls-ca", o.tls_ca, "PEM roots that peers are checked against");
  key->needs(cert)->needs(ca);
  cert->needs(key);
  ca->needs(key);
  app.add_option("--log", o.log, "Log file; stderr where not given");
}

void AddFlags(CLI::App& app, Options& o) {
  AddProcessFlags(app, o);
  app.add_option("--data-dir", o.data_dir, "Folder of the store and of what belongs to it");
  app.add_option("--backup-dir", o.backup_dir,
                 "Folder of backup sets: another volume than the data (default: "
                 "<data-dir>/backup); none: no backups");
  app.add_option("--catalogue", o.catalogue, "Folder of the dated law and code lists")
      ->capture_default_str();
  app.add_flag("--init", o.init, "Make a new store where there is none");
  app.add_option("--jwks", o.jwks,
                 "Key set of the identity provider of users: a file, or its address "
                 "(https://, or http:// on this machine)");
  app.add_option("--jwks-ca", o.jwks_ca,
                 "PEM roots that the key set's server is checked against; the system's where not "
                 "given");
  app.add_option("--issuer", o.issuer, "The provider's exact issuer");
  app.add_option("--audience", o.audience, "The audience its tokens must name");
  app.add_option("--issuer-dir", o.issuer_dir,
                 "Folder of the local issuer: signs the services' tokens");
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
  const auth::KeySource source{options.jwks, options.jwks_ca};
  if (!options.jwks.empty()) {
    ASSIGN_OR_RETURN(trusted.emplace_back(), ProviderOf(options, source));
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
        identity.authenticator, options.issuer, source, [](const absl::Status& status) {
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
  ASSIGN_OR_RETURN(peer.channel, rpc::MakeChannel({target, tls, std::make_shared<rpc::Circuit>()}));
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

int Live(const std::string& program, const Options& options,
         const std::function<absl::StatusOr<Running>()>& start) {
  rpc::Termination termination;  // before any thread
  const absl::string_view service = absl::StripPrefix(program, "nscl-");
  const absl::Status lived = [&]() -> absl::Status {
    RETURN_IF_ERROR(telemetry::OpenLog({options.log}));
    ASSIGN_OR_RETURN(Running running, start());
    telemetry::HttpPort::Options probes;
    probes.address = options.metrics_listen;
    probes.metrics = running.metrics;
    probes.ready = running.ready;
    probes.live = running.live;
    ASSIGN_OR_RETURN(auto port, telemetry::HttpPort::Start(std::move(probes)));
    telemetry::Log(telemetry::Level::kInfo, "serving",
                   {{"service", service},
                    {"address", running.address},
                    {"http_port", running.http_port},
                    {"grpc_port", running.grpc_port},
                    {"metrics_port", port->port()}});
    telemetry::FlushLog();
    const int signal = termination.Wait();
    telemetry::Log(telemetry::Level::kInfo, "draining", {{"service", service}, {"signal", signal}});
    running.drain();  // while the probes still answer
    port.reset();
    return absl::OkStatus();
  }();
  if (!lived.ok()) {
    // Without the details: those are bytes for programs.
    const std::string problem = lived.ToString(absl::StatusToStringMode::kWithNoExtraData);
    telemetry::Log(telemetry::Level::kError, "stopped",
                   {{"service", service}, {"problem", problem}});
    std::cerr << program << ": " << problem << "\n";
  }
  telemetry::FlushLog();
  return ExitCodeOf(lived);
}

int Run(const std::string& name, const Options& options, const ServiceOpener& open) {
  return Live(absl::StrCat("nscl-", name), options, [&]() -> absl::StatusOr<Running> {
    ASSIGN_OR_RETURN(Identity identity, MakeIdentity(options, time::SystemClock()));
    Running running;
    running.metrics = std::make_shared<telemetry::Metrics>();
    ASSIGN_OR_RETURN(
        std::shared_ptr<Unit> unit,
        Unit::Start(name, options.listen, TlsOf(options), identity.authenticator, running.metrics,
                    [&](rpc::Door& door) { return open(door, identity); }));
    running.ready = [&server = unit->server()] { return server.Ready(); };
    running.live = [&server = unit->server()] { return server.Live(); };
    running.drain = [unit] { unit->Drain(); };
    running.address = unit->server().target();
    running.grpc_port = unit->server().port();
    running.keep = std::make_shared<std::pair<Identity, std::shared_ptr<Unit>>>(std::move(identity),
                                                                                std::move(unit));
    return running;
  });
}

}  // namespace nscl::process
