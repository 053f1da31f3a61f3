// The reporting service as a process of its own.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/process/process.h"
#include "common/status/status_macros.h"
#include "services/reporting/service.h"

int main(int argc, char** argv) {
  using namespace nscl;  // NOLINT: main only
  CLI::App app{"reporting: annual reports, report obligations, and who has reported"};
  process::Options options;
  process::AddFlags(app, options);
  std::string registry, casework, budgeting;
  bool rebuild_projections = false;
  app.add_option("--registry", registry, "Address of registry")->required();
  app.add_option("--casework", casework, "Address of casework")->required();
  app.add_option("--budgeting", budgeting, "Address of budgeting")->required();
  app.add_flag("--rebuild-projections", rebuild_projections,
               "Follow every feed from its start again, after a peer was restored");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return nscl::process::ExitCodeOf(app, error);
  }

  return process::Run(
      "reporting", options,
      [&](rpc::Door& door, const process::Identity& identity) -> absl::StatusOr<process::Hosted> {
        const std::optional<rpc::TlsFiles> tls = process::TlsOf(options);
        reporting::Options open;
        open.data_dir = options.data_dir;
        open.backup_dir = process::BackupDirOf(options);
        open.catalogue_dir = options.catalogue;
        open.init = options.init;
        open.rebuild_projections = rebuild_projections;
        open.door = &door;
        ASSIGN_OR_RETURN(open.registry, process::PeerOf(registry, tls, identity, "reporting"));
        ASSIGN_OR_RETURN(open.casework, process::PeerOf(casework, tls, identity, "reporting"));
        ASSIGN_OR_RETURN(open.budgeting, process::PeerOf(budgeting, tls, identity, "reporting"));
        ASSIGN_OR_RETURN(std::unique_ptr<reporting::Service> service,
                         reporting::Service::Open(std::move(open)));
        return process::Host(std::move(service));
      });
}
