// nscl-budgeting: the budgeting service as a process of its own.
#include <CLI/CLI.hpp>
#include <string>

#include "common/process/process.h"
#include "services/budgeting/service.h"

int main(int argc, char** argv) {
  nscl::process::Options options;
  std::string casework;
  CLI::App app("Plans, allocations, the ledger and payments of NSCL.", "nscl-budgeting");
  nscl::process::AddFlags(app, options);
  app.add_option("--casework", casework,
                 "gRPC target of casework, whose feed brings the facts of payments");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return nscl::process::ExitCodeOf(app, error);
  }

  return nscl::process::Run(
      "budgeting", options,
      [&](nscl::rpc::Door& door,
          const nscl::process::Identity& identity) -> absl::StatusOr<nscl::process::Hosted> {
        nscl::budgeting::Options service;
        service.data_dir = options.data_dir;
        service.backup_dir = nscl::process::BackupDirOf(options);
        service.catalogue_dir = options.catalogue;
        service.init = options.init;
        service.door = &door;
        if (!casework.empty()) {
          auto peer =
              nscl::process::PeerOf(casework, nscl::process::TlsOf(options), identity, "budgeting");
          if (!peer.ok()) return peer.status();
          service.casework = *std::move(peer);
        }
        auto opened = nscl::budgeting::Service::Open(std::move(service));
        if (!opened.ok()) return opened.status();
        return nscl::process::Host(*std::move(opened));
      });
}
