// nscl: all five services in one process.
#include <CLI/CLI.hpp>

#include "common/process/process.h"
#include "common/status/status_macros.h"
#include "services/nscl/all_in_one.h"

int main(int argc, char** argv) {
  using namespace nscl;  // NOLINT: main only
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
  app.add_option("--operation-files-days", options.operation_files_days,
                 "How long files that imports and exports made are kept")
      ->check(CLI::Range(1, 365))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return process::ExitCodeOf(app, error);
  }
  return process::Live("nscl", options.process, [&]() -> absl::StatusOr<process::Running> {
    ASSIGN_OR_RETURN(std::shared_ptr<all_in_one::System> system,
                     all_in_one::System::Start(options));
    process::Running running;
    running.metrics = system->metrics();
    running.ready = [system] { return system->Ready(); };
    running.live = [system] { return system->Live(); };
    running.drain = [system] { system->Drain(); };
    running.http_port = system->http_port();
    running.grpc_port = system->grpc_port();
    running.keep = system;
    return running;
  });
}
