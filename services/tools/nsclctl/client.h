// Calls by method name, over gRPC to the gateway or to one service.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/generic/generic_stub.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"

namespace nscl::nsclctl {

// The service could not be reached or did not answer in time, as a payload of the status: such a
// status says nothing about the request.
bool IsUnreachable(const absl::Status& status);

class Client {
 public:
  // `token` may be empty, where the server must say so.
  static absl::StatusOr<std::unique_ptr<Client>> Dial(const rpc::ChannelOptions& options,
                                                      std::string token, absl::Duration timeout);

  // A unary call.
  absl::Status Call(const google::protobuf::MethodDescriptor& method,
                    const google::protobuf::Message& request, google::protobuf::Message& response);
  absl::Status Call(absl::string_view full_method_name, const google::protobuf::Message& request,
                    google::protobuf::Message& response);

  // A server-streaming call; `on_message` returns false to end it.
  absl::Status Watch(const google::protobuf::MethodDescriptor& method,
                     const google::protobuf::Message& request, google::protobuf::Message& response,
                     const std::function<bool()>& on_message);

 private:
  Client(std::shared_ptr<grpc::Channel> channel, std::string token, absl::Duration timeout)
      : stub_(std::move(channel)), token_(std::move(token)), timeout_(timeout) {}

  void Prepare(grpc::ClientContext& context, absl::Duration timeout) const;

  grpc::GenericStub stub_;
  const std::string token_;
  const absl::Duration timeout_;
};

// A method by its full name, or by any end of it that only one method has: "GetPlan",
// "budgeting.EventService.ListEvents". The error lists the candidates.
absl::StatusOr<const google::protobuf::MethodDescriptor*> FindMethod(absl::string_view name);

// All methods of the services, in order of name.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

// A new message of a linked type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor& type);

// A random UUID, for `request_id`.
std::string NewUuid();

// Puts a random `request_id` into a request that needs one and has none.
void FillRequestId(google::protobuf::Message& request, const std::string& given = "");

}  // namespace nscl::nsclctl
