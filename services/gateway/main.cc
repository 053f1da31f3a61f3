// nscl-gateway: the gateway as a process of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <optional>
#include <string>

#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/tls.h"
#include "common/telemetry/http_port.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "services/gateway/access_log.h"
#include "services/gateway/gateway.h"
#include "services/gateway/openapi.h"
#include "services/gateway/router.h"

namespace {

using nscl::gateway::Gateway;

// The command line is wrong; by sysexits.h: the address is taken, the configuration is wrong.
constexpr int kExitUsage = 2;
constexpr int kExitUnavailable = 69;
constexpr int kExitConfig = 78;

int Fail(int code, const absl::Status& status) {
  std::fprintf(stderr, "nscl-gateway: %s\n", std::string(status.message()).c_str());
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  nscl::rpc::Termination termination;  // first: threads inherit the signal mask

  std::map<std::string, std::string> targets = {
      {"registry", ""}, {"casework", ""}, {"budgeting", ""}, {"reporting", ""}};
  nscl::gateway::Options options;
  nscl::rpc::TlsFiles tls;
  std::string metrics_address = "127.0.0.1:9090";
  nscl::telemetry::LogOptions log;
  bool print_openapi = false;

  CLI::App app("The gateway of NSCL: JSON over HTTP and gRPC on one address for all services.",
               "nscl-gateway");
  app.set_config("--config", "", "Read flags from a TOML or INI file");
  app.add_option("--http-listen", options.http_address, "Address of JSON over HTTP/1.1")
      ->capture_default_str();
  app.add_option(
      "--listen", options.grpc_address,
      "gRPC address: host:port or unix:/path; none when empty. Without TLS files: local only");
  app.add_option("--metrics-listen", metrics_address, "Address of /metrics, /readyz and /livez")
      ->capture_default_str();
  for (auto& [service, target] : targets) {
    app.add_option(
        "--" + service, target,
        "gRPC target of the " + service + " service; its routes are left out when empty");
  }
  auto* key = app.add_option("--tls-key", tls.key, "PEM private key for mutual TLS");
  auto* cert = app.add_option("--tls-cert", tls.cert, "PEM certificate chain for mutual TLS");
  auto* ca = app.add_option("--tls-ca", tls.ca, "PEM roots that peers are checked against");
  key->needs(cert)->needs(ca);
  cert->needs(key);
  ca->needs(key);
  app.add_option("--threads", options.threads, "Threads of the HTTP listener")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--calls-per-second", options.limits.calls_per_second,
                 "Calls per second of one client in the long run; 0 is no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--burst", options.limits.burst, "Calls of one client at once, with the above")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--calls-in-flight", options.limits.calls_in_flight, "Calls running at once")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--connections-per-address", options.limits.connections_per_address,
                 "HTTP connections of one address; 0 (behind a proxy) is no limit")
      ->capture_default_str();
  app.add_option("--log", log.path, "File of the log; stderr when empty");
  app.add_flag("--print-openapi", print_openapi,
               "Print the OpenAPI document of all services and exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitUsage;  // 0: help was asked for
  }

  if (print_openapi) {
    const auto router = nscl::gateway::Router::Compile(
        nscl::gateway::LinkedServices({"registry", "casework", "budgeting", "reporting"}));
    if (!router.ok()) return Fail(kExitConfig, router.status());
    std::printf("%s\n", nscl::gateway::OpenApi(**router).c_str());
    return 0;
  }

  if (const auto status = nscl::telemetry::OpenLog(log); !status.ok()) {
    return Fail(kExitConfig, status);
  }
  std::optional<nscl::rpc::TlsFiles> tls_files;
  if (!tls.key.empty()) tls_files = tls;
  for (const auto& [service, target] : targets) {
    if (target.empty()) continue;
    auto channel = nscl::rpc::MakeChannel({.target = target, .tls = tls_files});
    if (!channel.ok()) return Fail(kExitConfig, channel.status());
    options.backends[service] = *std::move(channel);
  }
  if (options.backends.empty()) {
    return Fail(kExitConfig, absl::InvalidArgumentError("no service given; see --help"));
  }
  if (tls_files.has_value()) {
    auto credentials = nscl::rpc::ServerTls(*tls_files);
    if (!credentials.ok()) return Fail(kExitConfig, credentials.status());
    options.grpc_credentials = *std::move(credentials);
  }
  const auto metrics = std::make_shared<nscl::telemetry::Metrics>();
  options.on_access = nscl::gateway::AccessLog(metrics);

  auto gateway = Gateway::Open(std::move(options));
  if (!gateway.ok()) return Fail(kExitUnavailable, gateway.status());
  (*gateway)->Start();
  auto port = nscl::telemetry::HttpPort::Start({
      .address = metrics_address,
      .metrics = metrics,
      .ready = [&] { return (*gateway)->Ready(); },
      .live = [&] { return (*gateway)->Live(); },
  });
  if (!port.ok()) return Fail(kExitUnavailable, port.status());
  nscl::telemetry::Log(nscl::telemetry::Level::kInfo, "serving",
                       {{"service", "gateway"},
                        {"http_port", (*gateway)->http_port()},
                        {"grpc_port", (*gateway)->grpc_port()},
                        {"metrics_port", (*port)->port()}});
  nscl::telemetry::FlushLog();
  termination.Wait();
  (*gateway)->Stop();
  nscl::telemetry::FlushLog();
  return 0;
}
