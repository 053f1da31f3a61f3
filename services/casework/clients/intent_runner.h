// Carries casework's intents out until budgeting has answered them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/store/store.h"
#include "common/time/clock.h"
#include "nscl/casework/v1/intent.pb.h"
#include "services/casework/clients/budgeting_client.h"
#include "services/casework/domain/answer.h"
#include "services/casework/store/rows.h"

namespace nscl::casework {

// Looks at the outbox when it starts and after every commit of the store, and sends what is due:
// cases side by side, each case's intents one after another (a case has one at a time). An intent
// is sent with its own request id until it is answered; the answer is applied as a command of its
// own, which does nothing where the intent is gone. No lock is held while it calls. Nothing of it
// is lost with the process: the outbox is in the store.
class IntentRunner {
 public:
  struct Options {
    store::Store* store = nullptr;
    const rows::Rows* rows = nullptr;
    BudgetingClient* budgeting = nullptr;
    const time::Clock* clock = nullptr;
    uint64_t seed = 0;        // of the jitter
    size_t max_sending = 32;  // intents under way at once
  };

  explicit IntentRunner(Options options);
  ~IntentRunner() { Stop(); }

  void Start();
  // Sends nothing more and waits for what is under way; the budgeting client must be stopped
  // before, so that it is not waited out.
  void Stop();
  // Looks again now: after a test has set the clock.
  void Poke();

 private:
  // What is known of an intent beyond its row.
  struct Entry {
    v1::Intent intent;
    absl::Time due;
    bool sending = false;
    // Its answer is applied; a look at an older snapshot must not send it again.
    bool answered = false;
  };

  void Run();
  void WatchStore(int64_t position);
  // Takes over the outbox as it is, and sends what is due. When to look again at the latest.
  absl::Time Look();
  void Refresh(const std::vector<v1::Intent>& waiting);
  std::vector<v1::Intent> TakeDue(absl::Time now, absl::Time* next);
  void Send(const v1::Intent& intent);
  void Apply(const v1::Intent& intent, const domain::Answer& answer);
  // Unknown outcome: the same again later. Kept in the row while the wait still grows.
  void Postpone(const v1::Intent& intent, const absl::Status& why);
  void Finished(const v1::Intent& intent);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool poked_ = false;
  bool stopping_ = false;
  bool running_ = false;
  int64_t watch_ = 0;
  size_t sending_ = 0;
  std::mt19937_64 random_;
  std::map<std::string, Entry> entries_;  // by owner
  std::thread thread_;
};

}  // namespace nscl::casework
