// The two public doors of the system, seen from a client: gRPC (grpc_door.h), and JSON over HTTP.
// The tools, the demonstration and the journey tests speak through this interface, so that both
// doors are held to the same behaviour.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::tools {

class Door {
 public:
  virtual ~Door() = default;

  // Calls a unary method by its full name, "nscl.registry.v1.EnterpriseService.GetEnterprise". An
  // error carries the details that the server gave (common/status/error.h reads them).
  virtual absl::Status Call(absl::string_view method, const google::protobuf::Message& request,
                            google::protobuf::Message* response) = 0;

  template <typename Response>
  absl::StatusOr<Response> Call(absl::string_view method,
                                const google::protobuf::Message& request) {
    Response response;
    absl::Status status = Call(method, request, &response);
    if (!status.ok()) return status;
    return response;
  }
};

// JSON over HTTP ("http://127.0.0.1:8080"). Paths and bodies follow the methods' google.api.http
// rules.
std::unique_ptr<Door> MakeHttpDoor(absl::string_view base_url, absl::string_view bearer_token);

}  // namespace nscl::tools
