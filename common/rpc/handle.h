// The one door into a service: caller, permission, scope, limits, deadline, log line, metrics and the
// mapping of absl::Status to google.rpc.Status, once for every method.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/call.h"

namespace nscl::rpc {

class Door;  // door.h: authenticator, policy, limits, telemetry of one server

// How a handler that waits for the store answers.
template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

namespace internal {

// A call that was let in. Finishes exactly once; writes the log line and the metrics.
class Admission {
 public:
  virtual ~Admission() = default;
  virtual const auth::Call& call() const = 0;
  virtual void Finish(grpc::ServerUnaryReactor* reactor, const absl::Status& status) = 0;
};

// Authenticates, authorises and admits. On refusal finishes the reactor itself and returns null.
std::shared_ptr<Admission> Admit(Door& door, grpc::CallbackServerContext* context,
                                 const google::protobuf::Message& request,
                                 grpc::ServerUnaryReactor* reactor);

}  // namespace internal

// Handles a unary call. `handler` is either
//   absl::StatusOr<Response>(const auth::Call&, const Request&)             answers at once, or
//   void(const auth::Call&, const Request&, Done<Response>)                 answers later.
//
//   grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
//                                           const GetEnterpriseRequest* request, Enterprise* response) override {
//     return rpc::Handle(door_, context, request, response,
//         [this](const auth::Call& call, const GetEnterpriseRequest& request) -> absl::StatusOr<Enterprise> {
//           return enterprises_.Get(*store_->TakeSnapshot(), request.name());
//         });
//   }
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* Handle(Door& door, grpc::CallbackServerContext* context, const Request* request,
                                 Response* response, Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  std::shared_ptr<internal::Admission> admission = internal::Admit(door, context, *request, reactor);
  if (admission == nullptr) return reactor;
  const auth::Call& call = admission->call();
  Done<Response> done = [admission, reactor, response](absl::StatusOr<Response> result) {
    if (result.ok()) *response = *std::move(result);
    admission->Finish(reactor, result.status());
  };
  if constexpr (std::is_invocable_v<Handler, const auth::Call&, const Request&, Done<Response>>) {
    handler(call, *request, std::move(done));
  } else {
    done(handler(call, *request));
  }
  return reactor;
}

}  // namespace nscl::rpc
