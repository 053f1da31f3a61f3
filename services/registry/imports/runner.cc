#include "services/registry/imports/runner.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/telemetry/log.h"
#include "common/time/legal_date.h"
#include "services/registry/store/keys.h"

namespace nscl::registry::imports {
namespace {

// Steps of a turn while others wait.
constexpr int kStepsOfTurn = 40;
constexpr std::chrono::seconds kRetryFailures{1};
constexpr std::chrono::minutes kSweepEvery{10};

void LogProblem(const absl::Status& status) {
  telemetry::Log(telemetry::Level::kError, "imports", {{"problem", status.ToString()}});
}

// The store is closing or its outcome is not known: the operation goes on after the restart.
bool ProcessEnds(const absl::Status& status) {
  const std::string reason = status::ReasonOf(status);
  return reason == "STORE_CLOSED" || reason == "OUTCOME_UNKNOWN";
}

}  // namespace

Runner::Runner(Options options)
    : workshop_{options.store,
                options.tables,
                options.clock,
                options.files,
                std::move(options.dataset),
                options.files_kept,
                [this] {
                  std::lock_guard<std::mutex> lock(mutex_);
                  return stopping_;
                }} {}

std::vector<v1::Operation> Runner::UnderWay() const {
  const std::unique_ptr<store::Snapshot> snapshot = workshop_.store.TakeSnapshot();
  std::vector<v1::Operation> operations;
  const absl::Status scanned =
      snapshot->Scan(store::KeyRange::Prefix(std::string(1, rows::kOperationUnderWayKind)),
                     [&](absl::string_view key, absl::string_view) {
                       absl::StatusOr<v1::Operation> operation = workshop_.tables.operations.Load(
                           *snapshot, rows::OperationOfUnderWayKey(key));
                       if (operation.ok()) {
                         operations.push_back(*std::move(operation));
                       } else {
                         LogProblem(operation.status());
                       }
                       return true;
                     });
  if (!scanned.ok()) LogProblem(scanned);
  return operations;
}

void Runner::Start() {
  for (const v1::Operation& operation : UnderWay()) {
    if (operation.state() == v1::Operation::STATE_RUNNING) Add(operation.name());
  }
  for (int i = 0; i < kThreads; ++i) threads_.emplace_back([this] { WorkLoop(); });
  threads_.emplace_back([this] { KeeperLoop(); });
}

void Runner::Stop() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Runner::Add(const std::string& operation) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!known_.insert(operation).second) return;
  waiting_.push_back({operation, nullptr});
  changed_.notify_all();  // the keeper waits on it, too
}

void Runner::ShowFailure(v1::Operation& operation) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto failed = failures_.find(operation.name());
  if (failed == failures_.end()) return;
  operation.set_state(v1::Operation::STATE_FAILED);
  *operation.mutable_failure() = failed->second.failure();
}

bool Runner::OthersWait() {
  std::lock_guard<std::mutex> lock(mutex_);
  return !waiting_.empty();
}

void Runner::WorkLoop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    Turn turn = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const bool more = TakeTurn(turn);
    if (!more) turn.work.reset();
    lock.lock();
    if (more) {
      waiting_.push_back(std::move(turn));
    } else {
      known_.erase(turn.name);
    }
  }
}

bool Runner::TakeTurn(Turn& turn) {
  if (turn.work == nullptr) {
    const auto operation =
        workshop_.tables.operations.Load(*workshop_.store.TakeSnapshot(), turn.name);
    if (!operation.ok() || operation->state() != v1::Operation::STATE_RUNNING) return false;
    turn.work = operation->kind() == v1::Operation::KIND_EXPORT ? ExportWork(workshop_, *operation)
                                                                : ImportWork(workshop_, *operation);
  }
  for (int step = 0; step < kStepsOfTurn || !OthersWait(); ++step) {
    if (workshop_.stopping()) return true;
    const absl::StatusOr<bool> more = turn.work->Step();
    if (more.ok() && *more) continue;
    // A failure while the runner stops comes again after the restart.
    if (!more.ok() && !absl::IsCancelled(more.status()) && !ProcessEnds(more.status()) &&
        !workshop_.stopping()) {
      Fail(turn.name, more.status());
    }
    return false;
  }
  return true;
}

void Runner::Fail(const std::string& name, const absl::Status& why) {
  v1::Operation failed;
  failed.set_name(name);
  *failed.mutable_failure() = FailureOf(why);
  if (StoreFailure(failed)) return;
  std::lock_guard<std::mutex> lock(mutex_);
  failures_[name] = std::move(failed);
}

bool Runner::StoreFailure(const v1::Operation& failed) {
  const auto operation =
      workshop_.tables.operations.Load(*workshop_.store.TakeSnapshot(), failed.name());
  if (!operation.ok()) return absl::IsNotFound(operation.status());
  const absl::Status stored =
      workshop_.store
          .Run(OperationCommand(workshop_, *operation,
                                [this, &failed](store::Txn& txn, v1::Operation& current) {
                                  *current.mutable_failure() = failed.failure();
                                  End(workshop_.files_kept, txn, v1::Operation::STATE_FAILED,
                                      current);
                                  return absl::OkStatus();
                                }))
          .status();
  if (!stored.ok() && !absl::IsCancelled(stored)) return false;
  workshop_.files.Remove(workshop_.files.UploadOf(failed.name()));
  return true;
}

void Runner::StoreFailures() {
  std::map<std::string, v1::Operation> failures;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    failures = failures_;
  }
  for (const auto& [name, failed] : failures) {
    if (!StoreFailure(failed)) continue;
    std::lock_guard<std::mutex> lock(mutex_);
    failures_.erase(name);
  }
}

void Runner::KeeperLoop() {
  auto next_sweep = std::chrono::steady_clock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    StoreFailures();
    if (std::chrono::steady_clock::now() >= next_sweep) {
      Sweep();
      next_sweep = std::chrono::steady_clock::now() + kSweepEvery;
    }
    lock.lock();
    changed_.wait_for(lock, kRetryFailures, [this] { return stopping_; });
  }
}

// An upload that nobody goes on with.
void Runner::Abandon(const v1::Operation& upload) {
  store::Command command = OperationCommand(
      workshop_, upload, [](store::Txn&, v1::Operation&) { return absl::OkStatus(); });
  command.apply = [this, name = upload.name(),
                   etag = upload.etag()](store::Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(v1::Operation before, workshop_.tables.operations.Load(txn, name, etag));
    v1::Operation after = before;
    End(workshop_.files_kept, txn, v1::Operation::STATE_CANCELLED, after);
    RETURN_IF_ERROR(workshop_.tables.operations.Update(txn, before, std::move(after)).status());
    return std::string();
  };
  const absl::Status abandoned = workshop_.store.Run(std::move(command)).status();
  if (!abandoned.ok() && !absl::IsAborted(abandoned)) LogProblem(abandoned);
}

void Runner::Sweep() {
  const absl::Time now = workshop_.clock.Now();
  for (const v1::Operation& operation : UnderWay()) {
    if (operation.state() == v1::Operation::STATE_RECEIVING &&
        time::FromTimestamp(operation.update_time()) + kUploadIdle < now) {
      Abandon(operation);
    }
  }
  for (const Files::Kept& kept : workshop_.files.All()) {
    const auto operation =
        workshop_.tables.operations.Load(*workshop_.store.TakeSnapshot(), kept.operation);
    const bool under_way = operation.ok() && rows::IsUnderWay(*operation);
    if (under_way || (!operation.ok() && !absl::IsNotFound(operation.status()))) continue;
    if (!operation.ok() || kept.needed_by_work ||
        time::FromTimestamp(operation->expire_time()) <= now) {
      workshop_.files.Remove(kept.path);
    }
  }
}

}  // namespace nscl::registry::imports
