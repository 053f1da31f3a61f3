// The casework service as a process of its own.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/process/process.h"
#include "common/status/status_macros.h"
#include "services/casework/service.h"

int main(int argc, char** argv) {
  using namespace nscl;  // NOLINT: main only
  CLI::App app{"casework: support cases and activities, from need to settlement"};
  process::Options options;
  process::AddFlags(app, options);
  std::string registry, budgeting;
  app.add_option("--registry", registry, "Address of registry")->required();
  app.add_option("--budgeting", budgeting, "Address of budgeting")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return nscl::process::ExitCodeOf(app, error);
  }

  return process::Run(
      "casework", options,
      [&](rpc::Door& door, const process::Identity& identity) -> absl::StatusOr<process::Hosted> {
        const std::optional<rpc::TlsFiles> tls = process::TlsOf(options);
        casework::Options open;
        open.data_dir = options.data_dir;
        open.backup_dir = process::BackupDirOf(options);
        open.catalogue_dir = options.catalogue;
        open.init = options.init;
        open.door = &door;
        ASSIGN_OR_RETURN(open.registry, process::PeerOf(registry, tls, identity, "casework"));
        ASSIGN_OR_RETURN(open.budgeting, process::PeerOf(budgeting, tls, identity, "casework"));
        ASSIGN_OR_RETURN(std::unique_ptr<casework::Service> service,
                         casework::Service::Open(std::move(open)));
        return process::Host(std::move(service));
      });
}
