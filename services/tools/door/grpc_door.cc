#include "services/tools/door/grpc_door.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <future>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::tools {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// A stream is ended by the user, or by the server.
constexpr absl::Duration kStreamTimeout = absl::Hours(1);
constexpr char kUnreachable[] = "UNREACHABLE";

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

grpc::ByteBuffer ToBytes(const Message& message) {
  grpc::ByteBuffer bytes;
  bool own;
  grpc::SerializationTraits<Message>::Serialize(message, &bytes, &own);
  return bytes;
}

absl::Status Parse(grpc::ByteBuffer& bytes, Message* message) {
  if (grpc::SerializationTraits<Message>::Deserialize(&bytes, message).ok()) {
    return absl::OkStatus();
  }
  return absl::DataLossError("the answer cannot be read");
}

// What to look at, in both languages.
struct Hint {
  const char* en;
  const char* vi;
};

// gRPC names a connection's fault in its message only; the words are those of 1.51 and OpenSSL 3.
Hint HintFor(absl::string_view fault, bool tls) {
  const auto says = [&](const char* words) { return absl::StrContains(fault, words); };
  if (says("Connection refused") || says("No such file") || says("DNS resolution") ||
      says("Name or service not known") || says("No route") || says("unreachable")) {
    return {"is it running, and is the address right?",
            "hệ thống có đang chạy và địa chỉ có đúng không?"};
  }
  if (says("http1.x")) {
    return {"it speaks HTTP/1.1: JSON has that port, gRPC another",
            "đây là cổng HTTP/1.1 (JSON), không phải cổng gRPC"};
  }
  if (tls && says("certificate verify failed")) {
    return {"its certificate is not of the authority in --tls-ca",
            "chứng thư của máy chủ không do cơ quan trong --tls-ca cấp"};
  }
  if (tls && (says("Hostname Verification") || says("Peer name"))) {
    return {"its certificate is for another name than the address",
            "chứng thư của máy chủ cấp cho tên khác với địa chỉ"};
  }
  if (tls && says("wrong version number")) {
    return {"it speaks no TLS: leave the --tls flags out",
            "máy chủ không dùng TLS: hãy bỏ các tham số --tls"};
  }
  if (tls) {
    return {"it may speak no TLS, or not take this certificate",
            "máy chủ có thể không dùng TLS hoặc không nhận chứng thư này"};
  }
  return {"it may ask for TLS (--tls-key, --tls-cert, --tls-ca), or be no gRPC port",
          "máy chủ có thể yêu cầu TLS (--tls-key, --tls-cert, --tls-ca) hoặc không phải cổng gRPC"};
}

absl::Status Unreachable(const std::string& target, bool tls, absl::string_view fault) {
  const Hint hint = HintFor(fault, tls);
  return status::Error(absl::StatusCode::kUnavailable, kUnreachable)
      .Meta("target", target)
      .En("no answer from ", target, tls ? " over TLS" : " in plain text", ": ", hint.en, " (",
          fault, ")")
      .Vi("không có trả lời từ ", target, ": ", hint.vi);
}

// Reads a stream message by message, for a caller that waits. The promises are shared with the
// callbacks that keep them: the waiting thread goes on, and away, before set_value has returned.
class Reader : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  void Begin(grpc::ByteBuffer request) {
    request_ = std::move(request);
    StartWriteLast(&request_, grpc::WriteOptions());
    AddHold();
    StartCall();
  }
  // False at the end.
  bool Read(grpc::ByteBuffer& bytes) {
    read_ = std::make_shared<std::promise<bool>>();
    std::future<bool> done = read_->get_future();
    StartRead(&bytes);
    return done.get();
  }
  grpc::Status Finish() {
    std::future<grpc::Status> ended = ended_->get_future();
    RemoveHold();
    return ended.get();
  }
  void OnReadDone(bool ok) override {
    const auto read = read_;
    read->set_value(ok);
  }
  void OnDone(const grpc::Status& status) override {
    const auto ended = ended_;
    ended->set_value(status);
  }

 private:
  grpc::ByteBuffer request_;
  std::shared_ptr<std::promise<bool>> read_;
  const std::shared_ptr<std::promise<grpc::Status>> ended_ =
      std::make_shared<std::promise<grpc::Status>>();
};

}  // namespace

bool IsUnreachable(const absl::Status& status) {
  const std::string reason = status::ReasonOf(status);
  return absl::IsDeadlineExceeded(status) ||
         (absl::IsUnavailable(status) &&
          (reason == kUnreachable || reason == "BACKEND_UNAVAILABLE"));
}

absl::StatusOr<std::unique_ptr<GrpcDoor>> GrpcDoor::Open(const rpc::ChannelOptions& options,
                                                         absl::string_view token,
                                                         absl::Duration timeout) {
  ASSIGN_OR_RETURN(auto channel, rpc::MakeChannel(options));
  return std::unique_ptr<GrpcDoor>(new GrpcDoor(options, std::move(channel), token, timeout));
}

void GrpcDoor::Prepare(grpc::ClientContext& context, absl::Duration timeout) const {
  if (!token_.empty()) rpc::SetBearer(&context, token_);
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
}

absl::Status GrpcDoor::StatusOf(const grpc::Status& status) const {
  // Without details it is gRPC's own, about the connection.
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty()) {
    return Unreachable(target_, tls_, status.error_message());
  }
  return rpc::FromGrpcStatus(status);
}

absl::Status GrpcDoor::Call(absl::string_view method, const Message& request, Message* response) {
  const MethodDescriptor* descriptor =
      DescriptorPool::generated_pool()->FindMethodByName(std::string(method));
  if (descriptor == nullptr) return absl::UnimplementedError(absl::StrCat("no method ", method));
  grpc::ClientContext context;
  Prepare(context, timeout_);
  const grpc::ByteBuffer request_bytes = ToBytes(request);
  grpc::ByteBuffer response_bytes;
  const auto answered = std::make_shared<std::promise<grpc::Status>>();
  std::future<grpc::Status> answer = answered->get_future();
  stub_.UnaryCall(&context, PathOf(*descriptor), {}, &request_bytes, &response_bytes,
                  [answered](grpc::Status status) { answered->set_value(std::move(status)); });
  const grpc::Status status = answer.get();
  if (!status.ok()) return StatusOf(status);
  return Parse(response_bytes, response);
}

absl::Status GrpcDoor::Watch(const MethodDescriptor& method, const Message& request,
                             Message* response, const std::function<bool()>& on_message) {
  grpc::ClientContext context;
  Prepare(context, kStreamTimeout);
  Reader reader;
  stub_.PrepareBidiStreamingCall(&context, PathOf(method), {}, &reader);
  reader.Begin(ToBytes(request));
  grpc::ByteBuffer bytes;
  bool stopped = false;
  absl::Status status;
  while (!stopped && reader.Read(bytes)) {
    status = Parse(bytes, response);
    stopped = !status.ok() || !on_message();
  }
  if (stopped) context.TryCancel();
  const grpc::Status end = reader.Finish();
  if (stopped) return status;
  return end.ok() ? absl::OkStatus() : StatusOf(end);
}

}  // namespace nscl::tools
