#include "common/rpc/server.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/server_builder.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/access.h"
#include "common/rpc/channel.h"
#include "common/status/status_macros.h"
#include "grpc/health/v1/health.pb.h"

namespace nscl::rpc {
namespace {

constexpr absl::Duration kLiveTimeout = absl::Seconds(2);

int Millis(absl::Duration d) { return static_cast<int>(absl::ToInt64Milliseconds(d)); }

// Connections are descriptors, and gRPC 1.51's listener never recovers from running out of them.
void RaiseDescriptorLimit() {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limits::kMinFileDescriptors)
    return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, limits::kMinFileDescriptors);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// Debian builds abseil with assertions, and with them every lock that gRPC takes goes through a
// graph of all locks behind one spin lock, in search of a deadlock: a tenth of a call. That search
// is for who changes gRPC.
void StopSearchingDeadlocks() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
}

// A plugin of the process, taken up by every builder made after.
void EnableHealth() {
  grpc::EnableDefaultHealthCheckService(true);
  // The default health service brings no descriptor, and reflection clients stop at a service that
  // they cannot resolve: this keeps health.proto in the program.
  (void)grpc::health::v1::HealthCheckRequest::descriptor();
}

// The services that a server tells of: full names, each once.
std::vector<std::string> ServicesTold(const Server::Options& options) {
  std::set<std::string> names(options.told.begin(), options.told.end());
  if (names.empty()) {
    const std::string prefix = absl::StrCat("nscl.", options.service, ".v1.");
    for (const auto* method : auth::LinkedMethods(prefix)) {
      names.insert(method->service()->full_name());
    }
  }
  return {names.begin(), names.end()};
}

// A plan is imported as one message. It must come back, with its findings and behind a page of
// other events (common/feed/page.h: 1 MiB), within kMaxSendBytes, or it would stop the feed for
// ever.
constexpr int kMaxPlanBytes = 2 << 20;
static_assert(kMaxPlanBytes <= limits::kMaxBulkReceiveBytes);

// The same for a service alone and in one process with others; the gateway takes what any of them
// does.
int ReceiveLimitOf(const std::string& service) {
  return service == "budgeting" || service == "gateway" ? kMaxPlanBytes : limits::kMaxReceiveBytes;
}

void SetLimits(const Server::Options& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(ReceiveLimitOf(options.service));
  builder.SetMaxSendMessageSize(limits::kMaxSendBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, limits::kMaxMetadataBytes);
  // Bit 0, identity, alone: a 65 KB gzip body would be inflated before its size is looked at.
  builder.AddChannelArgument(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, limits::kMaxConcurrentStreams);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
                             Millis(limits::kHandshakeTimeout));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, Millis(limits::kConnectionIdle));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, Millis(limits::kConnectionAge));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS,
                             Millis(limits::kConnectionAgeGrace));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Millis(limits::kKeepaliveTime));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Millis(limits::kKeepaliveTimeout));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             Millis(limits::kMinPingInterval));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, limits::kMaxPingStrikes);
  // Counts and traces every call for a debugging service that we do not serve.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  // A second process on the port must fail, not share it.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  grpc::ResourceQuota quota(options.service);
  quota.SetMaxThreads(limits::kMaxThreads);
  quota.Resize(limits::kMaxMemoryBytes);
  builder.SetResourceQuota(quota);
}

}  // namespace

Server::Server(Options options)
    : options_(std::move(options)), reflection_(ServicesTold(options_)) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(Options options) {
  std::unique_ptr<Server> server(new Server(std::move(options)));
  const Options& o = server->options_;
  RaiseDescriptorLimit();
  StopSearchingDeadlocks();
  EnableHealth();
  grpc::ServerBuilder builder;
  SetLimits(o, builder);
  if (!o.address.empty()) {
    std::shared_ptr<grpc::ServerCredentials> credentials;
    if (o.tls.has_value()) {
      ASSIGN_OR_RETURN(credentials, ServerTls(*o.tls));
    } else if (IsLocal(o.address)) {
      credentials = grpc::InsecureServerCredentials();
    } else {
      return absl::InvalidArgumentError(absl::StrCat(
          o.address,
          " is neither a unix socket nor loopback: TLS key, certificate and CA are needed"));
    }
    builder.AddListeningPort(o.address, credentials, &server->port_);
  }
  for (grpc::Service* service : o.services) builder.RegisterService(service);
  for (grpc::Service* service : server->reflection_.grpc_services()) {
    builder.RegisterService(service);
  }
  if (o.generic != nullptr) builder.RegisterCallbackGenericService(o.generic);
  server->server_ = builder.BuildAndStart();
  const bool unix_socket = absl::StartsWith(o.address, "unix:");
  if (server->server_ == nullptr || (!o.address.empty() && !unix_socket && server->port_ == 0)) {
    return absl::UnavailableError(absl::StrCat(o.address, " cannot be bound"));
  }
  server->target_ = o.address;
  if (unix_socket) {
    server->port_ = 0;
  } else if (!o.address.empty()) {
    std::string host = o.address.substr(0, o.address.rfind(':'));
    if (host == "0.0.0.0") host = "127.0.0.1";
    if (host == "[::]") host = "[::1]";
    server->target_ = absl::StrCat(host, ":", server->port_);
  }
  server->SetServing(false);
  return server;
}

Server::~Server() { Drain(); }

void Server::SetServing(bool serving) {
  serving_.store(serving);
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  if (health == nullptr) return;
  health->SetServingStatus("", serving);
  for (const std::string& service : ServicesTold(options_)) {
    health->SetServingStatus(service, serving);
  }
}

absl::Status Server::Ready() const {
  if (serving_.load()) return absl::OkStatus();
  return absl::UnavailableError(drained_.load() ? "draining" : "not serving yet");
}

absl::Status Server::Live() const {
  if (target_.empty()) return absl::OkStatus();
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (options_.tls.has_value()) {
    // Ourselves under whatever name: the chain is checked, the name is not.
    ASSIGN_OR_RETURN(credentials, ClientTls(*options_.tls, /*check_host=*/false));
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a new connection, not one at hand
  std::shared_ptr<grpc::Channel> channel =
      grpc::CreateCustomChannel(target_, credentials, arguments);
  // Ready means that the server's HTTP/2 settings came back.
  if (channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kLiveTimeout))) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(target_, " does not answer new connections"));
}

void Server::Drain() {
  if (server_ == nullptr || drained_.exchange(true)) return;
  SetServing(false);
  if (options_.door != nullptr) options_.door->Drain();
  // Load balancers need a moment to notice; on one machine there are none.
  if (!target_.empty() && !IsLocal(options_.address)) {
    std::this_thread::sleep_for(absl::ToChronoMilliseconds(options_.drain_accept));
  }
  server_->Shutdown(absl::ToChronoTime(absl::Now() + options_.drain_finish));
  server_->Wait();
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, limits::kMaxClientMetadataBytes);
  arguments.SetMaxReceiveMessageSize(limits::kMaxSendBytes);
  return server_->InProcessChannel(arguments);
}

namespace {

sigset_t TerminationSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

}  // namespace

Termination::Termination() {
  const sigset_t set = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int Termination::Wait() {
  const sigset_t set = TerminationSignals();
  int number = 0;
  while (sigwait(&set, &number) != 0) {
  }
  return number;
}

}  // namespace nscl::rpc
