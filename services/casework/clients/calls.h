// Calls to other services that do not block a thread: handlers and the runner make them, and a
// service that stops ends and awaits them all before its peers' servers go.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"

namespace nscl::casework {

// The calls under way of one client. Thread-safe.
class Calls {
 public:
  ~Calls() { CancelAndWait(); }

  // Starts a call of an async stub; `done` runs once, on a thread of gRPC's, or here where the call
  // cannot be made.
  //
  //   calls_.Start(peer_, timeout, request,
  //                [stub](auto* context, auto* request, Plan* response, auto done) {
  //                  stub->async()->GetPlan(context, request, response, std::move(done));
  //                }, std::move(done));
  template <typename Response, typename Request, typename Method>
  void Start(const rpc::Peer& peer, absl::Duration timeout, Request request, Method method,
             std::function<void(absl::StatusOr<Response>)> done) {
    struct State {
      grpc::ClientContext context;
      Request request;
      Response response;
    };
    auto state = std::make_shared<State>();
    state->request = std::move(request);
    absl::Status ready = rpc::Prepare(peer, {.timeout = timeout}, &state->context);
    if (ready.ok() && !Add(&state->context)) ready = absl::CancelledError("the service stops");
    if (!ready.ok()) return done(std::move(ready));
    method(&state->context, &state->request, &state->response,
           [this, state, done = std::move(done)](const grpc::Status& status) {
             if (status.ok()) {
               done(std::move(state->response));
             } else {
               done(rpc::FromGrpcStatus(status));
             }
             Remove(&state->context);
           });
  }

  // Takes no more calls, cancels those under way and waits until their `done` has returned.
  void CancelAndWait();

 private:
  bool Add(grpc::ClientContext* context);
  void Remove(grpc::ClientContext* context);

  std::mutex mutex_;
  std::condition_variable idle_;
  bool closed_ = false;
  std::unordered_set<grpc::ClientContext*> under_way_;
};

}  // namespace nscl::casework
