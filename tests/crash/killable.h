// The running system as a child that can be killed and started again over the same folder.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "tests/journeys/child.h"
#include "tests/journeys/system.h"

namespace nscl::crash {

struct Disk {
  bool sync = true;   // false: the control, whose stores do not sync
  bool lazy = false;  // what is not synced dies with the process
};

// `nscl` on a folder, as a child that can be killed and started again.
class Killable final : public journeys::System {
 public:
  explicit Killable(Disk disk) : disk_(disk) {
    folder_ = absl::StrCat(::testing::TempDir(), "/nscl-crash-XXXXXX");
    if (mkdtemp(folder_.data()) == nullptr) abort();
    issuer_ = *auth::LocalIssuer::Open(folder_ + "/issuer");
  }
  ~Killable() override {
    child_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // Returns when it serves.
  absl::Status Start() {
    const absl::Time begin = absl::Now();
    RETURN_IF_ERROR(Spawn());
    ASSIGN_OR_RETURN(std::string line,
                     child_->WaitForLine("\"event\":\"serving\"", absl::Seconds(60)));
    grpc_port_ = nlohmann::json::parse(line)["grpc_port"];
    start_time_ = absl::Now() - begin;
    return absl::OkStatus();
  }

  // Returns while it is still starting.
  absl::Status Spawn() {
    std::vector<std::string> variables;
    if (disk_.lazy) {
      // The library is not instrumented, and comes before the sanitizer's.
      variables = {absl::StrCat("NSCL_LAZY_DIR=", folder_), absl::StrCat("LD_PRELOAD=", LAZY_DISK),
                   "ASAN_OPTIONS=verify_asan_link_order=0"};
    }
    std::vector<std::string> flags = {
        absl::StrCat("--data-dir=", folder_), absl::StrCat("--catalogue=", catalogue_),
        "--listen=127.0.0.1:0", "--http-listen=127.0.0.1:0", "--metrics-listen=127.0.0.1:0"};
    if (!started_) flags.push_back("--init");  // later a missing store is a loss
    started_ = true;
    ASSIGN_OR_RETURN(child_, disk_.sync ? journeys::Child::Start("nscl", flags, variables)
                                        : journeys::Child::Start("unsynced_nscl",
                                                                 {folder_, catalogue_}, variables));
    return absl::OkStatus();
  }

  // Returns how it ended: -SIGKILL, or what it came to by itself before.
  int Kill() {
    child_->Signal(SIGKILL);
    return child_->Wait();
  }

  std::string http_url() const override { return ""; }
  std::string grpc_address() const override { return absl::StrCat("127.0.0.1:", grpc_port_); }
  absl::Duration start_time() const { return start_time_; }

  std::unique_ptr<tools::Door> DoorOf(const std::string& caller) const {
    return GrpcDoor(caller == "officer" ? OfficerToken() : ServiceToken(caller));
  }

 private:
  const Disk disk_;
  const std::string catalogue_ = NSCL_SOURCE_DIR "/deploy/catalogue";
  std::string folder_;
  bool started_ = false;
  std::unique_ptr<journeys::Child> child_;
  int grpc_port_ = 0;
  absl::Duration start_time_;
};

}  // namespace nscl::crash
