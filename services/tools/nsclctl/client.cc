#include "services/tools/nsclctl/client.h"

#include <google/protobuf/descriptor_database.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <random>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::nsclctl {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// A stream is ended by the user, or by the server.
constexpr absl::Duration kStreamTimeout = absl::Hours(1);

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

grpc::ByteBuffer ToBytes(const Message& message) {
  grpc::ByteBuffer bytes;
  bool own;
  grpc::SerializationTraits<Message>::Serialize(message, &bytes, &own);
  return bytes;
}

absl::Status Parse(grpc::ByteBuffer& bytes, Message& message) {
  if (grpc::SerializationTraits<Message>::Deserialize(&bytes, &message).ok()) {
    return absl::OkStatus();
  }
  return absl::InternalError("the answer cannot be read");
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
         (absl::IsUnavailable(status) && (reason.empty() || reason == "BACKEND_UNAVAILABLE"));
}

absl::StatusOr<std::unique_ptr<Client>> Client::Dial(const rpc::ChannelOptions& options,
                                                     std::string token, absl::Duration timeout) {
  ASSIGN_OR_RETURN(auto channel, rpc::MakeChannel(options));
  return std::unique_ptr<Client>(new Client(std::move(channel), std::move(token), timeout));
}

void Client::Prepare(grpc::ClientContext& context, absl::Duration timeout) const {
  if (!token_.empty()) rpc::SetBearer(&context, token_);
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
}

absl::Status Client::Call(const MethodDescriptor& method, const Message& request,
                          Message& response) {
  grpc::ClientContext context;
  Prepare(context, timeout_);
  const grpc::ByteBuffer request_bytes = ToBytes(request);
  grpc::ByteBuffer response_bytes;
  const auto answered = std::make_shared<std::promise<grpc::Status>>();
  std::future<grpc::Status> answer = answered->get_future();
  stub_.UnaryCall(&context, PathOf(method), {}, &request_bytes, &response_bytes,
                  [answered](grpc::Status status) { answered->set_value(std::move(status)); });
  const grpc::Status status = answer.get();
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  return Parse(response_bytes, response);
}

absl::Status Client::Call(absl::string_view full_method_name, const Message& request,
                          Message& response) {
  ASSIGN_OR_RETURN(const MethodDescriptor* method, FindMethod(full_method_name));
  return Call(*method, request, response);
}

absl::Status Client::Watch(const MethodDescriptor& method, const Message& request,
                           Message& response, const std::function<bool()>& on_message) {
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
  return stopped ? status : rpc::FromGrpcStatus(end);
}

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::vector<const MethodDescriptor*> methods;
  for (const std::string& name : files) {
    if (!absl::StartsWith(name, "nscl/")) continue;
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int s = 0; file != nullptr && s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  std::sort(methods.begin(), methods.end(),
            [](const auto* a, const auto* b) { return a->full_name() < b->full_name(); });
  return methods;
}

absl::StatusOr<const MethodDescriptor*> FindMethod(absl::string_view name) {
  std::vector<const MethodDescriptor*> found;
  for (const MethodDescriptor* method : AllMethods()) {
    // "budgeting.EventService.ListEvents" leaves out "nscl." and the version.
    const std::string plain = absl::StrReplaceAll(method->full_name(), {{".v1.", "."}});
    if (method->full_name() == name) return method;
    if (absl::EndsWith(method->full_name(), absl::StrCat(".", name)) ||
        absl::EndsWith(plain, absl::StrCat(".", name))) {
      found.push_back(method);
    }
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no method ", name, "; `nsclctl methods` lists them"));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name, " may be any of: ",
                   absl::StrJoin(found, ", ", [](std::string* out, const MethodDescriptor* method) {
                     absl::StrAppend(out, method->full_name());
                   })));
}

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor& type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::string NewUuid() {
  std::random_device random;
  uint32_t words[4];
  for (uint32_t& word : words) word = random();
  words[1] = (words[1] & 0xFFFF0FFF) | 0x4000;      // version 4
  words[2] = (words[2] & 0x3FFFFFFF) | 0x80000000;  // RFC 4122 variant
  return absl::StrFormat("%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16,
                         words[1] & 0xFFFF, words[2] >> 16, words[2] & 0xFFFF, words[3]);
}

void FillRequestId(Message& request, const std::string& given) {
  const FieldDescriptor* field = request.GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) return;
  if (!request.GetReflection()->GetString(request, field).empty()) return;
  request.GetReflection()->SetString(&request, field, given.empty() ? NewUuid() : given);
}

}  // namespace nscl::nsclctl
