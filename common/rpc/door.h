// The door of one service: who is let in, how many at once, for how long, and what is written down
// of it.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>
#include <prometheus/gauge.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/access.h"
#include "common/auth/authenticator.h"
#include "common/auth/call.h"
#include "common/rpc/limits.h"
#include "common/telemetry/metrics.h"

namespace nscl::rpc {

namespace internal {
class Admission;
struct Method;
}  // namespace internal

// Thread-safe. Must outlive the server.
class Door {
 public:
  struct Options {
    std::string service;                                 // "casework"; in log lines and metrics
    std::shared_ptr<auth::Authenticator> authenticator;  // required
    std::shared_ptr<telemetry::Metrics> metrics;         // null: its own
    int max_in_flight = limits::kUnaryInFlight;
    int max_streams = limits::kStreamsInFlight;
    absl::Duration stream_lifetime = limits::kStreamLifetime;
  };

  explicit Door(Options options);
  ~Door();
  Door(const Door&) = delete;

  // Ends every stream with UNAVAILABLE `DRAINING`, and those that still come. Unary calls go on:
  // the server's shutdown waits for them.
  void Drain();

  // Calls inside.
  int in_flight() const { return unary_.load(); }
  int streams() const { return streams_.load(); }
  telemetry::Metrics& metrics() { return *options_.metrics; }
  const std::string& service() const { return options_.service; }
  // When a stream of this caller ends at the latest. Tokens are judged by the authenticator's
  // clock, which in tests is not the machine's.
  absl::Time StreamEnd(const auth::Caller& caller) const;

  // For HandleStream: `end` is called by Drain, at once where that has happened. Returns a token.
  int64_t AddStream(std::function<void()> end);
  void RemoveStream(int64_t token);

 private:
  friend class internal::Admission;

  const internal::Method* Find(const google::protobuf::MethodDescriptor* method) const;

  Options options_;
  // Filled once; read without a lock.
  absl::flat_hash_map<const google::protobuf::MethodDescriptor*, std::unique_ptr<internal::Method>>
      methods_;
  std::atomic<int> unary_{0}, streams_{0};
  prometheus::Gauge& unary_gauge_;
  prometheus::Gauge& stream_gauge_;
  std::mutex mutex_;
  bool draining_ = false;
  int64_t last_token_ = 0;
  absl::flat_hash_map<int64_t, std::function<void()>> open_streams_;
};

namespace internal {

enum class Kind { kUnary, kStream };

// One call at the door: admitted, or refused with `refusal()`. Either way it is finished once,
// which frees its place, counts it and writes its line.
class Admission {
 public:
  // The order of refusals: INTERNAL (no access rule), UNAUTHENTICATED, PERMISSION_DENIED
  // `ROLE_DENIED`, INVALID_ARGUMENT (the name without a province), PERMISSION_DENIED
  // `SCOPE_DENIED`, RESOURCE_EXHAUSTED `OVERLOADED`, DEADLINE_EXCEEDED, CANCELLED.
  Admission(Door& door, grpc::CallbackServerContext* context,
            const google::protobuf::MethodDescriptor* method,
            const google::protobuf::Message& request, Kind kind);
  Admission(const Admission&) = delete;

  const absl::Status& refusal() const { return refusal_; }
  const auth::Call& call() const { return call_; }

  // Ends the call, once, and says what goes on the wire. The context is not used after it.
  grpc::Status Finish(const absl::Status& status);

 private:
  absl::Status Enter(const google::protobuf::Message& request);
  absl::Status TakePlace();
  void SetDeadline(absl::Time now);
  bool Cancelled() const;

  Door& door_;
  grpc::CallbackServerContext* context_;
  const Method* method_;
  const Kind kind_;
  const int64_t start_nanos_;
  bool has_place_ = false;
  std::atomic<bool> finished_{false};
  std::string request_id_;
  std::string trace_;
  auth::Call call_;
  absl::Status refusal_;
};

// The method with these request and response types in the file of the request. Null where there is
// none or more than one: then the method must be named.
const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor* request,
                                                   const google::protobuf::Descriptor* response);

}  // namespace internal

}  // namespace nscl::rpc
