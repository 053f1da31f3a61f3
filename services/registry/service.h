// The registry: enterprises, their yearly figures and size classes, administrative units.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/door.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace nscl::registry {

struct Options {
  std::string data_dir;       // the store is `<data_dir>/registry`
  std::string backup_dir;     // backups go to `<backup_dir>/registry`; empty: none are taken
  std::string catalogue_dir;  // the dated law and code lists
  bool init = false;          // make a new store where there is none
  const time::Clock* clock = nullptr;           // null: the machine's
  rpc::Door* door = nullptr;                    // required; outlives the service
  size_t search_index_bytes = size_t{1} << 30;  // memory of the search index; searches end there
  bool sync = true;                             // false only in the control run of the crash tests
  std::function<store::Volume()> volume;        // of the data folder; null: asks the file system
  // How long the files that imports and exports made are kept; they are in
  // `<data_dir>/registry.files`.
  absl::Duration operation_files_kept = absl::Hours(24 * 7);
};

class Service {
 public:
  // Reads the catalogue and opens the store. The catalogue's faults name file, row and field; the
  // store's are those of store::Store::Open.
  static absl::StatusOr<std::unique_ptr<Service>> Open(const Options& options);
  ~Service();

  // The handlers; they live as long as the service.
  std::vector<grpc::Service*> grpc_services();
  // Begins to work off imports and exports, and to sweep certificates. The search index is read
  // from the opening on.
  void Start();
  // Ends that between two batches, and saves the search index.
  void Stop();
  // The sweep now, by the injected clock; returns how many events it raised. For tests.
  absl::StatusOr<int> SweepCertificates();
  store::Store& store();
  // Waits until the search index is read, or given up; false after `timeout`.
  bool WaitUntilSearchable(absl::Duration timeout);

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace nscl::registry
