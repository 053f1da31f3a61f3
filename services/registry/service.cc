#include "services/registry/service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/feed/event_handlers.h"
#include "common/feed/store_handlers.h"
#include "common/status/status_macros.h"
#include "nscl/registry/v1/event_service.grpc.pb.h"
#include "nscl/registry/v1/store_service.grpc.pb.h"
#include "services/registry/rpc/admin_unit_service.h"
#include "services/registry/rpc/certificate_service.h"
#include "services/registry/rpc/cluster_service.h"
#include "services/registry/rpc/conformity_notice_service.h"
#include "services/registry/rpc/contact_service.h"
#include "services/registry/rpc/enterprise_service.h"
#include "services/registry/rpc/expiry_sweep.h"
#include "services/registry/rpc/need_service.h"
#include "services/registry/rpc/operation_service.h"
#include "services/registry/rpc/product_service.h"
#include "services/registry/rpc/support_record_service.h"
#include "services/registry/rpc/survey_service.h"
#include "services/registry/rpc/traceability_record_service.h"
#include "services/registry/rpc/year_profile_service.h"
#include "services/registry/store/keys.h"

namespace nscl::registry {
namespace {

using EventHandlers = feed::EventHandlers<v1::EventService, v1::Event, v1::ListEventsResponse,
                                          v1::WatchEventsResponse>;
using StoreHandlers = feed::StoreHandlers<v1::StoreService>;

constexpr char kService[] = "registry";

// What is read once, at start.
struct Catalogue {
  catalogue::Provinces provinces;
  domain::Sectors sectors;
  domain::SizeRules size_rules;
  domain::RegistryRules rules;
  catalogue::SupportContents support_contents;
  catalogue::FundingSources funding_sources;
  domain::OverlapRules overlap_rules;
};

absl::StatusOr<Catalogue> LoadCatalogue(const std::string& dir) {
  Catalogue read;
  ASSIGN_OR_RETURN(read.provinces, catalogue::Provinces::Load(dir));
  ASSIGN_OR_RETURN(read.sectors, domain::Sectors::Load(dir));
  ASSIGN_OR_RETURN(read.size_rules, domain::SizeRules::Load(dir));
  ASSIGN_OR_RETURN(read.rules, domain::RegistryRules::Load(dir));
  ASSIGN_OR_RETURN(read.support_contents, catalogue::SupportContents::Load(dir));
  ASSIGN_OR_RETURN(read.funding_sources, catalogue::FundingSources::Load(dir));
  ASSIGN_OR_RETURN(read.overlap_rules, domain::OverlapRules::Load(dir));
  return read;
}

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const Options& options) {
  store::Options store_options;
  store_options.service = kService;
  store_options.path = absl::StrCat(options.data_dir, "/", kService);
  if (!options.backup_dir.empty()) {
    store_options.backup_path = absl::StrCat(options.backup_dir, "/", kService);
  }
  store_options.schema_version = rows::kSchemaVersion;
  store_options.init = options.init;
  store_options.clock = options.clock;
  store_options.sync = options.sync;
  store_options.volume = options.volume;
  return store::Store::Open(std::move(store_options));
}

rows::EnterpriseSearch::Options SearchOptions(const Options& options) {
  rows::EnterpriseSearch::Options search;
  search.folder = absl::StrCat(options.data_dir, "/", kService, ".search");
  search.max_bytes = options.search_index_bytes;
  search.metrics = &options.door->metrics().registry();
  return search;
}

}  // namespace

struct Service::Impl {
  Impl(const Options& options, Catalogue read, std::unique_ptr<store::Store> opened,
       std::unique_ptr<imports::Files> files)
      : catalogue(std::move(read)),
        store(std::move(opened)),
        page_tokens(store->GetStatus().installation()),
        enterprise_search(*store, tables.enterprises, SearchOptions(options)),
        parts{*options.door,
              *store,
              options.clock == nullptr ? time::SystemClock() : *options.clock,
              tables,
              tables.enterprises,
              tables.year_profiles,
              catalogue.provinces,
              catalogue.sectors,
              catalogue.size_rules,
              page_tokens,
              enterprise_search,
              catalogue.rules,
              catalogue.support_contents,
              catalogue.funding_sources,
              catalogue.overlap_rules},
        enterprises(parts),
        year_profiles(parts),
        admin_units(parts),
        operations(parts, std::move(files), options.operation_files_kept),
        products(parts),
        contacts(parts),
        certificates(parts),
        conformity_notices(parts),
        traceability_records(parts),
        clusters(parts),
        sweeper(parts),
        surveys(parts),
        support_records(parts),
        needs(parts),
        events(*options.door, *store),
        store_service(*options.door, *store) {}

  const Catalogue catalogue;
  const std::unique_ptr<store::Store> store;
  const rows::Tables tables;
  const resource::PageTokens page_tokens;
  rows::EnterpriseSearch enterprise_search;
  const Parts parts;
  EnterpriseHandlers enterprises;
  YearProfileHandlers year_profiles;
  AdminUnitHandlers admin_units;
  OperationHandlers operations;
  ProductHandlers products;
  ContactHandlers contacts;
  CertificateHandlers certificates;
  ConformityNoticeHandlers conformity_notices;
  TraceabilityRecordHandlers traceability_records;
  ClusterHandlers clusters;
  ExpirySweeper sweeper;
  SurveyHandlers surveys;
  SupportRecordHandlers support_records;
  NeedHandlers needs;
  EventHandlers events;
  StoreHandlers store_service;
};

absl::StatusOr<std::unique_ptr<Service>> Service::Open(const Options& options) {
  ASSIGN_OR_RETURN(Catalogue catalogue, LoadCatalogue(options.catalogue_dir));
  ASSIGN_OR_RETURN(std::unique_ptr<store::Store> store, OpenStore(options));
  ASSIGN_OR_RETURN(std::unique_ptr<imports::Files> files,
                   imports::Files::Open(absl::StrCat(options.data_dir, "/", kService, ".files"),
                                        options.volume));
  return std::unique_ptr<Service>(new Service(
      std::make_unique<Impl>(options, std::move(catalogue), std::move(store), std::move(files))));
}

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Service::~Service() = default;

std::vector<grpc::Service*> Service::grpc_services() {
  return {&impl_->enterprises,
          &impl_->year_profiles,
          &impl_->admin_units,
          &impl_->operations,
          &impl_->products,
          &impl_->contacts,
          &impl_->certificates,
          &impl_->conformity_notices,
          &impl_->traceability_records,
          &impl_->clusters,
          &impl_->surveys,
          &impl_->support_records,
          &impl_->needs,
          &impl_->events,
          &impl_->store_service};
}

void Service::Start() {
  impl_->operations.Start();
  impl_->sweeper.Start();
}

absl::StatusOr<int> Service::SweepCertificates() {
  return registry::SweepCertificates(impl_->parts);
}

void Service::Stop() {
  impl_->sweeper.Stop();
  impl_->operations.Stop();
  impl_->enterprise_search.Stop();
}

bool Service::WaitUntilSearchable(absl::Duration timeout) {
  return impl_->enterprise_search.WaitUntilRead(timeout);
}

store::Store& Service::store() { return *impl_->store; }

}  // namespace nscl::registry
