// The registry as a process of its own.
#include <CLI/CLI.hpp>

#include "common/process/process.h"
#include "common/status/status_macros.h"
#include "services/registry/service.h"

int main(int argc, char** argv) {
  CLI::App app("nscl registry: enterprises, their yearly figures and size classes");
  nscl::process::Options flags;
  nscl::process::AddFlags(app, flags);
  size_t search_index_bytes = nscl::registry::Options().search_index_bytes;
  app.add_option(
         "--search-index-bytes", search_index_bytes,
         "Memory of the search index, about 200 bytes an enterprise; beyond it searches are "
         "refused")
      ->capture_default_str();
  int operation_files_days = 7;
  app.add_option("--operation-files-days", operation_files_days,
                 "How long files that imports and exports made are kept")
      ->check(CLI::Range(1, 365))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return nscl::process::ExitCodeOf(app, error);
  }
  return nscl::process::Run(
      "registry", flags,
      [&](nscl::rpc::Door& door,
          const nscl::process::Identity&) -> absl::StatusOr<nscl::process::Hosted> {
        nscl::registry::Options options;
        options.data_dir = flags.data_dir;
        options.backup_dir = nscl::process::BackupDirOf(flags);
        options.catalogue_dir = flags.catalogue;
        options.init = flags.init;
        options.search_index_bytes = search_index_bytes;
        options.operation_files_kept = absl::Hours(24) * operation_files_days;
        options.door = &door;
        ASSIGN_OR_RETURN(auto service, nscl::registry::Service::Open(options));
        return nscl::process::Host(std::move(service));
      });
}
