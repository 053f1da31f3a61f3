#include "services/budgeting/service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/feed/event_handlers.h"
#include "common/feed/store_handlers.h"
#include "common/status/status_macros.h"
#include "nscl/budgeting/v1/event_service.grpc.pb.h"
#include "nscl/budgeting/v1/store_service.grpc.pb.h"
#include "services/budgeting/catalogue.h"
#include "services/budgeting/clients/casework_feed.h"
#include "services/budgeting/rpc/ledger_service.h"
#include "services/budgeting/rpc/payment_service.h"
#include "services/budgeting/rpc/plan_service.h"

namespace nscl::budgeting {
namespace {

using EventHandlers = feed::EventHandlers<v1::EventService, v1::Event, v1::ListEventsResponse,
                                          v1::WatchEventsResponse>;
using StoreHandlers = feed::StoreHandlers<v1::StoreService>;

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const Options& options) {
  store::Options store;
  store.service = "budgeting";
  store.path = absl::StrCat(options.data_dir, "/budgeting");
  if (!options.backup_dir.empty())
    store.backup_path = absl::StrCat(options.backup_dir, "/budgeting");
  store.init = options.init;
  store.clock = options.clock;
  store.sync = options.sync;
  return store::Store::Open(std::move(store));
}

}  // namespace

Service::Service() = default;
Service::~Service() { Stop(); }

absl::StatusOr<std::unique_ptr<Service>> Service::Open(Options options) {
  std::unique_ptr<Service> service(new Service());
  ASSIGN_OR_RETURN(service->sources_, LoadFundingSources(options.catalogue_dir));
  ASSIGN_OR_RETURN(domain::PaymentRules rules, LoadPaymentRules(options.catalogue_dir));
  ASSIGN_OR_RETURN(service->store_, OpenStore(options));
  store::Store& store = *service->store_;
  service->tokens_ = std::make_unique<resource::PageTokens>(store.GetStatus().installation());
  service->ledger_ = std::make_unique<rows::Ledger>(service->sources_, std::move(rules));
  const rows::Ledger& ledger = *service->ledger_;
  if (options.casework.channel != nullptr) {
    service->follower_ =
        FollowCasework(options.casework, store, ledger.case_facts(), options.metrics);
  }
  const time::Clock& clock = options.clock != nullptr ? *options.clock : time::SystemClock();
  auto& services = service->services_;
  services.push_back(
      std::make_unique<PlanService>(*options.door, store, *service->tokens_, service->sources_));
  services.push_back(
      std::make_unique<LedgerService>(*options.door, store, *service->tokens_, ledger, clock));
  services.push_back(std::make_unique<PaymentService>(*options.door, store, *service->tokens_,
                                                      ledger, options.visibility_patience));
  services.push_back(std::make_unique<EventHandlers>(*options.door, store));
  services.push_back(std::make_unique<StoreHandlers>(*options.door, store));
  return service;
}

std::vector<grpc::Service*> Service::grpc_services() {
  std::vector<grpc::Service*> services;
  for (const std::unique_ptr<grpc::Service>& service : services_) services.push_back(service.get());
  return services;
}

void Service::Start() {
  if (follower_ != nullptr) follower_->Start();
}

void Service::Stop() {
  if (follower_ != nullptr) follower_->Stop();
}

}  // namespace nscl::budgeting
