#include "services/casework/clients/intent_runner.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/resource/name.h"
#include "common/status/excerpt.h"
#include "common/status/status_macros.h"
#include "common/time/legal_date.h"
#include "services/casework/clients/backoff.h"
#include "services/casework/store/intents.h"

namespace nscl::casework {
namespace {

// With nothing due the outbox is looked at all the same: a lost wake-up must not be for ever.
constexpr absl::Duration kIdleLook = absl::Seconds(30);

store::Command InternalCommand(const char* what, const v1::Intent& intent) {
  store::Command command;
  command.origin.actor = "service:casework";
  command.origin.method = absl::StrCat("internal:", what);
  command.origin.province = std::string(resource::ProvinceOf(intent.owner()));
  command.origin.resource = intent.owner();
  return command;
}

}  // namespace

IntentRunner::IntentRunner(Options options) : options_(options), random_(options.seed) {}

void IntentRunner::Start() {
  running_ = true;
  thread_ = std::thread([this] { Run(); });
}

void IntentRunner::Stop() {
  if (!running_) return;
  running_ = false;
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
  options_.store->CancelWait(watch_);
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return sending_ == 0; });
}

void IntentRunner::Poke() {
  // Under the lock: after Stop has seen `stopping_` nobody may touch the runner any more.
  std::lock_guard lock(mutex_);
  poked_ = true;
  wake_.notify_all();
}

void IntentRunner::WatchStore(int64_t position) {
  options_.store->CancelWait(watch_);
  watch_ = options_.store->WaitForEvents(position, [this] { Poke(); });
}

void IntentRunner::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    poked_ = false;
    lock.unlock();
    const auto began = std::chrono::steady_clock::now();
    const absl::Time next = Look();
    const auto took = std::chrono::steady_clock::now() - began;
    lock.lock();
    // A long outbox in an outage is not read for every commit: looking takes a fifth of the time at
    // most.
    wake_.wait_for(lock, 4 * took, [this] { return stopping_; });
    const absl::Duration rest =
        std::clamp(next - options_.clock->Now(), absl::ZeroDuration(), kIdleLook);
    wake_.wait_for(lock, absl::ToChronoNanoseconds(rest), [this] { return poked_ || stopping_; });
  }
}

absl::Time IntentRunner::Look() {
  const absl::Time now = options_.clock->Now();
  std::unique_ptr<store::Snapshot> snapshot = options_.store->TakeSnapshot();
  absl::StatusOr<std::vector<v1::Intent>> waiting = rows::ListIntents(*snapshot);
  const int64_t position = snapshot->event_position();
  snapshot.reset();
  if (!waiting.ok()) return now + kFirstWait;  // a damaged store: every reader hears of it
  Refresh(*waiting);
  absl::Time next = now + kIdleLook;
  for (const v1::Intent& intent : TakeDue(now, &next)) Send(intent);
  WatchStore(position);
  return next;
}

void IntentRunner::Refresh(const std::vector<v1::Intent>& waiting) {
  std::lock_guard lock(mutex_);
  std::map<std::string, Entry> refreshed;
  for (const v1::Intent& intent : waiting) {
    auto known = entries_.find(intent.owner());
    const bool same =
        known != entries_.end() && known->second.intent.request_id() == intent.request_id();
    // A new one is due at once; so is one from before a restart, since its peer may be back, too.
    Entry entry{.intent = intent, .due = absl::InfinitePast()};
    if (same) entry = known->second;
    refreshed.emplace(intent.owner(), std::move(entry));
  }
  // What is under way must be found again when it comes back.
  for (auto& [owner, entry] : entries_) {
    if (entry.sending) refreshed.insert_or_assign(owner, entry);
  }
  entries_ = std::move(refreshed);
}

std::vector<v1::Intent> IntentRunner::TakeDue(absl::Time now, absl::Time* next) {
  std::lock_guard lock(mutex_);
  std::vector<Entry*> due;
  for (auto& [owner, entry] : entries_) {
    if (entry.sending || entry.answered) continue;
    if (entry.due <= now) {
      due.push_back(&entry);
    } else {
      *next = std::min(*next, entry.due);
    }
  }
  // Who has waited longest goes first; the rest is taken when one of them has come back.
  std::stable_sort(due.begin(), due.end(),
                   [](const Entry* a, const Entry* b) { return a->due < b->due; });
  std::vector<v1::Intent> taken;
  for (Entry* entry : due) {
    if (stopping_ || sending_ >= options_.max_sending) break;
    entry->sending = true;
    ++sending_;
    taken.push_back(entry->intent);
  }
  return taken;
}

void IntentRunner::Send(const v1::Intent& intent) {
  options_.budgeting->Send(intent, [this, intent](absl::StatusOr<domain::Answer> answer) {
    if (!answer.ok()) return Postpone(intent, answer.status());
    Apply(intent, *answer);
  });
}

void IntentRunner::Apply(const v1::Intent& intent, const domain::Answer& answer) {
  store::Command command = InternalCommand("ApplyAnswer", intent);
  command.apply = [this, intent, answer](store::Txn& txn) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(options_.rows->ApplyAnswer(txn, intent, answer));
    return std::string();
  };
  options_.store->Submit(std::move(command),
                         [this, intent](const absl::StatusOr<store::Outcome>& outcome) {
                           // Not applied: it is asked again, and budgeting gives the same answer.
                           if (!outcome.ok()) return Postpone(intent, outcome.status());
                           Finished(intent);
                         });
}

void IntentRunner::Postpone(const v1::Intent& intent, const absl::Status& why) {
  v1::Intent later = intent;
  later.set_attempts(intent.attempts() + 1);
  later.set_last_error(status::Excerpt(why.ToString(), 500));
  const absl::Duration wait = WaitAfter(later.attempts());
  {
    std::lock_guard lock(mutex_);
    const absl::Time due = options_.clock->Now() + Jittered(wait, random_);
    *later.mutable_next_time() = time::ToTimestamp(due);
    auto entry = entries_.find(intent.owner());
    entry->second.intent = later;
    entry->second.due = due;
    if (stopping_ || wait >= kLongestWait) {
      entry->second.sending = false;
      --sending_;
      wake_.notify_all();
      return;
    }
  }
  store::Command command = InternalCommand("PostponeIntent", intent);
  command.apply = [later](store::Txn& txn) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(std::optional<v1::Intent> waiting, rows::FindIntent(txn, later.owner()));
    if (!waiting.has_value() || waiting->request_id() != later.request_id()) return std::string();
    waiting->set_attempts(later.attempts());
    waiting->set_last_error(later.last_error());
    *waiting->mutable_next_time() = later.next_time();
    rows::PutIntent(txn, *waiting);
    return std::string();
  };
  // Whether or not it was kept: the entry knows.
  options_.store->Submit(std::move(command), [this, later](const absl::StatusOr<store::Outcome>&) {
    std::lock_guard lock(mutex_);
    entries_.find(later.owner())->second.sending = false;
    --sending_;
    poked_ = true;
    wake_.notify_all();
  });
}

void IntentRunner::Finished(const v1::Intent& intent) {
  std::lock_guard lock(mutex_);
  Entry& entry = entries_.find(intent.owner())->second;
  entry.sending = false;
  entry.answered = true;
  --sending_;
  poked_ = true;
  wake_.notify_all();
}

}  // namespace nscl::casework
