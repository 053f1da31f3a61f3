#include "services/casework/service.h"

#include <random>
#include <utility>

#include "common/feed/event_handlers.h"
#include "common/feed/store_handlers.h"
#include "common/resource/page.h"
#include "common/status/status_macros.h"
#include "nscl/casework/v1/event_service.grpc.pb.h"
#include "nscl/casework/v1/store_service.grpc.pb.h"
#include "services/casework/catalogue.h"
#include "services/casework/clients/budgeting_client.h"
#include "services/casework/clients/intent_runner.h"
#include "services/casework/clients/ledger_follower.h"
#include "services/casework/clients/registry_client.h"
#include "services/casework/rpc/activity_handlers.h"
#include "services/casework/rpc/support_case_handlers.h"
#include "services/casework/rpc/workflow.h"
#include "services/casework/store/rows.h"

namespace nscl::casework {

// In order of dependence: what comes later uses what comes before.
struct Service::Parts {
  Parts(Options options, Catalogue catalogue_read, std::unique_ptr<store::Store> opened)
      : catalogue(std::move(catalogue_read)),
        store(std::move(opened)),
        registry(options.registry),
        budgeting(options.budgeting),
        page_tokens(store->GetStatus().installation()),
        runner({.store = store.get(),
                .rows = &rows,
                .budgeting = &budgeting,
                .clock = options.clock,
                .seed = options.seed}),
        follower(FollowLedger(*store, rows, options.budgeting, options.metrics)),
        workflow{.door = options.door,
                 .store = store.get(),
                 .rows = &rows,
                 .catalogue = &catalogue,
                 .registry = &registry,
                 .budgeting = &budgeting,
                 .page_tokens = &page_tokens,
                 .clock = options.clock},
        cases(workflow),
        activities(workflow),
        events(*options.door, *store),
        stores(*options.door, *store) {}

  Catalogue catalogue;
  std::unique_ptr<store::Store> store;
  rows::Rows rows;
  RegistryClient registry;
  BudgetingClient budgeting;
  resource::PageTokens page_tokens;
  IntentRunner runner;
  std::unique_ptr<feed::Follower> follower;
  Workflow workflow;
  SupportCaseHandlers cases;
  ActivityHandlers activities;
  feed::EventHandlers<v1::EventService, v1::Event, v1::ListEventsResponse, v1::WatchEventsResponse>
      events;
  feed::StoreHandlers<v1::StoreService> stores;
};

absl::StatusOr<std::unique_ptr<Service>> Service::Open(Options options) {
  if (options.clock == nullptr) options.clock = &time::SystemClock();
  if (options.seed == 0) options.seed = std::random_device{}();
  ASSIGN_OR_RETURN(Catalogue catalogue, Catalogue::Load(options.catalogue_dir));
  store::Options store_options;
  store_options.service = "casework";
  store_options.path = options.data_dir + "/casework";
  if (!options.backup_dir.empty()) store_options.backup_path = options.backup_dir + "/casework";
  store_options.init = options.init;
  // The store measures jumps of the machine's clock by itself, and of no other.
  if (options.clock != &time::SystemClock()) store_options.clock = options.clock;
  store_options.env = options.env;
  store_options.sync = options.sync;
  ASSIGN_OR_RETURN(std::unique_ptr<store::Store> store,
                   store::Store::Open(std::move(store_options)));
  return std::unique_ptr<Service>(new Service(
      std::make_unique<Parts>(std::move(options), std::move(catalogue), std::move(store))));
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Service::~Service() { Stop(); }

std::vector<grpc::Service*> Service::grpc_services() {
  return {&parts_->cases, &parts_->activities, &parts_->events, &parts_->stores};
}

void Service::Start() {
  parts_->runner.Start();
  parts_->follower->Start();
}

void Service::Stop() {
  parts_->follower->Stop();
  parts_->registry.Stop();
  parts_->budgeting.Stop();
  parts_->runner.Stop();
}

store::Store& Service::store() { return *parts_->store; }

const feed::Follower& Service::ledger_follower() const { return *parts_->follower; }

void Service::PokeIntents() { parts_->runner.Poke(); }

}  // namespace nscl::casework
