#include "services/casework/testing/scripted_peers.h"

#include <chrono>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/resource/name.h"

namespace nscl::casework {

namespace bd = nscl::budgeting::v1;
namespace ev = nscl::event::v1;

struct ScriptedPeers::Ledger final : bd::LedgerService::Service {
  explicit Ledger(ScriptedPeers& peers) : p(peers) {}

  grpc::Status CreateReservation(grpc::ServerContext*, const bd::CreateReservationRequest* request,
                                 bd::Reservation* response) override {
    const bd::Reservation& asked = request->reservation();
    return p.Once<bd::Reservation>(
        request->request_id(), asked.owner(), response, [&](bd::Reservation* made) -> absl::Status {
          if (asked.amount_vnd() > p.available_vnd) {
            return status::Error(absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_BUDGET")
                .Meta("available_vnd", p.available_vnd)
                .Meta("asked_vnd", asked.amount_vnd())
                .En("not enough")
                .Vi("không đủ");
          }
          p.available_vnd -= asked.amount_vnd();
          *made = asked;
          made->set_name(absl::StrCat("provinces/", resource::ProvinceOf(asked.owner()),
                                      "/reservations/r", ++p.last_reservation_));
          p.reservations_[made->name()] = asked.amount_vnd();
          return absl::OkStatus();
        });
  }

  grpc::Status CommitReservation(grpc::ServerContext*, const bd::CommitReservationRequest* request,
                                 bd::Commitment* response) override {
    return p.Once<bd::Commitment>(
        request->request_id(), request->name(), response,
        [&](bd::Commitment* made) -> absl::Status {
          if (!p.refuse_commits.empty()) {
            return status::Error(absl::StatusCode::kFailedPrecondition, p.refuse_commits);
          }
          auto held = p.reservations_.find(request->name());
          if (held == p.reservations_.end()) {
            return status::Error(absl::StatusCode::kFailedPrecondition, "RESERVATION_STATE");
          }
          p.available_vnd += held->second - request->amount_vnd();
          p.reservations_.erase(held);
          made->set_name(absl::StrCat("provinces/", resource::ProvinceOf(request->name()),
                                      "/commitments/k", ++p.last_commitment_));
          return absl::OkStatus();
        });
  }

  grpc::Status ReleaseReservation(grpc::ServerContext*,
                                  const bd::ReleaseReservationRequest* request,
                                  bd::Reservation* response) override {
    return p.Once<bd::Reservation>(request->request_id(), request->name(), response,
                                   [&](bd::Reservation* released) -> absl::Status {
                                     auto held = p.reservations_.find(request->name());
                                     if (held == p.reservations_.end()) {
                                       return status::Error(absl::StatusCode::kFailedPrecondition,
                                                            "RESERVATION_STATE");
                                     }
                                     p.available_vnd += held->second;
                                     p.reservations_.erase(held);
                                     released->set_name(request->name());
                                     return absl::OkStatus();
                                   });
  }

  grpc::Status ReleaseCommitment(grpc::ServerContext*, const bd::ReleaseCommitmentRequest* request,
                                 bd::Commitment* response) override {
    return p.Once<bd::Commitment>(request->request_id(), request->name(), response,
                                  [&](bd::Commitment* released) -> absl::Status {
                                    if (!p.refuse_commitment_releases.empty()) {
                                      return status::Error(absl::StatusCode::kFailedPrecondition,
                                                           p.refuse_commitment_releases);
                                    }
                                    released->set_name(request->name());
                                    return absl::OkStatus();
                                  });
  }

  ScriptedPeers& p;
};

struct ScriptedPeers::Plans final : bd::PlanService::Service {
  explicit Plans(ScriptedPeers& peers) : p(peers) {}

  grpc::Status GetPlan(grpc::ServerContext*, const bd::GetPlanRequest* request,
                       bd::Plan* response) override {
    std::lock_guard lock(p.mutex_);
    if (p.facts_down) return grpc::Status(grpc::StatusCode::INTERNAL, "down");
    if (absl::EndsWith(request->name(), "/none")) {
      return grpc::Status(grpc::StatusCode::NOT_FOUND, "no plan");
    }
    response->set_name(request->name());
    response->set_state(p.draft_plans.count(request->name()) != 0 ? bd::Plan::STATE_DRAFT
                                                                  : bd::Plan::STATE_ISSUED);
    response->set_first_year(2020);
    response->set_last_year(2030);
    bd::AnnexRow& line = *response->mutable_annex()->add_rows();
    line.set_row_id("L1");
    line.set_level(bd::AnnexRow::LEVEL_LINE);
    bd::AnnexRow& item = *response->mutable_annex()->add_rows();
    item.set_row_id("L1.a");
    item.set_level(bd::AnnexRow::LEVEL_ITEM);
    return grpc::Status::OK;
  }

  ScriptedPeers& p;
};

struct ScriptedPeers::Events final : bd::EventService::Service {
  explicit Events(ScriptedPeers& peers) : p(peers) {}

  grpc::Status ListEvents(grpc::ServerContext*, const ev::ListEventsRequest* request,
                          bd::ListEventsResponse* response) override {
    std::lock_guard lock(p.mutex_);
    int64_t position = request->after_position();
    const auto head = static_cast<int64_t>(p.events_.size());
    while (position < head && response->events_size() < request->page_size()) {
      *response->add_events() = p.events_[position++];
    }
    response->set_next_position(position);
    response->set_head_position(head);
    response->set_epoch(1);
    return grpc::Status::OK;
  }

  grpc::Status WatchEvents(grpc::ServerContext* context, const ev::WatchEventsRequest* request,
                           grpc::ServerWriter<bd::WatchEventsResponse>* writer) override {
    auto position = static_cast<size_t>(request->after_position());
    while (!context->IsCancelled()) {
      bd::WatchEventsResponse response;
      {
        std::unique_lock lock(p.mutex_);
        // The cancellation of a stream wakes nobody here: it is looked for now and then.
        p.changed_.wait_for(lock, std::chrono::milliseconds(20),
                            [&] { return p.stopping_ || p.events_.size() > position; });
        if (p.stopping_) break;
        while (position < p.events_.size()) *response.add_events() = p.events_[position++];
      }
      if (response.events().empty()) continue;
      response.set_next_position(static_cast<int64_t>(position));
      response.set_epoch(1);
      if (!writer->Write(response)) break;
    }
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "ends");
  }

  ScriptedPeers& p;
};

ScriptedPeers::ScriptedPeers()
    : ledger_(std::make_unique<Ledger>(*this)),
      plans_(std::make_unique<Plans>(*this)),
      event_service_(std::make_unique<Events>(*this)) {}

ScriptedPeers::~ScriptedPeers() { StopServing(); }

void ScriptedPeers::Serve(const std::string& folder) {
  target_ = absl::StrCat("unix:", folder, "/peers.sock");
  {
    std::lock_guard lock(mutex_);
    stopping_ = false;
  }
  grpc::ServerBuilder builder;
  builder.AddListeningPort(target_, grpc::InsecureServerCredentials());
  builder.RegisterService(this);
  builder.RegisterService(ledger_.get());
  builder.RegisterService(plans_.get());
  builder.RegisterService(event_service_.get());
  server_ = builder.BuildAndStart();
}

void ScriptedPeers::StopServing() {
  if (server_ == nullptr) return;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    blocked.clear();
  }
  changed_.notify_all();
  server_->Shutdown(std::chrono::system_clock::time_point::min());
  server_->Wait();
  server_.reset();
}

rpc::Peer ScriptedPeers::peer() const {
  absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = rpc::MakeChannel({.target = target_});
  return rpc::Peer{.channel = *channel, .token = nullptr};
}

void ScriptedPeers::Set(const std::function<void()>& change) {
  {
    std::lock_guard lock(mutex_);
    change();
  }
  changed_.notify_all();
}

void ScriptedPeers::Block(const std::string& what) {
  Set([&] { blocked.insert(what); });
}

void ScriptedPeers::Unblock() {
  Set([&] { blocked.clear(); });
}

int ScriptedPeers::calls() {
  std::lock_guard lock(mutex_);
  int all = 0;
  for (const auto& [id, count] : calls_) all += count;
  return all;
}

std::map<std::string, int> ScriptedPeers::calls_by_id() {
  std::lock_guard lock(mutex_);
  return calls_;
}

int ScriptedPeers::live_reservations() {
  std::lock_guard lock(mutex_);
  return static_cast<int>(reservations_.size());
}

int ScriptedPeers::commitments() {
  std::lock_guard lock(mutex_);
  return last_commitment_;
}

grpc::Status ScriptedPeers::GetEnterprise(grpc::ServerContext*,
                                          const registry::v1::GetEnterpriseRequest* request,
                                          registry::v1::Enterprise* response) {
  std::lock_guard lock(mutex_);
  if (facts_down) return grpc::Status(grpc::StatusCode::INTERNAL, "down");
  if (unknown_enterprises.count(request->name()) != 0) {
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "no enterprise");
  }
  response->set_name(request->name());
  response->set_operating_status(suspended_enterprises.count(request->name()) != 0
                                     ? registry::v1::Enterprise::OPERATING_STATUS_SUSPENDED
                                     : registry::v1::Enterprise::OPERATING_STATUS_ACTIVE);
  return grpc::Status::OK;
}

grpc::Status ScriptedPeers::GetSizeClass(grpc::ServerContext*,
                                         const registry::v1::GetSizeClassRequest* request,
                                         registry::v1::SizeClass* response) {
  std::lock_guard lock(mutex_);
  if (facts_down) return grpc::Status(grpc::StatusCode::INTERNAL, "down");
  for (const std::string& enterprise : unsized_enterprises) {
    if (absl::StartsWith(request->name(), enterprise)) {
      return grpc::Status(grpc::StatusCode::NOT_FOUND, "no year profile");
    }
  }
  response->set_name(request->name());
  response->set_size(registry::v1::SIZE_SMALL);
  response->set_rule_version("sme:2021-10-15");
  return grpc::Status::OK;
}

template <typename Response>
grpc::Status ScriptedPeers::Once(const std::string& request_id, const std::string& about,
                                 Response* response,
                                 const std::function<absl::Status(Response*)>& carry_out) {
  std::unique_lock lock(mutex_);
  ++calls_[request_id];
  changed_.notify_all();
  changed_.wait(lock, [&] { return blocked.count(about) == 0; });
  const bool lose = lose_answers > 0;
  if (lose) --lose_answers;
  // INTERNAL, for the channel repeats UNAVAILABLE by itself.
  const grpc::Status lost(grpc::StatusCode::INTERNAL, "the answer was lost");
  if (lose && before) return lost;
  auto kept = answers_.find(request_id);
  if (kept == answers_.end()) {
    Kept answer;
    answer.status = carry_out(response);
    answer.response = response->SerializeAsString();
    kept = answers_.emplace(request_id, std::move(answer)).first;
  }
  if (lose) return lost;
  if (!kept->second.status.ok()) return rpc::ToGrpcStatus(kept->second.status);
  response->ParseFromString(kept->second.response);
  return grpc::Status::OK;
}

void ScriptedPeers::AddEvent(bd::Event event, const std::string& type) {
  Set([&] {
    ev::EventMetadata& metadata = *event.mutable_metadata();
    metadata.set_type(type);
    metadata.set_position(static_cast<int64_t>(events_.size()) + 1);
    metadata.set_epoch(1);
    metadata.set_revision(metadata.position());
    metadata.set_log_hash(absl::StrFormat("%064d", metadata.position()));
    events_.push_back(std::move(event));
  });
}

void ScriptedPeers::AddPayment(const std::string& owner, int64_t amount_vnd, bool final,
                               bool last) {
  bd::Event event;
  bd::Payment& payment = *event.mutable_payment();
  payment.set_owner(owner);
  payment.set_amount_vnd(amount_vnd);
  payment.set_kind(final ? bd::Payment::KIND_FINAL : bd::Payment::KIND_INTERIM);
  payment.set_last(last);
  AddEvent(std::move(event), "payment.created");
}

void ScriptedPeers::AddExpiry(const std::string& owner, const std::string& reservation) {
  {
    std::lock_guard lock(mutex_);
    reservations_.erase(reservation);
  }
  bd::Event event;
  event.mutable_reservation()->set_owner(owner);
  event.mutable_reservation()->set_name(reservation);
  event.mutable_reservation()->set_state(bd::Reservation::STATE_EXPIRED);
  AddEvent(std::move(event), "reservation.expired");
}

}  // namespace nscl::casework
