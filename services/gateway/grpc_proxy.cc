#include "services/gateway/grpc_proxy.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/rpc/errors.h"
#include "common/rpc/status.h"
#include "services/gateway/errors.h"

namespace nscl::gateway {
namespace {

absl::string_view View(grpc::string_ref ref) { return {ref.data(), ref.size()}; }

// Metadata that belongs to one connection, or that gRPC writes itself.
bool IsHopByHop(absl::string_view key) {
  return absl::StartsWith(key, "grpc-") || absl::StartsWith(key, ":") || key == "te" ||
         key == "content-type" || key == "user-agent" || key == "host" || key == "connection";
}

// One call. The server side of it is this object, the client side its member; it deletes itself
// when the server side is done, which is after the client side. Two holds keep the client side open
// while it is driven from the server side's reactions: one until the caller has sent all, one until
// the service has.
class ProxyCall : public grpc::ServerGenericBidiReactor {
 public:
  ProxyCall(grpc::GenericCallbackServerContext* context, grpc::GenericStub& stub,
            std::shared_ptr<void> place)
      : server_(context), place_(std::move(place)), client_(*this) {
    for (const auto& [key, value] : context->client_metadata()) {
      if (!IsHopByHop(View(key))) {
        context_.AddMetadata(std::string(View(key)), std::string(View(value)));
      }
    }
    context_.set_deadline(context->deadline());
    stub.PrepareBidiStreamingCall(&context_, context->method(), {}, &client_);
    client_.AddMultipleHolds(2);
    client_.StartRead(&response_);
    client_.StartCall();
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (ok) return client_.StartWrite(&request_);
    client_.StartWritesDone();
    client_.RemoveHold();
  }

  void OnWriteDone(bool ok) override {
    if (ok) return client_.StartRead(&response_);
    context_.TryCancel();
    client_.RemoveHold();
  }

  void OnCancel() override { context_.TryCancel(); }
  void OnDone() override { delete this; }

 private:
  class Client : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
   public:
    explicit Client(ProxyCall& call) : call_(call) {}

    void OnReadDone(bool ok) override {
      if (ok) return call_.StartWrite(&call_.response_);
      RemoveHold();
    }
    void OnWriteDone(bool ok) override {
      // A write that failed means that the status is on its way; reading on finds the caller's end.
      call_.StartRead(&call_.request_);
    }
    void OnDone(const grpc::Status& status) override {
      for (const auto& [key, value] : call_.context_.GetServerTrailingMetadata()) {
        if (!IsHopByHop(View(key))) {
          call_.server_->AddTrailingMetadata(std::string(View(key)), std::string(View(value)));
        }
      }
      const bool bare = status.error_details().empty();
      const bool unavailable = status.error_code() == grpc::StatusCode::UNAVAILABLE && bare;
      // Last: the server side may be done, and this object gone, before Finish returns.
      call_.Finish(unavailable ? rpc::ToGrpcStatus(errors::BackendUnavailable(
                                     ServiceOfMethod(call_.server_->method())))
                               : status);
    }

   private:
    ProxyCall& call_;
  };

  grpc::GenericCallbackServerContext* const server_;
  const std::shared_ptr<void> place_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer response_;
  Client client_;
};

class Refusal : public grpc::ServerGenericBidiReactor {
 public:
  explicit Refusal(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

std::string ServiceOfMethod(absl::string_view method) {
  // "/nscl.<service>.v1.Name/Method"
  if (!absl::ConsumePrefix(&method, "/nscl.")) return "";
  return std::string(method.substr(0, method.find('.')));
}

grpc::ServerGenericBidiReactor* GrpcProxy::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const std::string service = ServiceOfMethod(context->method());
  grpc::GenericStub* stub = backends_.Find(service);
  if (stub == nullptr) {
    return new Refusal(rpc::ToGrpcStatus(errors::NotServed(service)));
  }
  // "/nscl.registry.v1.EventService/WatchEvents" is "nscl.registry.v1.EventService.WatchEvents"
  // there.
  std::string name = context->method().substr(1);
  std::replace(name.begin(), name.end(), '/', '.');
  const auto* method = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
  const bool streams = method != nullptr && method->server_streaming();
  std::shared_ptr<void> place = (streams ? streams_ : calls_).Enter();
  if (place == nullptr) return new Refusal(rpc::ToGrpcStatus(rpc::errors::Overloaded()));
  return new ProxyCall(context, *stub, std::move(place));
}

}  // namespace nscl::gateway
