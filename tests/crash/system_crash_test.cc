// The running system, killed with SIGKILL at random moments under load: every change that a client
// saw acknowledged is there and is there once, a change sent again gets its first answer, and the
// services agree with one another. Once with the kernel's page cache, which survives the process,
// and once without what was not synced; the control run of stores that do not sync must lose data,
// or the second test shows nothing.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/status/status_macros.h"
#include "services/tools/demo/scenario.h"
#include "tests/crash/clients.h"
#include "tests/crash/feeds.h"
#include "tests/crash/journal.h"
#include "tests/crash/killable.h"
#include "tests/crash/rounds.h"
#include "tests/journeys/child.h"
#include "tests/journeys/expectations.h"
#include "tests/journeys/system.h"

namespace nscl::crash {
namespace {

using google::protobuf::Message;

constexpr size_t kReplays = 40;  // of the writes before a kill
constexpr int kRoundsToReconciliation = 10;
constexpr int kRoundsToKillAtStart = 4;  // on average
constexpr int kOffices = 6, kHolders = 2;
constexpr absl::Duration kPatience = absl::Seconds(60);

// Gets the resource that `like` was, as it is now.
absl::Status GetAgain(tools::Door& door, const Write& write, Message* now) {
  static const std::map<std::string, std::string> kMethods = {
      {"nscl.registry.v1.Enterprise", "nscl.registry.v1.EnterpriseService.GetEnterprise"},
      {"nscl.registry.v1.YearProfile", "nscl.registry.v1.YearProfileService.GetYearProfile"},
      {"nscl.casework.v1.SupportCase", "nscl.casework.v1.SupportCaseService.GetSupportCase"},
      {"nscl.budgeting.v1.Reservation", "nscl.budgeting.v1.LedgerService.GetReservation"},
      {"nscl.budgeting.v1.Commitment", "nscl.budgeting.v1.LedgerService.GetCommitment"},
      {"nscl.budgeting.v1.Payment", "nscl.budgeting.v1.PaymentService.GetPayment"},
  };
  const std::string& method = kMethods.at(now->GetDescriptor()->full_name());
  const auto* input =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(method)->input_type();
  std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(input)->New());
  request->GetReflection()->SetString(request.get(), input->FindFieldByName("name"), NameOf(write));
  return door.Call(method, *request, now);
}

class CrashRun {
 public:
  CrashRun(Disk disk, std::mt19937_64& random) : disk_(disk), random_(random), system_(disk) {
    for (int i = 0; i < kOffices; ++i) clients_.push_back(MakeOffice(i));
    for (int i = 0; i < kHolders; ++i) clients_.push_back(MakeHolder(i));
  }

  // Kills so often, checks after each restart, and at the end everything. Stops at the first round
  // with problems.
  void Run(int kills) {
    if (!Fine(system_.Start(), "the first start")) return;
    tools::ScenarioOptions options;
    options.plans_dir = NSCL_SOURCE_DIR "/deploy/plans";
    if (!Fine(tools::RunScenario(*system_.DoorOf("officer"), options).status(), "the scenario"))
      return;
    for (round_ = 1; round_ <= kills && problems_.empty(); ++round_) {
      KillUnderLoad();
      if (random_() % kRoundsToKillAtStart == 0) KillAtStart();
      beyond_opening_ = !Fine(system_.Start(), "the restart");
      if (beyond_opening_) return;
      starts_.push_back(system_.start_time());
      doors_.clear();
      SettleDoubts();
      Check(feeds_, journal_.acknowledged_this_round());
      const bool last = round_ == kills;
      if (problems_.empty() && (last || round_ % kRoundsToReconciliation == 0)) Reconcile();
    }
    if (!problems_.empty()) return;
    Feeds anew;  // all of it again: what was there once must be there at the end
    Check(anew, journal_.acknowledged());
  }

  const std::vector<std::string>& problems() const { return problems_; }
  // Acknowledged changes that were not there after a restart.
  size_t lost() const { return lost_; }
  // It did not even start again.
  bool beyond_opening() const { return beyond_opening_; }

  void Print() const {
    std::vector<absl::Duration> starts = starts_;
    std::sort(starts.begin(), starts.end());
    printf(
        "%d kills, %zu more at the start, %zu acknowledged (%zu in doubt), %lld events, %zu lost, "
        "%zu problems",
        round_ - 1, kills_at_start_, journal_.acknowledged().size(), doubts_,
        static_cast<long long>(feeds_.events()), lost_, problems_.size());
    if (!starts.empty()) {
      printf("; from start to serving: median %lld ms, longest %lld ms",
             static_cast<long long>(absl::ToInt64Milliseconds(starts[starts.size() / 2])),
             static_cast<long long>(absl::ToInt64Milliseconds(starts.back())));
    }
    printf("\n");
    for (size_t i = 0; i < std::min<size_t>(problems_.size(), 5); ++i)
      printf("  %s\n", problems_[i].c_str());
  }

 private:
  template <typename... Parts>
  void Problem(const Parts&... parts) {
    std::lock_guard<std::mutex> lock(problems_mutex_);
    problems_.push_back(absl::StrCat("round ", round_, ": ", parts...));
  }
  bool Fine(const absl::Status& status, absl::string_view what) {
    if (!status.ok()) Problem(what, ": ", status.ToString());
    return status.ok();
  }

  void KillUnderLoad() {
    journal_.BeginRound();
    std::atomic<bool> killed{false};
    std::vector<std::thread> threads;
    for (const std::unique_ptr<Client>& client : clients_) {
      threads.emplace_back([this, &killed, &client] {
        auto door = MakeJournalDoor(system_.DoorOf(client->caller()), client->caller(), journal_);
        absl::Status status;
        while (status.ok() && !killed) status = client->Work(*door);
        if (!killed) Fine(status, "before the kill");
      });
    }
    // The moment: some writes beyond the least, then some milliseconds more.
    const size_t wanted = kMinAcknowledged + random_() % 100;
    const int more = static_cast<int>(random_() % 20'000);
    if (!journal_.WaitForAcknowledged(wanted, kPatience)) Problem("fewer than ", wanted, " writes");
    // tidy: sleeping: the kill is to come at any moment.
    std::this_thread::sleep_for(std::chrono::microseconds(more));
    killed = true;
    const int ended = system_.Kill();
    if (ended != -SIGKILL) Problem("it ended by itself with ", ended);
    for (std::thread& thread : threads) thread.join();
  }

  // Once more while it comes up from what the kill before left.
  void KillAtStart() {
    if (!Fine(system_.Spawn(), "the restart")) return;
    // tidy: sleeping: the kill is to come at any moment.
    std::this_thread::sleep_for(std::chrono::microseconds(random_() % 600'000));
    const int ended = system_.Kill();
    if (disk_.sync && ended != -SIGKILL) Problem("it ended at its start with ", ended);
    ++kills_at_start_;
  }

  // What got no answer is sent again, and then is there: once, whether it was before or not.
  void SettleDoubts() {
    for (const Write& write : journal_.TakeInDoubt()) {
      ++doubts_;
      auto door = MakeJournalDoor(system_.DoorOf(write.caller), write.caller, journal_);
      std::unique_ptr<Message> response = NewResponse(write);
      Fine(door->Call(write.method, *write.request, response.get()),
           absl::StrCat(write.method, " sent again"));
    }
  }

  static std::unique_ptr<Message> NewResponse(const Write& write) {
    const auto* output = google::protobuf::DescriptorPool::generated_pool()
                             ->FindMethodByName(write.method)
                             ->output_type();
    return std::unique_ptr<Message>(
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(output)->New());
  }

  void Check(Feeds& feeds, const std::vector<Write>& writes) {
    Fine(feeds.ReadOn(*system_.GrpcDoor(system_.ReconcilerToken()), problems_), "the feeds");
    for (const Write& write : writes) {
      if (feeds.Holds(write)) continue;
      ++lost_;
      Problem("lost: ", write.method, " of ", NameOf(write));
    }
    CheckResources(writes);
    if (disk_.sync) CheckReplays();
  }

  // Each is there, at least as new as the last answer about it.
  void CheckResources(const std::vector<Write>& writes) {
    std::map<std::string, const Write*> last;
    for (const Write& write : writes) {
      const Write*& kept = last[NameOf(write)];
      if (kept == nullptr || RevisionOf(*write.response) > RevisionOf(*kept->response)) {
        kept = &write;
      }
    }
    for (const auto& [name, write] : last) {
      std::unique_ptr<Message> now(write->response->New());
      if (!Fine(GetAgain(DoorNow("officer"), *write, now.get()), name)) continue;
      if (RevisionOf(*now) < RevisionOf(*write->response)) {
        Problem(name, " is at revision ", RevisionOf(*now), ", acknowledged was ",
                RevisionOf(*write->response));
      }
    }
  }

  // Sent again they get the same answers, byte by byte: the last, and some of all.
  void CheckReplays() {
    const std::vector<Write> writes = journal_.acknowledged();
    for (size_t i = 0; i < std::min(kReplays, writes.size()); ++i) {
      CheckReplay(writes[writes.size() - 1 - i]);
      CheckReplay(writes[random_() % writes.size()]);
    }
  }

  void CheckReplay(const Write& write) {
    std::unique_ptr<Message> again(write.response->New());
    if (!Fine(DoorNow(write.caller).Call(write.method, *write.request, again.get()),
              absl::StrCat("replay of ", write.method)))
      return;
    if (again->SerializeAsString() != write.response->SerializeAsString()) {
      Problem("another answer to ", write.method, " of ", NameOf(write), ": ",
              again->ShortDebugString(), "; it was ", write.response->ShortDebugString());
    }
  }

  // All work that broke off is ended; then the services must agree.
  void Reconcile() {
    for (const std::unique_ptr<Client>& client : clients_) {
      auto door = MakeJournalDoor(system_.DoorOf(client->caller()), client->caller(), journal_);
      if (!client->Rests()) Fine(client->Work(*door), "going on after the restart");
    }
    journeys::ExpectReconciled(*system_.GrpcDoor(system_.ReconcilerToken()));
  }

  // A door to the system as it runs now.
  tools::Door& DoorNow(const std::string& caller) {
    std::unique_ptr<tools::Door>& door = doors_[caller];
    if (door == nullptr) door = system_.DoorOf(caller);
    return *door;
  }

  const Disk disk_;
  std::mt19937_64& random_;
  Killable system_;
  Journal journal_;
  Feeds feeds_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::map<std::string, std::unique_ptr<tools::Door>> doors_;
  std::vector<absl::Duration> starts_;
  size_t doubts_ = 0, lost_ = 0, kills_at_start_ = 0;
  bool beyond_opening_ = false;
  int round_ = 0;
  std::mutex problems_mutex_;
  std::vector<std::string> problems_;
};

TEST(SystemCrashTest, KillAtRandomMomentsLosesNothingAndRepeatsNothing) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  CrashRun run({.sync = true, .lazy = false}, random);
  run.Run(Kills(60));
  run.Print();
  EXPECT_TRUE(run.problems().empty()) << absl::StrJoin(run.problems(), "\n");
}

TEST(SystemCrashTest, KillWithUnsyncedBytesLostLosesNothing) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  CrashRun run({.sync = true, .lazy = true}, random);
  run.Run(Kills(40));
  run.Print();
  EXPECT_TRUE(run.problems().empty()) << absl::StrJoin(run.problems(), "\n");
}

// The same program keeps everything where the page cache survives: what it loses without is what
// was not synced, and nothing else.
TEST(SystemCrashTest, TheControlRunWithoutSyncLosesData) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  CrashRun kept({.sync = false, .lazy = false}, random);
  kept.Run(2);
  kept.Print();
  EXPECT_TRUE(kept.problems().empty()) << absl::StrJoin(kept.problems(), "\n");
  CrashRun run({.sync = false, .lazy = true}, random);
  run.Run(2);
  run.Print();
  EXPECT_TRUE(run.lost() > 0 || run.beyond_opening()) << "the test of unsynced bytes is void";
}

}  // namespace
}  // namespace nscl::crash
