// Server streams: a source that is asked for the next message when the last one has gone out, so
// that a slow reader holds the source back instead of filling memory.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/call.h"
#include "common/rpc/door.h"
#include "common/rpc/errors.h"

namespace nscl::rpc {

// Where the messages of one stream come from. Kept until the stream has ended and no answer is
// owed.
template <typename Response>
class Source {
 public:
  // The next message; nullopt ends the stream well, an error ends it with that.
  using Ready = std::function<void(absl::StatusOr<std::optional<Response>>)>;

  virtual ~Source() = default;
  // Calls `ready` once, now or later, from any thread. Not called again before that.
  virtual void Next(Ready ready) = 0;
  // The stream has ended: drop `ready` and what is waited for. A call of `ready` on its way does no
  // harm, and one Next may still come, whose `ready` is to be dropped too.
  virtual void Cancel() = 0;
};

namespace internal {

template <typename Response>
class Stream final : public grpc::ServerWriteReactor<Response> {
 public:
  Stream(Door& door, grpc::CallbackServerContext* context,
         const google::protobuf::MethodDescriptor* method, const google::protobuf::Message& request)
      : door_(door),
        admission_(door, context, method, request, Kind::kStream),
        state_(std::make_shared<State>()) {}

  const absl::Status& refusal() const { return admission_.refusal(); }
  const auth::Call& call() const { return admission_.call(); }

  void Refuse(const absl::Status& status) {
    state_->phase = Phase::kEnded;
    this->Finish(admission_.Finish(status));
  }

  void Run(std::shared_ptr<Source<Response>> source) {
    state_->source = std::move(source);
    state_->stream = this;
    std::shared_ptr<State> state = state_;
    // The alarm outlives nothing: its destructor cancels it, and a late ring finds the stream
    // ended.
    const absl::Time end = std::min(door_.StreamEnd(call().caller), call().deadline);
    alarm_.Set(absl::ToChronoTime(end), [state](bool rang) {
      if (rang) End(state, errors::StreamEnded());
    });
    door_token_ = door_.AddStream([state] { End(state, errors::Draining()); });
    Pump(state);
  }

  void OnWriteDone(bool ok) override {
    std::shared_ptr<State> state = state_;
    absl::Status end = ok ? absl::OkStatus() : errors::Cancelled();
    {
      std::lock_guard lock(state->mutex);
      end.Update(state->end);
      state->phase = end.ok() ? Phase::kWaiting : Phase::kEnded;
    }
    // Once it is waiting anybody may end it: from here on only the state is touched.
    if (end.ok()) return Pump(state);
    FinishNow(end);
  }

  void OnCancel() override { End(state_, errors::Cancelled()); }

  void OnDone() override {
    door_.RemoveStream(door_token_);
    delete this;
  }

 private:
  // kWaiting: the source owes an answer. kWriting: gRPC owes OnWriteDone. kEnded: Finish was or is
  // being called by whoever set it; nobody else touches the reactor any more.
  enum class Phase { kWaiting, kWriting, kEnded };
  struct State {
    std::mutex mutex;
    Phase phase = Phase::kWaiting;
    absl::Status end;  // how to end after the write that is under way
    Stream* stream = nullptr;
    std::shared_ptr<Source<Response>> source;
  };

  static void Pump(const std::shared_ptr<State>& state) {
    state->source->Next([state](absl::StatusOr<std::optional<Response>> next) {
      const bool message = next.ok() && next->has_value();
      {
        std::lock_guard lock(state->mutex);
        if (state->phase != Phase::kWaiting) return;
        state->phase = message ? Phase::kWriting : Phase::kEnded;
      }
      // No lock here: gRPC may react before it returns.
      Stream* stream = state->stream;
      if (!message) return stream->FinishNow(next.status());
      stream->message_ = **std::move(next);
      stream->StartWrite(&stream->message_);
    });
  }

  static void End(const std::shared_ptr<State>& state, const absl::Status& status) {
    {
      std::lock_guard lock(state->mutex);
      if (state->phase == Phase::kEnded) return;
      if (state->phase == Phase::kWriting) {
        if (state->end.ok()) state->end = status;
        return;
      }
      state->phase = Phase::kEnded;
    }
    state->stream->FinishNow(status);
  }

  void FinishNow(const absl::Status& status) {
    state_->source->Cancel();
    this->Finish(admission_.Finish(status));
  }

  Door& door_;
  Admission admission_;
  std::shared_ptr<State> state_;
  Response message_;
  grpc::Alarm alarm_;
  int64_t door_token_ = 0;
};

}  // namespace internal

// Handles a server stream of a method. `open` is
//   absl::StatusOr<std::shared_ptr<Source<Response>>>(const auth::Call&, const Request&)
// and the call lives as long as the stream. The stream ends with the source, with its caller, with
// the caller's token, after kStreamLifetime, or when the door drains.
template <typename Response, typename Request, typename Open>
grpc::ServerWriteReactor<Response>* HandleStream(Door& door,
                                                 const google::protobuf::MethodDescriptor* method,
                                                 grpc::CallbackServerContext* context,
                                                 const Request* request, Open open) {
  auto* stream = new internal::Stream<Response>(door, context, method, *request);
  if (!stream->refusal().ok()) {
    stream->Refuse(stream->refusal());
    return stream;
  }
  absl::StatusOr<std::shared_ptr<Source<Response>>> source = open(stream->call(), *request);
  if (!source.ok()) {
    stream->Refuse(source.status());
    return stream;
  }
  stream->Run(*std::move(source));
  return stream;
}

}  // namespace nscl::rpc
