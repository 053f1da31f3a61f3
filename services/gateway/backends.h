// Calls to the services behind, by method name and bytes: no stub is linked in.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/gateway/router.h"

namespace nscl::gateway {

// What a call carries beside its message.
struct CallContext {
  std::string authorization;
  std::string traceparent;
  absl::Duration timeout;
};

// A running call; may be cancelled from any thread.
class RunningCall {
 public:
  virtual ~RunningCall() = default;
  virtual void Cancel() = 0;
};

// What a streamed call tells. Each method is called by gRPC's threads, one at a time.
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // A message; true where `next` will be called (once, from any thread) for the one after it, false
  // to cancel the call.
  virtual bool OnMessage(const grpc::ByteBuffer& bytes, std::function<void()> next) = 0;
  // The end; nothing follows.
  virtual void OnEnd(const absl::Status& status) = 0;
};

class Backends {
 public:
  // Channels by service ("registry").
  explicit Backends(std::map<std::string, std::shared_ptr<grpc::Channel>> channels);

  // Null where there is no such service.
  grpc::GenericStub* Find(const std::string& service);

  using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;
  // Calls a unary method; `done` gets the answer and the call's trailing metadata.
  std::shared_ptr<RunningCall> CallUnary(
      const Route& route, const CallContext& context, const google::protobuf::Message& request,
      std::function<void(absl::Status, grpc::ByteBuffer, const Metadata&)> done);

  // Calls a server-streaming method.
  std::shared_ptr<RunningCall> CallStream(const Route& route, const CallContext& context,
                                          const google::protobuf::Message& request,
                                          std::shared_ptr<StreamReader> reader);

 private:
  std::map<std::string, std::unique_ptr<grpc::GenericStub>> stubs_;
};

// The status with its details as payloads. Without details (gRPC's own refusals) it becomes one of
// ours, so that no address and no library text reaches a client.
absl::Status FromGrpc(const grpc::Status& status, const std::string& service);

// Parses an answer.
bool ParseBytes(const grpc::ByteBuffer& bytes, google::protobuf::Message* message);

}  // namespace nscl::gateway
