#include "common/rpc/circuit.h"

#include <utility>

#include "common/rpc/errors.h"
#include "common/rpc/status.h"

namespace nscl::rpc {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::Interceptor;
using grpc::experimental::InterceptorBatchMethods;

// One call. gRPC calls it from one thread at a time.
class Guard final : public Interceptor {
 public:
  explicit Guard(std::shared_ptr<Circuit> circuit) : circuit_(std::move(circuit)) {}
  // A call that was never finished.
  ~Guard() override { Leave(absl::StatusCode::kCancelled); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      refusal_ = circuit_->Enter();
      inside_ = refusal_.ok();
      if (!inside_) return methods->Hijack();
    }
    if (!refusal_.ok()) {
      // The call goes nowhere: we answer it.
      if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_RECV_MESSAGE)) {
        methods->FailHijackedRecvMessage();
      }
      if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_RECV_STATUS)) {
        *methods->GetRecvStatus() = ToGrpcStatus(refusal_);
      }
    } else if (methods->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_STATUS)) {
      const grpc::Status& status = *methods->GetRecvStatus();
      // With details it is the peer's own word: it lives.
      Leave(status.error_details().empty() ? static_cast<absl::StatusCode>(status.error_code())
                                           : absl::StatusCode::kOk);
    }
    methods->Proceed();
  }

 private:
  void Leave(absl::StatusCode outcome) {
    if (std::exchange(inside_, false)) circuit_->Leave(outcome);
  }

  const std::shared_ptr<Circuit> circuit_;
  absl::Status refusal_;
  bool inside_ = false;
};

class GuardFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit GuardFactory(std::shared_ptr<Circuit> circuit) : circuit_(std::move(circuit)) {}

  Interceptor* CreateClientInterceptor(grpc::experimental::ClientRpcInfo* info) override {
    if (info->type() != grpc::experimental::ClientRpcInfo::Type::UNARY) return nullptr;
    return new Guard(circuit_);  // gRPC owns it
  }

 private:
  const std::shared_ptr<Circuit> circuit_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface> GuardedBy(
    std::shared_ptr<Circuit> circuit) {
  return std::make_unique<GuardFactory>(std::move(circuit));
}

Circuit::Circuit(Options options)
    : options_([&] {
        if (options.clock == nullptr) options.clock = &time::SystemClock();
        return options;
      }()) {}

absl::Status Circuit::Enter() {
  std::lock_guard lock(mutex_);
  const absl::Time now = options_.clock->Now();
  // A clock that was set back must not make the rest longer than it is.
  if (rests_until_ > now + options_.open_for) rests_until_ = now;
  if (now < rests_until_) return errors::PeerResting(rests_until_ - now);
  const bool open = failures_ >= options_.failures_to_open;
  if (open && trying_) return errors::PeerResting(options_.open_for);
  if (in_flight_ >= options_.max_in_flight) return errors::PeerBusy(in_flight_);
  trying_ = open;
  ++in_flight_;
  return absl::OkStatus();
}

void Circuit::Leave(absl::StatusCode outcome) {
  std::lock_guard lock(mutex_);
  --in_flight_;
  const bool tried = std::exchange(trying_, false);
  switch (outcome) {
    case absl::StatusCode::kCancelled:
      return;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      // Calls that were under way when the circuit opened do not prolong the rest.
      if (++failures_ == options_.failures_to_open || tried) {
        rests_until_ = options_.clock->Now() + options_.open_for;
      }
      return;
    default:
      failures_ = 0;
      rests_until_ = absl::InfinitePast();
      return;
  }
}

int Circuit::in_flight() const {
  std::lock_guard lock(mutex_);
  return in_flight_;
}

}  // namespace nscl::rpc
