#include "services/gateway/gateway.h"

#include <google/protobuf/arena.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/auth/errors.h"
#include "common/json/json_writer.h"
#include "common/rpc/errors.h"
#include "common/rpc/server.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/time/clock.h"
#include "services/gateway/admission.h"
#include "services/gateway/backends.h"
#include "services/gateway/errors.h"
#include "services/gateway/grpc_proxy.h"
#include "services/gateway/http_listener.h"
#include "services/gateway/openapi.h"
#include "services/gateway/rate_limiter.h"
#include "services/gateway/router.h"
#include "services/gateway/transcoder.h"

namespace nscl::gateway {
namespace {

using google::protobuf::Arena;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// The bearer token's form; whether it is valid is for the service to say.
absl::Status CheckAuthorization(absl::string_view header, size_t token_bytes) {
  if (header.empty()) return auth::errors::TokenMissing();
  const size_t blank = header.find(' ');
  if (!absl::EqualsIgnoreCase(header.substr(0, blank), "bearer")) {
    return errors::TokenMalformed("the scheme is not Bearer");
  }
  const absl::string_view token = blank == absl::string_view::npos
                                      ? absl::string_view()
                                      : absl::StripAsciiWhitespace(header.substr(blank + 1));
  if (token.empty()) return auth::errors::TokenMissing();
  if (token.size() > token_bytes) return errors::TokenMalformed("too long");
  for (char c : token) {
    if (!absl::ascii_isalnum(c) && !absl::StrContains("-._~+/=", c)) {
      return errors::TokenMalformed("a character that a token cannot have");
    }
  }
  return absl::OkStatus();
}

// `X-Server-Timeout: 2.5`: seconds that the client waits.
absl::StatusOr<absl::Duration> TimeoutOf(const HttpHead& head, absl::Duration normal,
                                         absl::Duration most) {
  const absl::string_view wish = head.Header("x-server-timeout");
  if (wish.empty()) return normal;
  double seconds;
  if (wish.size() > 10 ||
      !std::all_of(wish.begin(), wish.end(),
                   [](char c) { return absl::ascii_isdigit(c) || c == '.'; }) ||
      !absl::SimpleAtod(wish, &seconds)) {
    return errors::InvalidHeader("X-Server-Timeout", "seconds, such as 2.5");
  }
  if (seconds <= 0) return errors::DeadlineExceeded();
  return std::min(absl::Seconds(seconds), most);
}

// W3C trace context; anything else is dropped rather than passed on.
std::string TraceParent(absl::string_view value) {
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f') || c == '-';
  });
  return plain && value.size() == 55 ? std::string(value) : std::string();
}

// The int64 field of a feed's messages by which a stream is resumed; null where there is none.
const FieldDescriptor* Int64Field(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && !field->is_repeated() &&
                 field->cpp_type() == FieldDescriptor::CPPTYPE_INT64
             ? field
             : nullptr;
}

// `Last-Event-ID: <epoch>-<position>` resumes a feed, as browsers send it after a break.
absl::Status Resume(absl::string_view last_event_id, Message& request) {
  const FieldDescriptor* position = Int64Field(request, "after_position");
  const FieldDescriptor* epoch = Int64Field(request, "epoch");
  if (last_event_id.empty() || position == nullptr || epoch == nullptr) return absl::OkStatus();
  const std::vector<absl::string_view> parts = absl::StrSplit(last_event_id, '-');
  int64_t epoch_value, position_value;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &epoch_value) ||
      !absl::SimpleAtoi(parts[1], &position_value)) {
    return errors::InvalidHeader("Last-Event-ID", "the id of an event of this stream");
  }
  request.GetReflection()->SetInt64(&request, epoch, epoch_value);
  request.GetReflection()->SetInt64(&request, position, position_value);
  return absl::OkStatus();
}

}  // namespace

class Gateway::Impl {
 public:
  explicit Impl(Options options)
      : options_(std::move(options)),
        backends_(options_.backends),
        calls_(options_.limits.calls_in_flight),
        streams_(options_.limits.streams),
        rate_(options_.limits.calls_per_second, options_.limits.burst),
        proxy_(backends_, calls_, streams_) {}

  absl::Status Open();
  void Start() {
    listener_->Start();
    if (grpc_server_ != nullptr) grpc_server_->SetServing(true);
  }
  void Stop();

  absl::Status Ready() const {
    return stopping_ ? absl::UnavailableError("stopping") : absl::OkStatus();
  }
  absl::Status Live() const {
    RETURN_IF_ERROR(listener_->Probe());
    return grpc_server_ == nullptr ? absl::OkStatus() : grpc_server_->Live();
  }

  int http_port() const { return listener_->port(); }
  int grpc_port() const { return grpc_server_ == nullptr ? 0 : grpc_server_->port(); }

 private:
  class HttpStream;

  // One HTTP call on its way: what its answer needs.
  struct Exchange {
    std::shared_ptr<Responder> responder;
    const Route* route = nullptr;
    AccessRecord record;
    absl::Time begin;
    std::shared_ptr<void> place;
    json::WriteOptions write;
    std::atomic<bool> gone{false};  // the client hung up
  };
  using ExchangePtr = std::shared_ptr<Exchange>;

  absl::Status OpenGrpc(const std::vector<const google::protobuf::ServiceDescriptor*>& services);
  void Handle(HttpRequest request, std::shared_ptr<Responder> responder);
  absl::Status Dispatch(const HttpRequest& request, const ExchangePtr& exchange);
  // The answers that need no service: the page, the API description.
  static bool IsPage(const Target& target);
  HttpAnswer Page(const Target& target) const;
  void CallUnary(const CallContext& call, const Message& request, const ExchangePtr& exchange);
  void CallStream(const CallContext& call, const Message& request, bool server_sent_events,
                  const ExchangePtr& exchange);
  void Answer(Exchange& exchange, HttpAnswer answer, absl::string_view reason);
  void Refuse(Exchange& exchange, const absl::Status& status);
  void Log(Exchange& exchange, int code, absl::string_view reason);
  // Cancels the call when the client hangs up.
  static void CancelWhenGone(const ExchangePtr& exchange, const std::shared_ptr<RunningCall>& call);

  const Options options_;
  Backends backends_;
  Admission calls_;
  Admission streams_;
  RateLimiter rate_;
  GrpcProxy proxy_;
  std::unique_ptr<Router> router_;
  std::string openapi_;
  std::unique_ptr<HttpListener> listener_;
  std::unique_ptr<rpc::Server> grpc_server_;

  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<std::weak_ptr<RunningCall>> running_streams_;
};

// A server stream on its way to an HTTP client, as newline-delimited JSON or server-sent events.
// The next message is asked for when the one before is out: a slow client slows its own stream
// only.
class Gateway::Impl::HttpStream : public StreamReader {
 public:
  HttpStream(Impl& gateway, ExchangePtr exchange, bool server_sent_events)
      : gateway_(gateway),
        exchange_(std::move(exchange)),
        server_sent_events_(server_sent_events) {}

  bool OnMessage(const grpc::ByteBuffer& bytes, std::function<void()> next) override {
    Arena arena;
    Message& message = *exchange_->route->response_prototype->New(&arena);
    if (!ParseBytes(bytes, &message)) {
      broken_ = true;
      return false;
    }
    Begin();
    std::string json;
    json::AppendJson(message, exchange_->write, &json);
    // Also after a failed write the next is asked for: the call is cancelled then, and the read
    // says so.
    exchange_->responder->Write(server_sent_events_ ? Event(message, json) : json + "\n",
                                [next = std::move(next)](bool) { next(); });
    return true;
  }

  void OnEnd(const absl::Status& status) override {
    const absl::Status end = broken_ ? errors::BackendAnswer(exchange_->route->service) : status;
    const bool quiet = end.ok() || end.code() == absl::StatusCode::kDeadlineExceeded ||
                       gateway_.stopping_;  // the stream's time is over: the client goes on anew
    if (!begun_ && !quiet) return gateway_.Refuse(*exchange_, end);
    Begin();
    if (!quiet) {
      const std::string body = ErrorBody(end, HttpCodeOf(end.code()));
      exchange_->responder->Write(
          server_sent_events_ ? absl::StrCat("event: error\ndata: ", body, "\n\n") : body + "\n",
          [](bool) {});
    }
    exchange_->responder->End();
    gateway_.Log(*exchange_, 200, quiet ? "" : status::ReasonOf(end));
  }

 private:
  void Begin() {
    if (std::exchange(begun_, true)) return;
    if (server_sent_events_) {
      exchange_->responder->StartStream("text/event-stream", ": still here\n\n");
    } else {
      exchange_->responder->StartStream("application/x-ndjson", "");
    }
  }

  static std::string Event(const Message& message, const std::string& json) {
    std::string event;
    const FieldDescriptor* position = Int64Field(message, "next_position");
    const FieldDescriptor* epoch = Int64Field(message, "epoch");
    if (position != nullptr && epoch != nullptr) {
      absl::StrAppend(&event, "id: ", message.GetReflection()->GetInt64(message, epoch), "-",
                      message.GetReflection()->GetInt64(message, position), "\n");
    }
    absl::StrAppend(&event, "data: ", json, "\n\n");
    return event;
  }

  Impl& gateway_;
  const ExchangePtr exchange_;
  const bool server_sent_events_;
  bool begun_ = false;
  bool broken_ = false;
};

absl::Status Gateway::Impl::Open() {
  std::vector<std::string> services;
  for (const auto& [service, channel] : options_.backends) services.push_back(service);
  const auto linked = LinkedServices(services);
  ASSIGN_OR_RETURN(router_, Router::Compile(linked));
  openapi_ = OpenApi(*router_);
  ASSIGN_OR_RETURN(
      listener_,
      HttpListener::Open(options_.http_address, options_.limits, options_.threads,
                         [this](HttpRequest request, std::shared_ptr<Responder> responder) {
                           Handle(std::move(request), std::move(responder));
                         }));
  return options_.grpc_address.empty() ? absl::OkStatus() : OpenGrpc(linked);
}

absl::Status Gateway::Impl::OpenGrpc(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  rpc::Server::Options server;
  server.service = "gateway";
  for (const auto* service : services) server.told.push_back(service->full_name());
  server.address = options_.grpc_address;
  // Debian's gRPC can be hurt by strangers: without client certificates it stays on the machine.
  server.tls = options_.grpc_tls;
  server.generic = &proxy_;
  server.drain_finish = options_.limits.drain_timeout;
  ASSIGN_OR_RETURN(grpc_server_, rpc::Server::Start(std::move(server)));
  return absl::OkStatus();
}

void Gateway::Impl::Stop() {
  if (listener_ == nullptr || stopping_.exchange(true)) return;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& weak : running_streams_) {
      if (const auto call = weak.lock()) call->Cancel();
    }
  }
  listener_->Stop();
  if (grpc_server_ != nullptr) grpc_server_->Drain();
  // What hung up is cancelled by now; its end still has to come back before anything here goes
  // away.
  for (Admission* admission : {&calls_, &streams_}) {
    while (!admission->AwaitEmpty(absl::Milliseconds(50))) listener_->Flush();
  }
}

void Gateway::Impl::Handle(HttpRequest request, std::shared_ptr<Responder> responder) {
  auto exchange = std::make_shared<Exchange>();
  exchange->responder = std::move(responder);
  exchange->begin = time::SystemClock().Now();
  exchange->record.peer = request.peer;
  exchange->record.http_method = request.head.method;
  if (const absl::Status status = Dispatch(request, exchange); !status.ok()) {
    Refuse(*exchange, status);
  }
}

absl::Status Gateway::Impl::Dispatch(const HttpRequest& request, const ExchangePtr& exchange) {
  const HttpHead& head = request.head;
  ASSIGN_OR_RETURN(const Target target, ParseTarget(head.target));
  if (IsPage(target)) {
    if (head.method != "GET") return errors::MethodNotAllowed(head.method, "GET");
    Answer(*exchange, Page(target), "");
    return absl::OkStatus();
  }
  const Router::Match match = router_->Find(head.method, target);
  if (match.route == nullptr) {
    return match.allowed.empty() ? errors::RouteNotFound()
                                 : errors::MethodNotAllowed(head.method, match.allowed);
  }
  const Route& route = *match.route;
  exchange->route = &route;
  exchange->record.grpc_method = route.grpc_method;
  const absl::string_view authorization = head.Header("authorization");
  RETURN_IF_ERROR(CheckAuthorization(authorization, options_.limits.token_bytes));
  // By the token's hash: tokens are not kept.
  const std::string client = absl::StrCat(absl::HashOf(authorization));
  if (const absl::Duration wait = rate_.Take(client, exchange->begin);
      wait > absl::ZeroDuration()) {
    return errors::RateLimited(wait);
  }
  if (stopping_) return rpc::errors::Draining();
  exchange->place = (route.streams() ? streams_ : calls_).Enter();
  if (exchange->place == nullptr) return rpc::errors::Overloaded();

  CallContext call;
  call.authorization = std::string(authorization);
  call.traceparent = TraceParent(head.Header("traceparent"));
  const Limits& limits = options_.limits;
  ASSIGN_OR_RETURN(call.timeout,
                   route.streams() ? TimeoutOf(head, limits.max_stream, limits.max_stream)
                                   : TimeoutOf(head, limits.default_deadline, limits.max_deadline));
  if (call.timeout > 2 * limits.deadline_margin) call.timeout -= limits.deadline_margin;

  Arena arena;
  Message& message = *route.request_prototype->New(&arena);
  RETURN_IF_ERROR(BuildRequest(match, target, request, limits, message));
  exchange->write.defaults = !HasReadMask(message);
  if (!route.streams()) {
    CallUnary(call, message, exchange);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(Resume(head.Header("last-event-id"), message));
  CallStream(call, message, absl::StrContains(head.Header("accept"), "text/event-stream"),
             exchange);
  return absl::OkStatus();
}

void Gateway::Impl::CallUnary(const CallContext& call, const Message& request,
                              const ExchangePtr& exchange) {
  const auto running = backends_.CallUnary(
      *exchange->route, call, request,
      [this, exchange](absl::Status status, const grpc::ByteBuffer& bytes,
                       const Backends::Metadata& trailer) {
        if (!status.ok()) return Refuse(*exchange, status);
        Arena arena;
        Message& response = *exchange->route->response_prototype->New(&arena);
        if (!ParseBytes(bytes, &response)) {
          return Refuse(*exchange, errors::BackendAnswer(exchange->route->service));
        }
        HttpAnswer answer;
        json::AppendJson(response, exchange->write, &answer.body);
        if (trailer.find("x-idempotent-replay") != trailer.end()) {
          answer.headers.emplace_back("X-Idempotent-Replay", "true");
        }
        Answer(*exchange, std::move(answer), "");
      });
  CancelWhenGone(exchange, running);
}

void Gateway::Impl::CallStream(const CallContext& call, const Message& request,
                               bool server_sent_events, const ExchangePtr& exchange) {
  const auto running =
      backends_.CallStream(*exchange->route, call, request,
                           std::make_shared<HttpStream>(*this, exchange, server_sent_events));
  {
    std::lock_guard<std::mutex> lock(mutex_);
    running_streams_.erase(std::remove_if(running_streams_.begin(), running_streams_.end(),
                                          [](const auto& weak) { return weak.expired(); }),
                           running_streams_.end());
    running_streams_.push_back(running);
  }
  if (stopping_) running->Cancel();
  CancelWhenGone(exchange, running);
}

void Gateway::Impl::CancelWhenGone(const ExchangePtr& exchange,
                                   const std::shared_ptr<RunningCall>& call) {
  exchange->responder->OnGone(
      [call = std::weak_ptr<RunningCall>(call), exchange = std::weak_ptr<Exchange>(exchange)] {
        if (const auto live = exchange.lock()) live->gone = true;
        if (const auto running = call.lock()) running->Cancel();
      });
}

bool Gateway::Impl::IsPage(const Target& target) {
  return target.verb.empty() && (target.segments.empty() || (target.segments.size() == 1 &&
                                                             target.segments[0] == "openapi.json"));
}

HttpAnswer Gateway::Impl::Page(const Target& target) const {
  HttpAnswer answer;
  if (!target.segments.empty()) {
    answer.body = openapi_;
    return answer;
  }
  answer.content_type = "text/html; charset=utf-8";
  answer.headers.emplace_back("Content-Security-Policy",
                              "default-src 'none'; style-src 'unsafe-inline'; "
                              "frame-ancestors 'none'");
  answer.body = IndexPage(*router_);
  return answer;
}

void Gateway::Impl::Answer(Exchange& exchange, HttpAnswer answer, absl::string_view reason) {
  Log(exchange, answer.code, reason);  // first: who has the answer finds its line
  exchange.responder->Send(std::move(answer));
}

void Gateway::Impl::Refuse(Exchange& exchange, const absl::Status& status) {
  Answer(exchange, ErrorAnswer(status), status::ReasonOf(status));
}

void Gateway::Impl::Log(Exchange& exchange, int code, absl::string_view reason) {
  exchange.place.reset();
  if (!options_.on_access) return;
  exchange.record.http_code = exchange.gone ? 499 : code;
  exchange.record.reason = std::string(reason);
  exchange.record.duration = time::SystemClock().Now() - exchange.begin;
  options_.on_access(exchange.record);
}

Gateway::Gateway(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gateway::~Gateway() { Stop(); }

absl::StatusOr<std::unique_ptr<Gateway>> Gateway::Open(Options options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  RETURN_IF_ERROR(impl->Open());
  return std::unique_ptr<Gateway>(new Gateway(std::move(impl)));
}

void Gateway::Start() { impl_->Start(); }
void Gateway::Stop() { impl_->Stop(); }
absl::Status Gateway::Ready() const { return impl_->Ready(); }
absl::Status Gateway::Live() const { return impl_->Live(); }
int Gateway::http_port() const { return impl_->http_port(); }
int Gateway::grpc_port() const { return impl_->grpc_port(); }

}  // namespace nscl::gateway
