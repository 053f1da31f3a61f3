// Registry and budgeting as tests need them: the generated interfaces over a few facts and a small
// ledger, with the faults that the real ones cannot be asked for (an answer that is lost, a slow
// peer, a dead one). The ledger is idempotent on the request id, as budgeting is, and counts what
// was asked of it.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "nscl/budgeting/v1/event_service.grpc.pb.h"
#include "nscl/budgeting/v1/ledger_service.grpc.pb.h"
#include "nscl/budgeting/v1/plan_service.grpc.pb.h"
#include "nscl/registry/v1/enterprise_service.grpc.pb.h"

namespace nscl::casework {

class ScriptedPeers final : public registry::v1::EnterpriseService::Service {
 public:
  // Every enterprise is ACTIVE and SMALL but those named; line "L1" of every plan is known and
  // issued for 2020 to 2030 but of those named.
  std::set<std::string> unknown_enterprises, suspended_enterprises, unsized_enterprises,
      draft_plans;
  // Facts are refused with UNAVAILABLE.
  bool facts_down = false;

  // What the ledger still has to give.
  int64_t available_vnd = 1'000'000'000'000;
  // Answers of the ledger that get lost: UNAVAILABLE after (or, with `before`, without) carrying
  // out.
  int lose_answers = 0;
  bool before = false;
  // Calls of the ledger for these owners or subjects wait until they are taken out (Unblock).
  std::set<std::string> blocked;
  // Refuses every commitment, and every release of one.
  std::string refuse_commits, refuse_commitment_releases;

  ScriptedPeers();
  ~ScriptedPeers() override;

  // A server of it on a unix socket of the folder.
  void Serve(const std::string& folder);
  void StopServing();
  rpc::Peer peer() const;

  void Set(const std::function<void()>& change);  // under the lock
  void Block(const std::string& what);
  void Unblock();

  // Ledger calls made in all, and by request id.
  int calls();
  std::map<std::string, int> calls_by_id();
  int live_reservations();
  int commitments();

  // Events of budgeting's feed.
  void AddPayment(const std::string& owner, int64_t amount_vnd, bool final, bool last);
  void AddExpiry(const std::string& owner, const std::string& reservation);

 private:
  struct Ledger;
  struct Plans;
  struct Events;

  grpc::Status GetEnterprise(grpc::ServerContext*,
                             const registry::v1::GetEnterpriseRequest* request,
                             registry::v1::Enterprise* response) override;
  grpc::Status GetSizeClass(grpc::ServerContext*, const registry::v1::GetSizeClassRequest* request,
                            registry::v1::SizeClass* response) override;

  struct Kept {
    absl::Status status;
    std::string response;
  };
  // Carries out a ledger call once per request id, with the faults asked for.
  template <typename Response>
  grpc::Status Once(const std::string& request_id, const std::string& about, Response* response,
                    const std::function<absl::Status(Response*)>& carry_out);
  void AddEvent(budgeting::v1::Event event, const std::string& type);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Kept> answers_;
  std::map<std::string, int> calls_;
  std::map<std::string, int64_t> reservations_;  // live ones
  int last_reservation_ = 0, last_commitment_ = 0;
  std::vector<budgeting::v1::Event> events_;
  bool stopping_ = false;
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Plans> plans_;
  std::unique_ptr<Events> event_service_;
  std::unique_ptr<grpc::Server> server_;
  std::string target_;
};

}  // namespace nscl::casework
