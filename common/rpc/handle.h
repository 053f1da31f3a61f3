// The one door into a service: caller, permission, scope, limits, deadline, texts in NFC, log
// line, metrics and the mapping of absl::Status to google.rpc.Status, once for every method. Server
// streams: stream.h.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/call.h"
#include "common/rpc/door.h"
#include "common/text/normalise.h"

namespace nscl::rpc {

// How a handler that waits for the store answers: once. An answer that is dropped is INTERNAL.
template <typename Response>
using Done = std::function<void(absl::StatusOr<Response>)>;

namespace internal {

// A unary call in its reactor.
class UnaryCall {
 public:
  UnaryCall(Door& door, grpc::CallbackServerContext* context,
            const google::protobuf::MethodDescriptor* method,
            const google::protobuf::Message& request, grpc::ServerUnaryReactor* reactor)
      : admission_(door, context, method, request, Kind::kUnary), reactor_(reactor) {}
  ~UnaryCall() {
    Answer<int>(absl::InternalError("the handler dropped the call"), static_cast<int*>(nullptr));
  }

  const absl::Status& refusal() const { return admission_.refusal(); }
  const auth::Call& call() const { return admission_.call(); }

  // The first answer counts. After it the context, the request and the response are gone.
  template <typename Result, typename Response>
  void Answer(absl::StatusOr<Result> result, Response* response) {
    if (answered_.exchange(true, std::memory_order_acq_rel)) return;
    if (result.ok()) Put(*std::move(result), response);
    reactor_->Finish(admission_.Finish(result.status()));
  }

 private:
  template <typename Response>
  static void Put(Response result, Response* response) {
    *response = std::move(result);
  }
  static void Put(const std::string& bytes, grpc::ByteBuffer* response) {
    const grpc::Slice slice(bytes);
    *response = grpc::ByteBuffer(&slice, 1);
  }

  std::atomic<bool> answered_{false};
  Admission admission_;
  grpc::ServerUnaryReactor* const reactor_;
};

// Runs the handler of a call that was let in, or answers the refusal.
template <typename Result, typename Request, typename Response, typename Handler>
void Serve(const std::shared_ptr<UnaryCall>& unary, const Request& request, Response* response,
           Handler& handler) {
  if (!unary->refusal().ok()) {
    unary->template Answer<Result>(unary->refusal(), response);
    return;
  }
  // Texts in NFC for every handler, and for the hash of the request: the message was made for this
  // call alone.
  text::NormaliseFields(const_cast<Request*>(&request));
  if constexpr (std::is_invocable_v<Handler, const auth::Call&, const Request&, Done<Result>>) {
    handler(unary->call(), request, [unary, response](absl::StatusOr<Result> result) {
      unary->template Answer<Result>(std::move(result), response);
    });
  } else {
    absl::StatusOr<Result> result = handler(unary->call(), request);
    unary->template Answer<Result>(std::move(result), response);
  }
}

}  // namespace internal

// Handles a unary call of a named method: for request types that several services share.
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* HandleMethod(Door& door, const google::protobuf::MethodDescriptor* method,
                                       grpc::CallbackServerContext* context, const Request* request,
                                       Response* response, Handler handler) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto unary = std::make_shared<internal::UnaryCall>(door, context, method, *request, reactor);
  internal::Serve<Response>(unary, *request, response, handler);
  return reactor;
}

// Handles a unary call. `handler` is either
//   absl::StatusOr<Response>(const auth::Call&, const Request&)             answers at once, or
//   void(const auth::Call&, const Request&, Done<Response>)                 answers later, from any
//   thread.
// The call, the request and the context live until the answer.
//
//   grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
//                                           const GetEnterpriseRequest* request, Enterprise*
//                                           response) override {
//     return rpc::Handle(door_, context, request, response,
//         [this](const auth::Call& call, const GetEnterpriseRequest& request) ->
//         absl::StatusOr<Enterprise> {
//           return enterprises_.Get(*store_->TakeSnapshot(), request.name());
//         });
//   }
//
// The method is found by its request and response types in the request's file; a test holds that
// this is unambiguous for every linked method (but EventService and StoreService, which name
// theirs).
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* Handle(Door& door, grpc::CallbackServerContext* context,
                                 const Request* request, Response* response, Handler handler) {
  static const google::protobuf::MethodDescriptor* const kMethod =
      internal::MethodOf(Request::descriptor(), Response::descriptor());
  return HandleMethod(door, kMethod, context, request, response, std::move(handler));
}

// Handles a unary call whose answer is stored as it is sent: the bytes go out unparsed. The service
// inherits WithRawCallbackMethod_<Method>; `handler` is as for Handle, with std::string, the
// serialised Response, in the place of Response.
//
//   grpc::ServerUnaryReactor* GetEnterprise(grpc::CallbackServerContext* context,
//                                           const grpc::ByteBuffer* request,
//                                           grpc::ByteBuffer* response) override {
//     return rpc::HandleBytes<GetEnterpriseRequest, Enterprise>(
//         door_, context, request, response,
//         [this](const auth::Call&, const GetEnterpriseRequest& request) {
//           return enterprises_.GetBytes(store_->Latest(), request.name());
//         });
//   }
template <typename Request, typename Response, typename Handler>
grpc::ServerUnaryReactor* HandleBytes(Door& door, grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* bytes, grpc::ByteBuffer* response,
                                      Handler handler) {
  static const google::protobuf::MethodDescriptor* const kMethod =
      internal::MethodOf(Request::descriptor(), Response::descriptor());
  struct Parsed {
    Request request;
    std::optional<internal::UnaryCall> call;  // its request lives as long
  };
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  auto parsed = std::make_shared<Parsed>();
  // Another handle on the same slices: reading uses it up.
  grpc::ByteBuffer buffer(*bytes);
  if (!grpc::SerializationTraits<Request>::Deserialize(&buffer, &parsed->request).ok()) {
    // As gRPC answers such bytes for the methods whose requests it reads itself.
    reactor->Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, ""));
    return reactor;
  }
  parsed->call.emplace(door, context, kMethod, parsed->request, reactor);
  const std::shared_ptr<internal::UnaryCall> unary(parsed, &*parsed->call);
  internal::Serve<std::string>(unary, parsed->request, response, handler);
  return reactor;
}

}  // namespace nscl::rpc
