// Calling another service: its channel, the token that goes with each call, and a blocking call for
// runners, followers and tools.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/issuer.h"
#include "common/rpc/circuit.h"
#include "common/rpc/limits.h"
#include "common/rpc/status.h"
#include "common/rpc/tls.h"

namespace nscl::rpc {

struct ChannelOptions {
  std::string target;  // "unix:/data/budgeting.sock", "dns:///budgeting:7443", "127.0.0.1:7003"
  std::optional<TlsFiles> tls;  // required unless the target is a unix socket or loopback
  // Bounds the calls and rests a dead peer: for services that call services. Null: no bound.
  std::shared_ptr<Circuit> circuit;
};

// A channel with keepalive and retries: 4 attempts at UNAVAILABLE, 0.1 s doubling to 1 s,
// throttled. Every change carries a request_id, so every method may be tried again.
// INVALID_ARGUMENT without `tls` where it is required.
absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options);

// The retry policy, as gRPC's service config.
std::string ServiceConfigJson();

// Whether plain text may be spoken with this address: unix sockets, in process, loopback.
bool IsLocal(absl::string_view address);

// Another service: where it is and as whom we call it.
struct Peer {
  std::shared_ptr<grpc::Channel> channel;
  std::shared_ptr<auth::TokenSource> token;  // null: calls carry no token
};

struct CallOptions {
  absl::Duration timeout = limits::kDefaultDeadline;
  std::string token;  // instead of the peer's own: to act for a caller
};

// Puts deadline and bearer token on a call. The token travels as metadata, since in-process
// channels drop call credentials.
absl::Status Prepare(const Peer& peer, const CallOptions& options, grpc::ClientContext* context);
void SetBearer(grpc::ClientContext* context, absl::string_view token);

// A blocking unary call with deadline, the error's details restored. Never on an RPC thread.
//
//   auto stub = registry::v1::EnterpriseService::NewStub(peer.channel);
//   ASSIGN_OR_RETURN(Enterprise enterprise,
//                    rpc::Call(peer, *stub, &EnterpriseService::Stub::GetEnterprise, request));
template <typename Stub, typename Owner, typename Request, typename Response>
absl::StatusOr<Response> Call(const Peer& peer, Stub& stub,
                              grpc::Status (Owner::*method)(grpc::ClientContext*, const Request&,
                                                            Response*),
                              const Request& request, const CallOptions& options = {}) {
  grpc::ClientContext context;
  if (absl::Status status = Prepare(peer, options, &context); !status.ok()) return status;
  Response response;
  const grpc::Status status = (stub.*method)(&context, request, &response);
  if (!status.ok()) return FromGrpcStatus(status);
  return response;
}

}  // namespace nscl::rpc
