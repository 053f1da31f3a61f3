// What casework asks of registry.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/channel.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"
#include "services/casework/clients/calls.h"
#include "services/casework/domain/facts.h"

namespace nscl::casework {

// Thread-safe. Every error is UNAVAILABLE `PEER_UNAVAILABLE`: a fact that could not be asked for.
class RegistryClient {
 public:
  explicit RegistryClient(rpc::Peer peer);

  void FindEnterprise(const std::string& enterprise,
                      std::function<void(absl::StatusOr<domain::EnterpriseFacts>)> done);
  // The size class of a year. Not known: no such enterprise or year profile, or no rule for the
  // year.
  void FindSize(const std::string& enterprise, int year,
                std::function<void(absl::StatusOr<domain::SizeFacts>)> done);

  // Ends what is under way; nothing is asked after it.
  void Stop() { calls_.CancelAndWait(); }

 private:
  rpc::Peer peer_;
  std::unique_ptr<registry::v1::EnterpriseService::Stub> stub_;
  Calls calls_;
};

}  // namespace nscl::casework
