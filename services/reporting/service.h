// The reporting service: its store, its gRPC services and the followers of the other services'
// feeds, put together.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/resource/page.h"
#include "common/rpc/channel.h"
#include "common/rpc/door.h"
#include "common/store/store.h"
#include "common/time/clock.h"
#include "nscl/reporting/v1/report_service.pb.h"
#include "services/reporting/domain/catalogue.h"

namespace grpc {
class Service;
}
namespace rocksdb {
class Env;
}

namespace nscl::reporting {

struct Options {
  std::string data_dir;       // the store stands in `<data_dir>/reporting`
  std::string backup_dir;     // backup sets go to `<backup_dir>/reporting`; empty: no backups
  std::string catalogue_dir;  // indicators.json, report_obligations.json, funding_sources.json
  bool init = false;          // make a new store where there is none
  // Erase the projections and follow every feed from its start: where a peer was restored to
  // another history and its follower has halted.
  bool rebuild_projections = false;
  const time::Clock* clock = nullptr;  // null: the machine's
  rpc::Door* door = nullptr;           // required; must outlive the service
  // Whose feeds are followed. A peer without a channel is not followed.
  rpc::Peer registry;
  rpc::Peer casework;
  rpc::Peer budgeting;
  rocksdb::Env* env = nullptr;  // null: the default; tests inject faults here
  bool sync = true;             // false only in the control run of the crash tests
};

namespace rows {
class Projection;
}
class Followers;
class ObligationService;
class ReportService;

class Service {
 public:
  // Reads the catalogue and opens the store. The errors of either.
  static absl::StatusOr<std::unique_ptr<Service>> Open(Options options);
  ~Service();

  // To be registered with an rpc::Server.
  std::vector<grpc::Service*> grpc_services();
  // Follows the feeds until Stop; after the server serves.
  void Start();
  // Ends the followers; before the peers' servers and the own server end.
  void Stop();

  store::Store& store() { return *store_; }
  // How far each feed is followed.
  v1::FollowStatus follow_status() const;
  // Waits until the feed of a service is taken in up to `position`; false after `timeout`, or where
  // it is not followed.
  bool WaitForPosition(absl::string_view service, int64_t position, absl::Duration timeout) const;

 private:
  explicit Service(Options options);
  absl::Status Init();

  const Options options_;
  const time::Clock& clock_;
  domain::Catalogue catalogue_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<resource::PageTokens> page_tokens_;
  std::unique_ptr<rows::Projection> projection_;
  std::unique_ptr<Followers> followers_;
  std::unique_ptr<ReportService> reports_;
  std::unique_ptr<ObligationService> obligations_;
  std::unique_ptr<grpc::Service> events_;
  std::unique_ptr<grpc::Service> store_care_;
};

}  // namespace nscl::reporting
