// The budgeting service: its store, its gRPC services and the follower of casework's feed, put
// together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/resource/page.h"
#include "common/rpc/channel.h"
#include "common/rpc/door.h"
#include "common/store/store.h"
#include "common/telemetry/metrics.h"
#include "common/time/clock.h"
#include "services/budgeting/domain/funding_sources.h"
#include "services/budgeting/store/ledger.h"

namespace grpc {
class Service;
}
namespace nscl::feed {
class Follower;
}

namespace nscl::budgeting {

struct Options {
  std::string data_dir;       // the store stands in `<data_dir>/budgeting`
  std::string backup_dir;     // backup sets go to `<backup_dir>/budgeting`; empty: no backups
  std::string catalogue_dir;  // funding_sources.json, payment_rules.json
  bool init = false;          // make a new store where there is none
  const time::Clock* clock = nullptr;           // null: the machine's
  rpc::Door* door = nullptr;                    // required; must outlive the service
  std::shared_ptr<telemetry::Metrics> metrics;  // may be null
  // Whose feed brings the facts of payments. Without a channel it is not followed, and nothing can
  // be paid.
  rpc::Peer casework;
  // How long a payment waits for the facts of its case.
  absl::Duration visibility_patience = absl::Seconds(2);
  bool sync = true;  // false only in the control run of the crash tests
};

class Service {
 public:
  // Reads the catalogue and opens the store. The errors of either.
  static absl::StatusOr<std::unique_ptr<Service>> Open(Options options);
  ~Service();

  // To be registered with an rpc::Server.
  std::vector<grpc::Service*> grpc_services();
  // Follows casework's feed until Stop.
  void Start();
  // Ends the follower; before casework's server ends.
  void Stop();

  store::Store& store() { return *store_; }

 private:
  Service();

  std::unique_ptr<store::Store> store_;
  std::unique_ptr<resource::PageTokens> tokens_;
  domain::FundingSources sources_;
  std::unique_ptr<rows::Ledger> ledger_;
  std::unique_ptr<feed::Follower> follower_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
};

}  // namespace nscl::budgeting
