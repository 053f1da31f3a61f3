#include "tests/journeys/system.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "services/nscl/all_in_one.h"
#include "tests/journeys/child.h"

namespace nscl::journeys {
namespace {

constexpr char kCatalogue[] = NSCL_SOURCE_DIR "/deploy/catalogue";
constexpr absl::Duration kStartPatience = absl::Seconds(60);

// A folder of its own, short enough for the sockets in it.
std::string NewFolder() {
  std::string folder = absl::StrCat(testing::TempDir(), "/nscl-XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) abort();
  return folder;
}

class OneProcess : public System {
 public:
  static std::unique_ptr<System> Start() {
    auto one = std::make_unique<OneProcess>();
    all_in_one::Options options;
    options.process.data_dir = NewFolder();
    options.process.catalogue = kCatalogue;
    options.process.listen = "127.0.0.1:0";
    options.process.init = true;
    options.http_listen = "127.0.0.1:0";
    auto running = all_in_one::System::Start(options);
    if (!running.ok()) {
      ADD_FAILURE() << running.status();
      return nullptr;
    }
    one->running_ = *std::move(running);
    one->issuer_ = *auth::LocalIssuer::Open(options.process.data_dir + "/issuer");
    return one;
  }

  std::string http_url() const override {
    return absl::StrCat("http://127.0.0.1:", running_->http_port());
  }
  std::string grpc_address() const override {
    return absl::StrCat("127.0.0.1:", running_->grpc_port());
  }

 private:
  std::unique_ptr<all_in_one::System> running_;
};

class FiveProcesses : public System {
 public:
  static std::unique_ptr<System> Start() {
    auto five = std::make_unique<FiveProcesses>();
    five->folder_ = NewFolder();
    five->issuer_ = *auth::LocalIssuer::Open(five->folder_ + "/issuer");
    const std::string registry = five->Flag("registry"), casework = five->Flag("casework"),
                      budgeting = five->Flag("budgeting"), reporting = five->Flag("reporting");
    for (const auto& [service, peers] :
         std::vector<std::pair<std::string, std::vector<std::string>>>{
             {"registry", {}},
             {"budgeting", {casework}},
             {"casework", {registry, budgeting}},
             {"reporting", {registry, casework, budgeting}}}) {
      std::vector<std::string> flags = {absl::StrCat("--data-dir=", five->folder_, "/", service),
                                        absl::StrCat("--catalogue=", kCatalogue),
                                        absl::StrCat("--listen=unix:", five->SocketOf(service)),
                                        "--metrics-listen=127.0.0.1:0",
                                        absl::StrCat("--issuer-dir=", five->folder_, "/issuer"),
                                        "--init"};
      flags.insert(flags.end(), peers.begin(), peers.end());
      if (five->StartChild("nscl-" + service, flags).empty()) return nullptr;
    }
    std::string serving = five->StartChild(
        "nscl-gateway",
        {"--http-listen=127.0.0.1:0", absl::StrCat("--listen=unix:", five->SocketOf("gateway")),
         "--metrics-listen=127.0.0.1:0", registry, casework, budgeting, reporting});
    if (serving.empty()) return nullptr;
    five->http_port_ = nlohmann::json::parse(serving)["http_port"];
    return five;
  }

  std::string http_url() const override { return absl::StrCat("http://127.0.0.1:", http_port_); }
  std::string grpc_address() const override { return absl::StrCat("unix:", SocketOf("gateway")); }

  ~FiveProcesses() override {
    while (!children_.empty()) children_.pop_back();  // the gateway first, then callers
  }

 private:
  std::string SocketOf(const std::string& service) const {
    return absl::StrCat(folder_, "/", service, ".sock");
  }
  std::string Flag(const std::string& service) const {
    return absl::StrCat("--", service, "=unix:", SocketOf(service));
  }

  // The line with which it says that it serves; empty where it does not.
  std::string StartChild(const std::string& program, const std::vector<std::string>& flags) {
    auto child = Child::Start(program, flags);
    if (!child.ok()) {
      ADD_FAILURE() << program << ": " << child.status();
      return "";
    }
    auto line = (*child)->WaitForLine("\"event\":\"serving\"", kStartPatience);
    children_.push_back(*std::move(child));
    if (!line.ok()) ADD_FAILURE() << program << ": " << line.status();
    return line.value_or("");
  }

  std::string folder_;
  std::vector<std::unique_ptr<Child>> children_;
  int http_port_ = 0;
};

}  // namespace

std::string System::Token(const std::vector<std::string>& roles,
                          const std::vector<std::string>& provinces) const {
  auth::TokenRequest request;
  request.subject = "journey";
  request.roles = roles;
  request.provinces = provinces;
  return *issuer_->Mint(request);
}

std::string System::OfficerToken() const {
  return Token(
      {"dost_leader", "dost_officer", "enterprise_clerk", "finance_officer", "partner_system"},
      {"48", "58"});
}

std::string System::ReconcilerToken() const { return Token({"reconciler"}, {"*"}); }

std::string System::ServiceToken(const std::string& service) const {
  return *issuer_->MintForService(service);
}

std::unique_ptr<System> StartInOneProcess() { return OneProcess::Start(); }
std::unique_ptr<System> StartFiveProcesses() { return FiveProcesses::Start(); }

}  // namespace nscl::journeys
