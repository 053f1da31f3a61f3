// A running system for a test: all services in this process, or each in its own. Everything lives
// in a temporary folder and on ports that the kernel chose.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/auth/issuer.h"
#include "services/tools/door/grpc_door.h"

namespace nscl::journeys {

class System {
 public:
  virtual ~System() = default;

  virtual std::string http_url() const = 0;      // "http://127.0.0.1:41234"
  virtual std::string grpc_address() const = 0;  // "127.0.0.1:41235"

  // A bearer token of the system's own issuer.
  std::string Token(const std::vector<std::string>& roles,
                    const std::vector<std::string>& provinces) const;
  // Whoever plays every office of Đà Nẵng and Ninh Thuận in the scenario.
  std::string OfficerToken() const;
  // What nscl-reconcile runs with: reads everything everywhere.
  std::string ReconcilerToken() const;
  // A service, as budgeting knows casework.
  std::string ServiceToken(const std::string& service) const;

  std::unique_ptr<tools::Door> HttpDoor(const std::string& token) const {
    return tools::MakeHttpDoor(http_url(), token);
  }
  std::unique_ptr<tools::Door> GrpcDoor(const std::string& token) const {
    return *tools::GrpcDoor::Open({grpc_address(), {}}, token);
  }

 protected:
  std::unique_ptr<auth::LocalIssuer> issuer_;
};

// All five services in this process, over unix sockets, as `nscl` runs them.
std::unique_ptr<System> StartInOneProcess();

// The five binaries, each a process of its own. They end with the System.
std::unique_ptr<System> StartFiveProcesses();

}  // namespace nscl::journeys
