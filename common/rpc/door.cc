#include "common/rpc/door.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/auth/errors.h"
#include "common/rpc/errors.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"

namespace nscl::rpc {
namespace internal {

// What the door knows of a method, worked out once.
struct Method {
  std::string path;
  absl::StatusOr<auth::AccessRule> rule;
  std::unique_ptr<telemetry::MethodMetrics> metrics;
  absl::Duration default_deadline, max_deadline;
};

namespace {

using google::protobuf::MethodDescriptor;

absl::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

int64_t SteadyNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// An id that a caller may give its call; anything else is not worth a place in the log.
bool IsCallId(absl::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_';
  });
}

std::string MakeCallId() {
  thread_local std::mt19937_64 random(std::random_device{}());
  static constexpr char kHex[] = "0123456789abcdef";
  std::string id(16, '0');
  uint64_t bits = random();
  for (char& c : id) {
    c = kHex[bits & 15];
    bits >>= 4;
  }
  return id;
}

// The trace id of a W3C `traceparent`, "00-<32 hex>-<16 hex>-<2 hex>".
absl::string_view TraceId(absl::string_view traceparent) {
  if (traceparent.size() < 55 || traceparent[2] != '-' || traceparent[35] != '-') return "";
  const absl::string_view id = traceparent.substr(3, 32);
  return std::all_of(id.begin(), id.end(), [](char c) { return absl::ascii_isxdigit(c); }) ? id
                                                                                           : "";
}

void SetDeadlines(const MethodDescriptor* descriptor, Method* method) {
  const std::string& service = descriptor->service()->name();
  method->default_deadline = limits::kDefaultDeadline;
  method->max_deadline = limits::kMaxDeadline;
  if (service == "EventService") method->max_deadline = limits::kFeedDeadline;
  if (service == "StoreService") {
    method->default_deadline = method->max_deadline = limits::kMaintenanceDeadline;
  }
  if (descriptor->server_streaming()) {
    method->default_deadline = method->max_deadline = absl::InfiniteDuration();
  }
}

}  // namespace

Admission::Admission(Door& door, grpc::CallbackServerContext* context,
                     const MethodDescriptor* method, const google::protobuf::Message& request,
                     Kind kind)
    : door_(door),
      context_(context),
      method_(door.Find(method)),
      kind_(kind),
      start_nanos_(SteadyNanos()) {
  refusal_ = Enter(request);
}

absl::Status Admission::Enter(const google::protobuf::Message& request) {
  const std::multimap<grpc::string_ref, grpc::string_ref>& metadata = context_->client_metadata();
  auto id = metadata.find("x-request-id");
  request_id_ = id != metadata.end() && IsCallId(View(id->second)) ? std::string(View(id->second))
                                                                   : MakeCallId();
  if (auto parent = metadata.find("traceparent"); parent != metadata.end()) {
    trace_ = std::string(TraceId(View(parent->second)));
  }
  if (method_ == nullptr) return auth::errors::NoAccessRule("");
  RETURN_IF_ERROR(method_->rule.status());
  const auth::AccessRule& rule = *method_->rule;

  auto header = metadata.find("authorization");
  if (header == metadata.end()) return auth::errors::TokenMissing();
  if (auto second = std::next(header); second != metadata.end() && second->first == header->first) {
    return auth::errors::TokenMissing();  // two of them: which one counts is anybody's guess
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const auth::Caller> caller,
                   door_.options_.authenticator->AuthenticateHeader(View(header->second)));
  call_.caller = *caller;
  RETURN_IF_ERROR(rule.CheckPermission(call_.caller));
  ASSIGN_OR_RETURN(call_.province, rule.CheckScope(call_.caller, request));
  RETURN_IF_ERROR(TakePlace());
  call_.method = method_->path;
  const absl::Time now = absl::Now();
  SetDeadline(now);
  if (now >= call_.deadline) return errors::DeadlineExceeded();
  if (context_->IsCancelled()) return errors::Cancelled();
  call_.cancelled = [this] { return Cancelled(); };
  call_.replayed = [this] { context_->AddTrailingMetadata("x-idempotent-replay", "true"); };
  return absl::OkStatus();
}

absl::Status Admission::TakePlace() {
  const bool unary = kind_ == Kind::kUnary;
  std::atomic<int>& inside = unary ? door_.unary_ : door_.streams_;
  const int limit = unary ? door_.options_.max_in_flight : door_.options_.max_streams;
  if (inside.fetch_add(1, std::memory_order_relaxed) >= limit) {
    inside.fetch_sub(1, std::memory_order_relaxed);
    return errors::Overloaded();
  }
  has_place_ = true;
  (unary ? door_.unary_gauge_ : door_.stream_gauge_).Increment();
  return absl::OkStatus();
}

void Admission::SetDeadline(absl::Time now) {
  const auto given = context_->deadline();
  call_.deadline = given == std::chrono::system_clock::time_point::max()
                       ? now + method_->default_deadline
                       : std::min(absl::FromChrono(given), now + method_->max_deadline);
}

bool Admission::Cancelled() const {
  if (finished_.load(std::memory_order_acquire)) return true;  // the context may be gone
  return context_->IsCancelled() || absl::Now() >= call_.deadline;
}

grpc::Status Admission::Finish(const absl::Status& status) {
  finished_.store(true, std::memory_order_release);
  absl::Status outward = status;
  // A handler stopped because the deadline was over says CANCELLED; the caller waited for time, not
  // for us.
  if (status.code() == absl::StatusCode::kCancelled && absl::Now() >= call_.deadline) {
    outward = errors::DeadlineExceeded();
  }
  outward = Outward(outward, request_id_);

  const absl::Duration latency = absl::Nanoseconds(SteadyNanos() - start_nanos_);
  if (method_ != nullptr) method_->metrics->Record(outward.code(), latency);
  std::string reason, fault;
  if (!outward.ok()) {
    reason = status::ReasonOf(outward);
    fault = auth::errors::TokenFaultOf(status);
    if (outward.message() != status.message()) fault = std::string(status.message());
  }
  telemetry::LogCall({.service = door_.options_.service,
                      .method = method_ == nullptr ? absl::string_view("?") : method_->path,
                      .actor = call_.caller.actor,
                      .province = call_.province,
                      .code = outward.code(),
                      .reason = reason,
                      .fault = fault,
                      .request_id = request_id_,
                      .trace = trace_,
                      .latency = latency});
  if (has_place_) {
    const bool unary = kind_ == Kind::kUnary;
    (unary ? door_.unary_ : door_.streams_).fetch_sub(1, std::memory_order_relaxed);
    (unary ? door_.unary_gauge_ : door_.stream_gauge_).Decrement();
  }
  return ToGrpcStatus(outward);
}

const MethodDescriptor* MethodOf(const google::protobuf::Descriptor* request,
                                 const google::protobuf::Descriptor* response) {
  const MethodDescriptor* found = nullptr;
  const google::protobuf::FileDescriptor* file = request->file();
  for (int s = 0; s < file->service_count(); ++s) {
    for (int m = 0; m < file->service(s)->method_count(); ++m) {
      const MethodDescriptor* method = file->service(s)->method(m);
      if (method->input_type() != request || method->output_type() != response) continue;
      if (found != nullptr) return nullptr;
      found = method;
    }
  }
  return found;
}

}  // namespace internal

Door::Door(Options options)
    : options_([&] {
        if (options.metrics == nullptr) options.metrics = std::make_shared<telemetry::Metrics>();
        return std::move(options);
      }()),
      unary_gauge_(options_.metrics->InFlight(options_.service, "unary")),
      stream_gauge_(options_.metrics->InFlight(options_.service, "stream")) {
  for (const google::protobuf::MethodDescriptor* descriptor : auth::LinkedMethods("nscl.")) {
    auto method = std::make_unique<internal::Method>();
    method->path = auth::MethodPath(descriptor);
    method->rule = auth::AccessRule::Of(descriptor);
    method->metrics = options_.metrics->ForMethod(options_.service, method->path);
    internal::SetDeadlines(descriptor, method.get());
    methods_.emplace(descriptor, std::move(method));
  }
}

Door::~Door() = default;

const internal::Method* Door::Find(const google::protobuf::MethodDescriptor* method) const {
  auto it = methods_.find(method);
  return it == methods_.end() ? nullptr : it->second.get();
}

absl::Time Door::StreamEnd(const auth::Caller& caller) const {
  const absl::Duration token = caller.expires - options_.authenticator->Now();
  return absl::Now() + std::min(options_.stream_lifetime, token);
}

void Door::Drain() {
  absl::flat_hash_map<int64_t, std::function<void()>> open;
  {
    std::lock_guard lock(mutex_);
    draining_ = true;
    open.swap(open_streams_);
  }
  for (auto& [token, end] : open) end();
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): it is moved where the door is open
int64_t Door::AddStream(std::function<void()> end) {
  {
    std::lock_guard lock(mutex_);
    if (!draining_) {
      open_streams_.emplace(++last_token_, std::move(end));
      return last_token_;
    }
  }
  end();
  return 0;
}

void Door::RemoveStream(int64_t token) {
  std::lock_guard lock(mutex_);
  open_streams_.erase(token);
}

}  // namespace nscl::rpc
