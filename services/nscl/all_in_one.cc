#include "services/nscl/all_in_one.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/time/clock.h"
#include "services/budgeting/service.h"
#include "services/casework/service.h"
#include "services/gateway/access_log.h"
#include "services/registry/service.h"
#include "services/reporting/service.h"

namespace nscl::all_in_one {
namespace {

namespace fs = std::filesystem;

constexpr char kServices[][10] = {"registry", "casework", "budgeting", "reporting"};

absl::Status MakePrivateFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return absl::NotFoundError(absl::StrCat("cannot make ", path, ": ", error.message()));
  return absl::OkStatus();
}

// What the services' options have in common.
template <typename ServiceOptions>
ServiceOptions CommonOptions(const all_in_one::Options& all, rpc::Door& door) {
  const process::Options& process = all.process;
  ServiceOptions options;
  options.data_dir = absl::StrCat(process.data_dir, "/stores");
  options.backup_dir = process::BackupDirOf(process);
  options.catalogue_dir = process.catalogue;
  options.init = process.init;
  options.door = &door;
  options.sync = all.sync;
  return options;
}

template <typename Service, typename ServiceOptions>
absl::StatusOr<process::Hosted> OpenService(ServiceOptions options) {
  ASSIGN_OR_RETURN(std::unique_ptr<Service> service, Service::Open(std::move(options)));
  return process::Host(std::move(service));
}

}  // namespace

absl::StatusOr<std::unique_ptr<System>> System::Start(Options options) {
  process::Options& process = options.process;
  RETURN_IF_ERROR(MakePrivateFolder(process.data_dir));
  if (process.issuer_dir.empty()) process.issuer_dir = absl::StrCat(process.data_dir, "/issuer");
  std::unique_ptr<System> system(new System);
  system->run_dir_ = absl::StrCat(process.data_dir, "/run");
  RETURN_IF_ERROR(MakePrivateFolder(system->run_dir_));
  RETURN_IF_ERROR(MakePrivateFolder(absl::StrCat(process.data_dir, "/stores")));
  ASSIGN_OR_RETURN(system->identity_, process::MakeIdentity(process, time::SystemClock()));
  RETURN_IF_ERROR(system->StartServices(options));
  RETURN_IF_ERROR(system->StartGateway(options));
  return system;
}

std::string System::SocketOf(const std::string& service) const {
  return absl::StrCat("unix:", run_dir_, "/", service, ".sock");
}

absl::StatusOr<rpc::Peer> System::Peer(const std::string& target, const std::string& as) const {
  return process::PeerOf(SocketOf(target), std::nullopt, identity_, as);
}

absl::Status System::Add(const std::string& name, const process::Unit::Opener& open) {
  ASSIGN_OR_RETURN(std::unique_ptr<process::Unit> unit,
                   process::Unit::Start(name, SocketOf(name), std::nullopt, identity_.authenticator,
                                        metrics_, open));
  units_.push_back(std::move(unit));
  return absl::OkStatus();
}

// Channels connect when they are first used, so that services which call one another start in any
// order.
absl::Status System::StartServices(const Options& options) {
  RETURN_IF_ERROR(Add("registry", [&](rpc::Door& door) {
    auto service = CommonOptions<registry::Options>(options, door);
    service.search_index_bytes = options.search_index_bytes;
    service.operation_files_kept = absl::Hours(24) * options.operation_files_days;
    return OpenService<registry::Service>(std::move(service));
  }));
  RETURN_IF_ERROR(Add("budgeting", [&](rpc::Door& door) -> absl::StatusOr<process::Hosted> {
    auto service = CommonOptions<budgeting::Options>(options, door);
    service.metrics = metrics_;
    ASSIGN_OR_RETURN(service.casework, Peer("casework", "budgeting"));
    return OpenService<budgeting::Service>(std::move(service));
  }));
  RETURN_IF_ERROR(Add("casework", [&](rpc::Door& door) -> absl::StatusOr<process::Hosted> {
    auto service = CommonOptions<casework::Options>(options, door);
    ASSIGN_OR_RETURN(service.registry, Peer("registry", "casework"));
    ASSIGN_OR_RETURN(service.budgeting, Peer("budgeting", "casework"));
    return OpenService<casework::Service>(std::move(service));
  }));
  return Add("reporting", [&](rpc::Door& door) -> absl::StatusOr<process::Hosted> {
    auto service = CommonOptions<reporting::Options>(options, door);
    ASSIGN_OR_RETURN(service.registry, Peer("registry", "reporting"));
    ASSIGN_OR_RETURN(service.casework, Peer("casework", "reporting"));
    ASSIGN_OR_RETURN(service.budgeting, Peer("budgeting", "reporting"));
    return OpenService<reporting::Service>(std::move(service));
  });
}

absl::Status System::StartGateway(const Options& options) {
  gateway::Options gateway;
  gateway.http_address = options.http_listen;
  gateway.grpc_address = options.process.listen;
  gateway.limits = options.limits;
  gateway.on_access = gateway::AccessLog(metrics_);
  gateway.grpc_tls = process::TlsOf(options.process);
  for (const char* service : kServices) {
    ASSIGN_OR_RETURN(gateway.backends[service],
                     rpc::MakeChannel({SocketOf(service), std::nullopt}));
  }
  ASSIGN_OR_RETURN(gateway_, gateway::Gateway::Open(std::move(gateway)));
  gateway_->Start();
  return absl::OkStatus();
}

absl::Status System::Ready() const {
  for (const auto& unit : units_) RETURN_IF_ERROR(unit->server().Ready());
  return gateway_->Ready();
}

absl::Status System::Live() const {
  for (const auto& unit : units_) RETURN_IF_ERROR(unit->server().Live());
  return gateway_->Live();
}

void System::Drain() {
  if (gateway_ != nullptr) gateway_->Stop();
  // Followers and runners of every service end before any server that they call does.
  for (auto unit = units_.rbegin(); unit != units_.rend(); ++unit) (*unit)->Drain();
}

System::~System() {
  Drain();
  gateway_.reset();
  while (!units_.empty()) units_.pop_back();
}

}  // namespace nscl::all_in_one
