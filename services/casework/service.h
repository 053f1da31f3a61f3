// The casework service: its store, what it serves, and what runs beside the calls.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/feed/follower.h"
#include "common/rpc/channel.h"
#include "common/rpc/door.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"
#include "common/time/clock.h"

namespace rocksdb {
class Env;
}

namespace nscl::casework {

struct Options {
  std::string data_dir;       // the store stands in `<data_dir>/casework`
  std::string backup_dir;     // backup sets go to `<backup_dir>/casework`; empty: no backups
  std::string catalogue_dir;  // deploy/catalogue
  bool init = false;          // make a new store where there is none
  const time::Clock* clock = nullptr;           // null: the machine's
  rpc::Door* door = nullptr;                    // outlives the service
  std::shared_ptr<telemetry::Metrics> metrics;  // may be null
  rpc::Peer registry;
  rpc::Peer budgeting;
  uint64_t seed = 0;            // of the intents' jitter; 0: the machine's
  rocksdb::Env* env = nullptr;  // null: the default; tests inject faults here
  bool sync = true;             // false only in the control run of the crash tests
};

class Service {
 public:
  // Opens the store and reads the catalogue. NOT_FOUND without a store unless `init`.
  static absl::StatusOr<std::unique_ptr<Service>> Open(Options options);
  ~Service();

  // SupportCaseService, ActivityService, EventService, StoreService.
  std::vector<grpc::Service*> grpc_services();

  // Starts the intent runner and the follower of budgeting's feed; after the server serves.
  void Start();
  // Ends both and what is asked of other services; after the server has drained, before theirs
  // stop.
  void Stop();

  store::Store& store();
  // How far budgeting's feed was taken in.
  const feed::Follower& ledger_follower() const;
  // Looks at the outbox now: after a test has set the clock.
  void PokeIntents();

 private:
  struct Parts;
  explicit Service(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace nscl::casework
