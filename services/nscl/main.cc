// nscl: all five services in one process.
#include <CLI/CLI.hpp>
#include <iostream>

#include "common/process/process.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"
#include "services/nscl/all_in_one.h"

namespace {

using namespace nscl;  // NOLINT: main only

absl::Status Live(all_in_one::Options options, rpc::Termination& termination) {
  const std::string metrics_listen = options.process.metrics_listen;
  RETURN_IF_ERROR(telemetry::OpenLog({options.process.log}));
  ASSIGN_OR_RETURN(std::unique_ptr<all_in_one::System> system,
                   all_in_one::System::Start(std::move(options)));
  telemetry::HttpPort::Options probes;
  probes.address = metrics_listen;
  probes.metrics = system->metrics();
  probes.ready = [&system] { return system->Ready(); };
  probes.live = [&system] { return system->Live(); };
  ASSIGN_OR_RETURN(auto port, telemetry::HttpPort::Start(std::move(probes)));
  telemetry::Log(telemetry::Level::kInfo, "serving",
                 {{"http_port", system->http_port()},
                  {"grpc_port", system->grpc_port()},
                  {"metrics_port", port->port()}});
  telemetry::FlushLog();
  int signal = termination.Wait();
  telemetry::Log(telemetry::Level::kInfo, "draining", {{"signal", signal}});
  system->Drain();  // while the probes still answer
  port.reset();
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  rpc::Termination termination;  // first: threads inherit the signal mask
  all_in_one::Options options;
  options.process.listen = "127.0.0.1:8090";
  options.process.data_dir = "data";
  CLI::App app("All services of NSCL in one process.", "nscl");
  process::AddFlags(app, options.process);
  app.add_option("--http-listen", options.http_listen, "Address of JSON over HTTP/1.1")
      ->capture_default_str();
  app.add_option("--search-index-bytes", options.search_index_bytes,
                 "Memory of the search index of enterprises; beyond it searches are refused")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return process::ExitCodeOf(app, error);
  }
  absl::Status lived = Live(std::move(options), termination);
  if (!lived.ok()) {
    // Without the details: those are bytes for programs.
    const std::string problem = lived.ToString(absl::StatusToStringMode::kWithNoExtraData);
    telemetry::Log(telemetry::Level::kError, "stopped", {{"problem", problem}});
    std::cerr << "nscl: " << problem << "\n";
  }
  telemetry::FlushLog();
  return process::ExitCodeOf(lived);
}
