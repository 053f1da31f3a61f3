// The control of the crash tests: all services in one process, as `nscl` runs them, but with stores
// that acknowledge without a sync. What a power cut takes from it, the tests must notice.
//
//   unsynced_nscl <data folder> <catalogue>
#include <iostream>

#include "common/telemetry/log.h"
#include "services/nscl/all_in_one.h"

int main(int argc, char** argv) {
  using namespace nscl;          // NOLINT: main only
  rpc::Termination termination;  // first: threads inherit the signal mask
  if (argc != 3) {
    std::cerr << "usage: unsynced_nscl <data folder> <catalogue>\n";
    return process::kExitUsage;
  }
  all_in_one::Options options;
  options.process.data_dir = argv[1];
  options.process.catalogue = argv[2];
  options.process.listen = "127.0.0.1:0";
  options.process.init = true;
  options.http_listen = "127.0.0.1:0";
  options.sync = false;
  absl::Status log = telemetry::OpenLog({});
  auto system = all_in_one::System::Start(options);
  if (!log.ok() || !system.ok()) {
    std::cerr << "unsynced_nscl: " << log << " " << system.status() << "\n";
    return process::kExitSoftware;
  }
  telemetry::Log(telemetry::Level::kInfo, "serving", {{"grpc_port", (*system)->grpc_port()}});
  telemetry::FlushLog();
  termination.Wait();
}
