#include "services/registry/rpc/expiry_sweep.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"
#include "common/time/legal_date.h"
#include "services/registry/domain/certificate.h"

namespace nscl::registry {
namespace {

constexpr char kActor[] = "service:registry";
constexpr char kMethod[] = "internal:SweepCertificates";
// Certificates of one command: a few milliseconds of the writer.
constexpr size_t kBatch = 200;

// Brings one certificate to the state that the day calls for; false where it stands there already.
absl::StatusOr<bool> Advance(const Parts& parts, store::Txn& txn, const std::string& name,
                             absl::CivilDay today, int expiring_days) {
  ASSIGN_OR_RETURN(v1::Certificate before, parts.tables.certificates.Load(txn, name));
  const v1::Certificate::ExpiryState state = domain::StateOn(before, today, expiring_days);
  if (state == before.expiry_state()) return false;
  v1::Certificate after = before;
  after.set_expiry_state(state);
  const char* verb = state == v1::Certificate::EXPIRY_STATE_EXPIRED ? "expired" : "expiring";
  RETURN_IF_ERROR(parts.tables.certificates.Update(txn, before, std::move(after), verb).status());
  return true;
}

}  // namespace

absl::StatusOr<int> SweepCertificates(const Parts& parts) {
  const absl::CivilDay today = time::VietnamDay(parts.clock.Now());
  // Without a rule nothing is called expiring; what is over is over.
  const int expiring_days = parts.rules.ExpiringDays(today).value_or(0);
  int raised = 0;
  while (true) {
    ASSIGN_OR_RETURN(
        std::vector<std::string> due,
        rows::DueCertificates(*parts.store.TakeSnapshot(), today, expiring_days, kBatch));
    if (due.empty()) return raised;
    store::Command command;
    command.origin.actor = kActor;
    command.origin.method = kMethod;
    command.apply = [&](store::Txn& txn) -> absl::StatusOr<std::string> {
      int advanced = 0;
      for (const std::string& name : due) {
        ASSIGN_OR_RETURN(bool one, Advance(parts, txn, name, today, expiring_days));
        if (one) ++advanced;
      }
      return absl::StrCat(advanced);
    };
    ASSIGN_OR_RETURN(store::Outcome outcome, parts.store.Run(std::move(command)));
    int advanced = 0;
    if (!absl::SimpleAtoi(outcome.response, &advanced)) return absl::InternalError("no count");
    raised += advanced;
    // Changed by somebody else since the snapshot: the next sweep looks again.
    if (advanced == 0) return raised;
  }
}

void ExpirySweeper::Start() {
  if (thread_.joinable()) return;
  thread_ = std::thread([this] { Run(); });
}

void ExpirySweeper::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ends_ = true;
  }
  wakes_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ExpirySweeper::Run() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!ends_) {
    lock.unlock();
    if (absl::StatusOr<int> raised = SweepCertificates(parts_); !raised.ok()) {
      telemetry::Log(telemetry::Level::kWarning, "certificates were not swept",
                     {{"problem", raised.status().ToString()}});
    }
    lock.lock();
    wakes_.wait_for(lock, absl::ToChronoSeconds(every_), [this] { return ends_; });
  }
}

}  // namespace nscl::registry
