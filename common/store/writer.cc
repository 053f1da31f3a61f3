// The writer's turn: commands in, one synced write, answers out.
#include <utility>

#include "common/status/error.h"
#include "common/store/errors.h"
#include "common/store/listener.h"
#include "common/store/rocks_store.h"

namespace nscl::store {

using nscl::store::v1::Head;

namespace {

// How long the writer waits for RocksDB to catch up before it refuses a group.
constexpr absl::Duration kMaxStall = absl::Seconds(1);

// A command that is submitted by an answer is queued, never carried inline: answers would nest
// without end.
thread_local bool answering = false;

// The store's own failures among the statuses that a command may answer; OK for all others.
absl::Status StoreFailure(const absl::Status& status) {
  if (!absl::IsDataLoss(status) && !absl::IsUnavailable(status)) return absl::OkStatus();
  const std::string reason = status::ReasonOf(status);
  return reason == errors::kStoreCorrupt || reason == errors::kStoreIo ? status : absl::OkStatus();
}

}  // namespace

void RocksStore::Submit(Command command, std::function<void(absl::StatusOr<Outcome>)> done) {
  std::vector<Waiting> alone;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (dead_ || closing_) {
      alone.push_back({std::move(command), std::move(done)});
    } else if (!writing_ && queue_.empty() && !answering && !Paused()) {
      writing_ = true;  // this thread carries the commit
    } else if (!queue_.HasRoom(command.origin.province)) {
      alone.push_back({std::move(command), std::move(done)});
    } else {
      queue_.Push({std::move(command), std::move(done)});
      if (!writing_ && writer_idle_) writer_wakes_.notify_one();
      return;
    }
  }
  if (!alone.empty()) {
    const Waiting& refused = alone.front();
    if (dead_) return refused.done(errors::OutcomeUnknown());
    if (closing_) return refused.done(errors::StoreClosed());
    return refused.done(errors::Overloaded(refused.command.origin.province, options_.max_queue));
  }
  alone.push_back({std::move(command), std::move(done)});
  CommitGroup(*group_, std::move(alone));
  std::vector<Answer> answers = std::move(group_->answers());
  {
    std::lock_guard<std::mutex> lock(mutex_);
    writing_ = false;
    if (!queue_.empty() || closing_) writer_wakes_.notify_one();
    turn_ends_.notify_all();
  }
  Finish(answers);
}

void RocksStore::WriterLoop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    writer_idle_ = true;
    const bool paused = Paused();
    const auto ready = [this] { return !writing_ && (!queue_.empty() || closing_) && !Paused(); };
    if (!ready()) {
      // A lease that runs out has nobody to wake the writer.
      if (paused) {
        writer_wakes_.wait_for(lock, std::chrono::milliseconds(5));
        continue;
      }
      writer_wakes_.wait(lock, [&] { return ready() || Paused(); });
      if (!ready()) continue;
    }
    writer_idle_ = false;
    if (queue_.empty() && closing_) return;
    std::vector<Waiting> commands;
    commands.reserve(std::min(queue_.size(), kMaxGroup));
    while (!queue_.empty() && commands.size() < kMaxGroup) commands.push_back(queue_.Pop());
    writing_ = true;
    lock.unlock();
    CommitGroup(*group_, std::move(commands));
    {
      std::lock_guard<std::mutex> finisher(finisher_mutex_);
      finished_.push_back(std::move(group_->answers()));
      if (finisher_idle_) finisher_wakes_.notify_one();
    }
    lock.lock();
    writing_ = false;
    turn_ends_.notify_all();
  }
}

void RocksStore::CommitGroup(Group& group, std::vector<Waiting> commands) {
  group.Begin(head_);  // only this thread changes it
  if (dead_) {
    for (Waiting& waiting : commands) {
      group.answers().push_back({std::move(waiting.done), errors::OutcomeUnknown()});
    }
    return;
  }
  if (clock_confirmed_.exchange(false)) clock_guard_.Confirm();
  low_space_ = GetSpace().low();
  for (Waiting& waiting : commands) {
    const absl::Time now = clock_guard_.Now();
    clock_jumped_ = clock_guard_.jump().has_value();
    group.Run(std::move(waiting), now, Gate());
  }
  // Damage or a failed disk met by one command: nothing of the group is written.
  for (const Answer& answer : group.answers()) {
    const absl::Status met = StoreFailure(answer.outcome.status());
    if (met.ok()) continue;
    Noted(met).IgnoreError();
    for (Answer& all : group.answers()) all.outcome = dead_ ? errors::OutcomeUnknown() : met;
    return;
  }
  if (!group.dirty()) return;
  absl::Status written = WriteBatch(group.Seal());
  if (written.ok()) return Publish(group.head());
  for (Answer& answer : group.answers()) answer.outcome = written;
}

absl::Status RocksStore::StorageFull() const {
  const Space space = GetSpace();
  return errors::StorageFull(space.free, space.needed);
}

absl::Status RocksStore::Gate() {
  if (corrupt_) return errors::StoreCorrupt(options_.path, "damage was found; writes are refused");
  if (regressed_.has_value()) return errors::StoreRegressed(head_.revision(), *regressed_);
  if (const std::optional<ClockGuard::Jump>& jump = clock_guard_.jump()) {
    return errors::ClockJumped(jump->expected, jump->seen);
  }
  if (low_space_ || listener_->no_space()) {
    return StorageFull();
  }
  return absl::OkStatus();
}

absl::Status RocksStore::WriteBatch(rocksdb::WriteBatch& batch) {
  const rocksdb::WriteOptions write_options = GroupWriteOptions(options_.sync);
  const absl::Time patience = SteadyClock().Now() + kMaxStall;
  rocksdb::Status status = database_->db->Write(write_options, &batch);
  // Incomplete: RocksDB stalls, and nothing was written.
  while (status.IsIncomplete() && SteadyClock().Now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    status = database_->db->Write(write_options, &batch);
  }
  if (status.ok()) return absl::OkStatus();
  if (status.IsIncomplete()) return errors::Overloaded("", queue_.size());
  // Refused because a flush had found no space: nothing was written.
  if (status.IsNoSpace() && listener_->no_space() && !listener_->log_failed()) {
    return StorageFull();
  }
  // A failed write or sync: after reopening the group may be there, or not. The process stops,
  // nothing is acknowledged, and the request ids settle it.
  FailStop(ToAbsl(status, options_.path));
  return errors::OutcomeUnknown();
}

void RocksStore::Publish(const Head& head) {
  std::lock_guard<std::mutex> lock(mutex_);
  head_ = head;
}

void RocksStore::FinisherLoop() {
  std::unique_lock<std::mutex> lock(finisher_mutex_);
  while (true) {
    finisher_idle_ = true;
    finisher_wakes_.wait(lock, [this] { return !finished_.empty() || finisher_ends_; });
    finisher_idle_ = false;
    if (finished_.empty()) return;
    std::vector<std::vector<Answer>> groups = std::move(finished_);
    finished_.clear();
    lock.unlock();
    for (std::vector<Answer>& answers : groups) Finish(answers);
    lock.lock();
  }
}

void RocksStore::Finish(std::vector<Answer>& answers) {
  const bool before = std::exchange(answering, true);
  for (Answer& answer : answers) answer.done(std::move(answer.outcome));
  std::vector<std::function<void()>> wakes;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    while (!waiters_.empty() && waiters_.begin()->first < head_.event_position()) {
      wakes.push_back(std::move(waiters_.begin()->second.wake));
      waiters_.erase(waiters_.begin());
    }
  }
  for (const std::function<void()>& wake : wakes) wake();
  answering = before;
}

int64_t RocksStore::WaitForEvents(int64_t position, std::function<void()> wake) {
  int64_t token;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    token = next_token_++;
    if (!closing_ && head_.event_position() <= position) {
      waiters_.emplace(position, Waiter{token, std::move(wake)});
      return token;
    }
  }
  wake();
  return token;
}

void RocksStore::CancelWait(int64_t token) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto at = waiters_.begin(); at != waiters_.end(); ++at) {
    if (at->second.token != token) continue;
    waiters_.erase(at);
    return;
  }
}

}  // namespace nscl::store
