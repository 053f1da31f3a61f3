#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"
#include "services/tools/door/door.h"

namespace nscl::tools {
namespace {

using google::protobuf::Message;

constexpr std::chrono::seconds kTimeout{30};

class GrpcDoor : public Door {
 public:
  GrpcDoor(absl::string_view address, absl::string_view token)
      : token_(absl::StrCat("Bearer ", token)),
        stub_(grpc::CreateChannel(std::string(address), grpc::InsecureChannelCredentials())) {}

  absl::Status Call(absl::string_view method, const Message& request, Message* response) override {
    const google::protobuf::MethodDescriptor* descriptor =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(std::string(method));
    if (descriptor == nullptr) return absl::UnimplementedError(absl::StrCat("no method ", method));
    grpc::ClientContext context;
    context.AddMetadata("authorization", token_);
    context.set_deadline(std::chrono::system_clock::now() + kTimeout);
    grpc::Slice sent(request.SerializeAsString());
    grpc::ByteBuffer request_bytes(&sent, 1), response_bytes;
    std::promise<grpc::Status> answered;
    stub_.UnaryCall(&context,
                    absl::StrCat("/", descriptor->service()->full_name(), "/", descriptor->name()),
                    grpc::StubOptions(), &request_bytes, &response_bytes,
                    [&answered](grpc::Status status) { answered.set_value(std::move(status)); });
    if (grpc::Status status = answered.get_future().get(); !status.ok()) {
      return rpc::FromGrpcStatus(status);
    }
    grpc::Slice received;
    if (!response_bytes.DumpToSingleSlice(&received).ok() ||
        !response->ParseFromArray(received.begin(), static_cast<int>(received.size()))) {
      return absl::DataLossError("unreadable answer");
    }
    return absl::OkStatus();
  }

 private:
  std::string token_;
  grpc::GenericStub stub_;
};

}  // namespace

std::unique_ptr<Door> MakeGrpcDoor(absl::string_view address, absl::string_view bearer_token) {
  return std::make_unique<GrpcDoor>(address, bearer_token);
}

}  // namespace nscl::tools
