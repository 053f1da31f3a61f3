#include "services/gateway/backends.h"

#include <grpcpp/impl/codegen/proto_utils.h>

#include <utility>

#include "absl/time/time.h"
#include "common/rpc/errors.h"
#include "common/rpc/status.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

using google::protobuf::Message;

void Prepare(const CallContext& call, grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(call.timeout));
  if (!call.authorization.empty()) context.AddMetadata("authorization", call.authorization);
  if (!call.traceparent.empty()) context.AddMetadata("traceparent", call.traceparent);
}

grpc::ByteBuffer ToBytes(const Message& message) {
  grpc::ByteBuffer bytes;
  bool own;
  grpc::SerializationTraits<Message>::Serialize(message, &bytes, &own);
  return bytes;
}

class UnaryCall : public RunningCall {
 public:
  void Cancel() override { context.TryCancel(); }

  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
};

// Keeps itself alive until gRPC is done with it.
class StreamCall : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                   public RunningCall,
                   public std::enable_shared_from_this<StreamCall> {
 public:
  StreamCall(std::shared_ptr<StreamReader> reader, std::string service)
      : reader_(std::move(reader)), service_(std::move(service)) {}

  void Begin(grpc::GenericStub& stub, const Route& route, const CallContext& call,
             const Message& request) {
    self_ = shared_from_this();
    Prepare(call, context_);
    request_ = ToBytes(request);
    stub.PrepareBidiStreamingCall(&context_, route.grpc_method, {}, this);
    AddHold();  // reads are begun from the listener's threads
    StartWriteLast(&request_, grpc::WriteOptions());
    StartRead(&response_);
    StartCall();
  }

  void Cancel() override { context_.TryCancel(); }

  void OnReadDone(bool ok) override {
    if (!ok) return RemoveHold();
    if (reader_->OnMessage(response_, [self = self_] { self->StartRead(&self->response_); }))
      return;
    context_.TryCancel();
    RemoveHold();
  }

  void OnDone(const grpc::Status& status) override {
    const auto keep = std::move(self_);
    reader_->OnEnd(FromGrpc(status, service_));
  }

 private:
  const std::shared_ptr<StreamReader> reader_;
  const std::string service_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  std::shared_ptr<StreamCall> self_;
};

}  // namespace

Backends::Backends(std::map<std::string, std::shared_ptr<grpc::Channel>> channels) {
  for (auto& [service, channel] : channels) {
    stubs_.emplace(service, std::make_unique<grpc::GenericStub>(std::move(channel)));
  }
}

grpc::GenericStub* Backends::Find(const std::string& service) {
  const auto found = stubs_.find(service);
  return found == stubs_.end() ? nullptr : found->second.get();
}

std::shared_ptr<RunningCall> Backends::CallUnary(
    const Route& route, const CallContext& context, const Message& request,
    std::function<void(absl::Status, grpc::ByteBuffer, const Metadata&)> done) {
  auto call = std::make_shared<UnaryCall>();
  grpc::GenericStub* stub = Find(route.service);
  if (stub == nullptr) {
    done(errors::BackendUnavailable(route.service), {}, {});
    return call;
  }
  Prepare(context, call->context);
  call->request = ToBytes(request);
  stub->UnaryCall(&call->context, route.grpc_method, {}, &call->request, &call->response,
                  [call, service = route.service, done = std::move(done)](grpc::Status status) {
                    done(FromGrpc(status, service), std::move(call->response),
                         call->context.GetServerTrailingMetadata());
                  });
  return call;
}

std::shared_ptr<RunningCall> Backends::CallStream(const Route& route, const CallContext& context,
                                                  const Message& request,
                                                  std::shared_ptr<StreamReader> reader) {
  auto call = std::make_shared<StreamCall>(reader, route.service);
  grpc::GenericStub* stub = Find(route.service);
  if (stub == nullptr) {
    reader->OnEnd(errors::BackendUnavailable(route.service));
    return call;
  }
  call->Begin(*stub, route, context, request);
  return call;
}

absl::Status FromGrpc(const grpc::Status& status, const std::string& service) {
  if (status.ok()) return absl::OkStatus();
  if (!status.error_details().empty()) return rpc::FromGrpcStatus(status);
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return errors::BackendUnavailable(service);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return errors::DeadlineExceeded();
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return rpc::errors::Overloaded();
    case grpc::StatusCode::UNIMPLEMENTED:
      return errors::NotServed(service);
    default:
      return errors::BackendAnswer(service);
  }
}

bool ParseBytes(const grpc::ByteBuffer& bytes, Message* message) {
  grpc::ByteBuffer copy(bytes);  // shares the slices
  return grpc::SerializationTraits<Message>::Deserialize(&copy, message).ok();
}

}  // namespace nscl::gateway
