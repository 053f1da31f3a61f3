// The gRPC door: the gateway's, or one service's own.
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "services/tools/door/door.h"

namespace nscl::tools {

class GrpcDoor : public Door {
 public:
  static constexpr absl::Duration kTimeout = absl::Seconds(30);

  // `token` may be empty, where the server must say so; `timeout` is that of a unary call.
  // INVALID_ARGUMENT without TLS files for a target that is neither loopback nor a unix socket; the
  // connection is made by the first call.
  static absl::StatusOr<std::unique_ptr<GrpcDoor>> Open(const rpc::ChannelOptions& options,
                                                        absl::string_view token,
                                                        absl::Duration timeout = kTimeout);

  using Door::Call;
  absl::Status Call(absl::string_view method, const google::protobuf::Message& request,
                    google::protobuf::Message* response) override;

  // A server-streaming call; `on_message` returns false to end it.
  absl::Status Watch(const google::protobuf::MethodDescriptor& method,
                     const google::protobuf::Message& request, google::protobuf::Message* response,
                     const std::function<bool()>& on_message);

 private:
  GrpcDoor(const rpc::ChannelOptions& options, std::shared_ptr<grpc::Channel> channel,
           absl::string_view token, absl::Duration timeout)
      : target_(options.target),
        tls_(options.tls.has_value()),
        token_(token),
        timeout_(timeout),
        stub_(std::move(channel)) {}

  void Prepare(grpc::ClientContext& context, absl::Duration timeout) const;
  absl::Status StatusOf(const grpc::Status& status) const;

  const std::string target_;
  const bool tls_;
  const std::string token_;
  const absl::Duration timeout_;
  grpc::GenericStub stub_;
};

// The service could not be reached or did not answer in time: such a status says nothing about the
// request.
bool IsUnreachable(const absl::Status& status);

}  // namespace nscl::tools
