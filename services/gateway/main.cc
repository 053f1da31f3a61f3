// nscl-gateway: the gateway as a process of its own.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <string>

#include "common/process/process.h"
#include "common/rpc/channel.h"
#include "common/status/status_macros.h"
#include "services/gateway/access_log.h"
#include "services/gateway/gateway.h"
#include "services/gateway/openapi.h"
#include "services/gateway/router.h"

namespace {

using namespace nscl;  // NOLINT: main only

int PrintOpenApi() {
  const auto router = gateway::Router::Compile(
      gateway::LinkedServices({"registry", "casework", "budgeting", "reporting"}));
  if (!router.ok()) {
    std::fprintf(stderr, "nscl-gateway: %s\n", std::string(router.status().message()).c_str());
    return process::ExitCodeOf(router.status());
  }
  std::printf("%s\n", gateway::OpenApi(**router).c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> targets = {
      {"registry", ""}, {"casework", ""}, {"budgeting", ""}, {"reporting", ""}};
  process::Options flags;
  gateway::Options options;
  bool print_openapi = false;

  CLI::App app("The gateway of NSCL: JSON over HTTP and gRPC on one address for all services.",
               "nscl-gateway");
  process::AddProcessFlags(app, flags);
  app.add_option("--http-listen", options.http_address, "Address of JSON over HTTP/1.1")
      ->capture_default_str();
  for (auto& [service, target] : targets) {
    app.add_option(
        "--" + service, target,
        "gRPC target of the " + service + " service; its routes are left out when empty");
  }
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
  app.add_flag("--print-openapi", print_openapi,
               "Print the OpenAPI document of all services and exit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return process::ExitCodeOf(app, error);
  }
  if (print_openapi) return PrintOpenApi();

  return process::Live("nscl-gateway", flags, [&]() -> absl::StatusOr<process::Running> {
    for (const auto& [service, target] : targets) {
      if (target.empty()) continue;
      ASSIGN_OR_RETURN(options.backends[service],
                       rpc::MakeChannel({target, process::TlsOf(flags)}));
    }
    if (options.backends.empty()) {
      return absl::InvalidArgumentError("no service given; see --help");
    }
    options.grpc_address = flags.listen;
    options.grpc_tls = process::TlsOf(flags);
    process::Running running;
    running.metrics = std::make_shared<telemetry::Metrics>();
    options.on_access = gateway::AccessLog(running.metrics);
    ASSIGN_OR_RETURN(std::shared_ptr<gateway::Gateway> opened,
                     gateway::Gateway::Open(std::move(options)));
    opened->Start();
    running.ready = [opened] { return opened->Ready(); };
    running.live = [opened] { return opened->Live(); };
    running.drain = [opened] { opened->Stop(); };
    running.http_port = opened->http_port();
    running.grpc_port = opened->grpc_port();
    running.keep = opened;
    return running;
  });
}
