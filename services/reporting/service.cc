#include "services/reporting/service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/feed/event_handlers.h"
#include "common/feed/store_handlers.h"
#include "common/status/status_macros.h"
#include "nscl/reporting/v1/event_service.grpc.pb.h"
#include "nscl/reporting/v1/store_service.grpc.pb.h"
#include "services/reporting/clients/followers.h"
#include "services/reporting/rpc/obligation_service.h"
#include "services/reporting/rpc/report_service.h"
#include "services/reporting/store/projection.h"

namespace nscl::reporting {
namespace {

using EventHandlers = feed::EventHandlers<v1::EventService, v1::Event, v1::ListEventsResponse,
                                          v1::WatchEventsResponse>;
using StoreHandlers = feed::StoreHandlers<v1::StoreService>;

}  // namespace

Service::Service(Options options)
    : options_(std::move(options)),
      clock_(options_.clock != nullptr ? *options_.clock : time::SystemClock()) {}

Service::~Service() { Stop(); }

absl::StatusOr<std::unique_ptr<Service>> Service::Open(Options options) {
  std::unique_ptr<Service> service(new Service(std::move(options)));
  RETURN_IF_ERROR(service->Init());
  return service;
}

absl::Status Service::Init() {
  ASSIGN_OR_RETURN(catalogue_, domain::LoadCatalogue(options_.catalogue_dir));
  store::Options store;
  store.service = "reporting";
  store.path = absl::StrCat(options_.data_dir, "/reporting");
  if (!options_.backup_dir.empty()) {
    store.backup_path = absl::StrCat(options_.backup_dir, "/reporting");
  }
  store.init = options_.init;
  store.clock = &clock_;
  store.env = options_.env;
  store.sync = options_.sync;
  ASSIGN_OR_RETURN(store_, store::Store::Open(std::move(store)));

  rpc::Door& door = *options_.door;  // outlives the service, and so its metrics
  page_tokens_ = std::make_unique<resource::PageTokens>(store_->GetStatus().installation());
  projection_ = std::make_unique<rows::Projection>(catalogue_);
  followers_ = std::make_unique<Followers>(
      *store_, *projection_, Peers{options_.registry, options_.casework, options_.budgeting},
      std::shared_ptr<telemetry::Metrics>(std::shared_ptr<void>(), &door.metrics()));
  if (options_.rebuild_projections) RETURN_IF_ERROR(followers_->EraseProjections());
  reports_ = std::make_unique<ReportService>(door, *store_, catalogue_, clock_, *page_tokens_,
                                             [this] { return followers_->status(); });
  obligations_ = std::make_unique<ObligationService>(door, *store_, clock_, *page_tokens_);
  events_ = std::make_unique<EventHandlers>(door, *store_);
  store_care_ = std::make_unique<StoreHandlers>(door, *store_);
  return absl::OkStatus();
}

std::vector<grpc::Service*> Service::grpc_services() {
  return {reports_.get(), obligations_.get(), events_.get(), store_care_.get()};
}

void Service::Start() { followers_->Start(); }

void Service::Stop() {
  if (followers_ != nullptr) followers_->Stop();
}

v1::FollowStatus Service::follow_status() const { return followers_->status(); }

bool Service::WaitForPosition(absl::string_view service, int64_t position,
                              absl::Duration timeout) const {
  return followers_->WaitForPosition(service, position, timeout);
}

}  // namespace nscl::reporting
