// The store through its public surface: commands, replays, refusals, reads, feed.
#include "common/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/status/error.h"
#include "common/store/testing/fixture.h"

namespace nscl::store {
namespace {

using nscl::store::v1::StoreStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Holds the writer's turn, so that what is submitted meanwhile becomes one group.
class HeldWriter {
 public:
  explicit HeldWriter(Store& store) {
    thread_ = std::thread([this, &store] {
      Command command = CommandOf([this](Txn&) -> absl::StatusOr<std::string> {
        std::unique_lock<std::mutex> lock(mutex_);
        running_ = true;
        wakes_.notify_all();
        wakes_.wait(lock, [this] { return released_; });
        return std::string();
      });
      command.dry_run = true;
      store.Run(std::move(command)).IgnoreError();
    });
    std::unique_lock<std::mutex> lock(mutex_);
    wakes_.wait(lock, [this] { return running_; });
  }
  ~HeldWriter() { Release(); }

  void Release() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      released_ = true;
      wakes_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wakes_;
  bool running_ = false;
  bool released_ = false;
  std::thread thread_;
};

// Collects the answers of submitted commands in the order of submission.
class Answers {
 public:
  void Submit(Store& store, Command command) {
    size_t index;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      index = outcomes_.size();
      outcomes_.emplace_back(absl::UnknownError("no answer yet"));
    }
    store.Submit(std::move(command), [this, index](absl::StatusOr<Outcome> outcome) {
      std::lock_guard<std::mutex> lock(mutex_);
      outcomes_[index] = std::move(outcome);
      ++answered_;
      wakes_.notify_all();
    });
  }
  const std::vector<absl::StatusOr<Outcome>>& Wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    wakes_.wait(lock, [this] { return answered_ == outcomes_.size(); });
    return outcomes_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable wakes_;
  size_t answered_ = 0;
  std::vector<absl::StatusOr<Outcome>> outcomes_;
};

std::string Rows(const Reader& reader, const KeyRange& range = KeyRange{"", ""}) {
  std::vector<std::string> rows;
  absl::Status scanned = reader.Scan(range, [&](absl::string_view key, absl::string_view value) {
    rows.push_back(absl::StrCat(key, "=", value));
    return true;
  });
  return scanned.ok() ? absl::StrJoin(rows, " ") : scanned.ToString();
}

Command Refused(absl::Status refusal, absl::string_view request_id = "") {
  return CommandOf(
      [refusal](Txn& txn) -> absl::StatusOr<std::string> {
        txn.Put("never", "staged");
        return refusal;
      },
      request_id);
}

Command EmitCommand(absl::string_view resource, absl::string_view province, int events = 1) {
  return CommandOf([=, resource = std::string(resource),
                    province = std::string(province)](Txn& txn) -> absl::StatusOr<std::string> {
    for (int i = 0; i < events; ++i) {
      nscl::event::v1::EventMetadata metadata;
      metadata.set_type("thing.changed");
      metadata.set_resource_name(resource);
      metadata.set_province(province);
      txn.Emit(metadata, 2, absl::StrCat(resource, i));
    }
    return std::string();
  });
}

nscl::event::v1::EventMetadata MetadataOf(const std::string& event) {
  // Field 1 of any service's Event; the length fits into two bytes here.
  nscl::event::v1::EventMetadata metadata;
  size_t length = static_cast<unsigned char>(event[1]) & 0x7f;
  size_t begin = 2;
  if (static_cast<unsigned char>(event[1]) & 0x80) {
    length |= static_cast<size_t>(event[2]) << 7;
    begin = 3;
  }
  EXPECT_TRUE(metadata.ParseFromString(event.substr(begin, length)));
  return metadata;
}

TEST(StoreTest, AnAcknowledgedCommandIsThereAfterReopening) {
  TestFolder folder;
  {
    auto store = OpenOrDie(folder.StoreOptions());
    absl::StatusOr<Outcome> outcome = store->Run(PutCommand("k", "v"));
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->revision, 1);
    EXPECT_EQ(outcome->response, "put k=v");
    EXPECT_FALSE(outcome->replayed);
    EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "v");
    ASSERT_TRUE(store->Close().ok());
  }
  auto store = OpenOrDie(folder.StoreOptions());
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "v");
  EXPECT_EQ(store->TakeSnapshot()->revision(), 1);
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

TEST(StoreTest, CommandsOfAGroupSeeThoseBeforeThemAndNothingOfTheRefused) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  ASSERT_TRUE(store->Run(PutCommand("a", "0")).ok());
  std::vector<std::string> seen;
  const auto look = [&seen](Txn& txn) -> absl::StatusOr<std::string> {
    seen.push_back(Rows(txn));
    return std::string();
  };
  Answers answers;
  HeldWriter held(*store);
  answers.Submit(*store, PutCommand("a", "1"));
  answers.Submit(*store, CommandOf(look));
  answers.Submit(*store, Refused(absl::FailedPreconditionError("no")));
  answers.Submit(*store, CommandOf([](Txn& txn) -> absl::StatusOr<std::string> {
    txn.Erase("a");
    txn.Put("b", "2");
    txn.PutDerived("c", "3");
    EXPECT_EQ(Rows(txn), "b=2 c=3");
    EXPECT_EQ(ValueOf(txn, "a"), "<none>");
    return std::string();
  }));
  answers.Submit(*store, CommandOf(look));
  EXPECT_EQ(store->GetStatus().revision(), 1)
      << "nothing of the group is visible before it is durable";
  held.Release();
  answers.Wait();
  EXPECT_THAT(seen, ElementsAre("a=1", "b=2 c=3"));
  EXPECT_EQ(Rows(*store->TakeSnapshot()), "b=2 c=3");
  EXPECT_EQ(store->GetStatus().revision(), 6) << "the refusal has its log record, too";
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

// Three layers of a scan: what is stored, what the group staged, what the command staged.
TEST(StoreTest, ScansMergeTheLayersInOrderOfKey) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  for (absl::string_view key : {"a", "b", "c", "d", "p1", "p2"}) {
    ASSERT_TRUE(store->Run(PutCommand(key, "db")).ok());
  }
  const std::string high("p\xff", 2);
  Answers answers;
  HeldWriter held(*store);
  answers.Submit(*store, CommandOf([](Txn& txn) -> absl::StatusOr<std::string> {
    txn.Put("b", "group");
    txn.Erase("c");
    txn.Put("e", "group");
    return std::string();
  }));
  answers.Submit(*store, CommandOf([&](Txn& txn) -> absl::StatusOr<std::string> {
    txn.Put("b", "own");
    txn.Put("c", "own");
    txn.Erase("d");
    txn.Put("bb", "own");
    EXPECT_EQ(Rows(txn), "a=db b=own bb=own c=own e=group p1=db p2=db");
    EXPECT_EQ(Rows(txn, KeyRange::Prefix("p")), "p1=db p2=db");
    EXPECT_EQ(Rows(txn, KeyRange::After("p", "p1")), "p2=db");
    EXPECT_EQ(Rows(txn, KeyRange::After("p", "")), "p1=db p2=db");
    EXPECT_EQ(Rows(txn, KeyRange::Prefix("b")), "b=own bb=own");
    EXPECT_EQ(Rows(txn, KeyRange{"b", "c"}), "b=own bb=own");
    EXPECT_EQ(Rows(txn, KeyRange{"c", "b"}), "");
    // A visit may stage while it scans.
    EXPECT_TRUE(txn.Scan(KeyRange::Prefix("p"),
                         [&](auto key, auto) {
                           txn.Erase(key);
                           return true;
                         })
                    .ok());
    EXPECT_EQ(Rows(txn, KeyRange::Prefix("p")), "");
    return std::string();
  }));
  held.Release();
  for (const auto& outcome : answers.Wait()) EXPECT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(Rows(*store->TakeSnapshot()), "a=db b=own bb=own c=own e=group");
  EXPECT_EQ(KeyRange::Prefix(high).end, "q");
  EXPECT_EQ(KeyRange::Prefix("\xff").end, "");
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

TEST(StoreTest, ASnapshotStaysAsItWas) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  ASSERT_TRUE(store->Run(PutCommand("k", "1")).ok());
  std::unique_ptr<Snapshot> before = store->TakeSnapshot();
  ASSERT_TRUE(store->Run(PutCommand("k", "2")).ok());
  EXPECT_EQ(ValueOf(*before, "k"), "1");
  EXPECT_EQ(before->revision(), 1);
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "2");
}

TEST(IdempotencyTest, SameIdSameBodyIsTheSameAnswerOtherBodyIsRefused) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  absl::StatusOr<Outcome> first = store->Run(PutCommand("k", "1", RequestId(1)));
  ASSERT_TRUE(first.ok());
  // What the command would do now does not matter: it does not run again.
  for (bool reopened : {false, true}) {
    SCOPED_TRACE(reopened);
    if (reopened) {
      store.reset();
      store = OpenOrDie(folder.StoreOptions());
    }
    absl::StatusOr<Outcome> again = store->Run(PutCommand("k", "2", RequestId(1)));
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again->replayed);
    EXPECT_EQ(again->response, "put k=1");
    EXPECT_EQ(again->revision, 1);

    Command other = PutCommand("k", "2", RequestId(1));
    other.origin.body_hash = "other body";
    absl::Status reused = store->Run(other).status();
    EXPECT_EQ(reused.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(status::ReasonOf(reused), "REQUEST_ID_REUSED");
  }
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "1");
  EXPECT_EQ(store->GetStatus().revision(), 1);
  // Another scope or method is another request.
  Command scope = PutCommand("k", "3", RequestId(1));
  scope.origin.scope = "org-2";
  EXPECT_FALSE(store->Run(scope)->replayed);
  Command method = PutCommand("k", "4", RequestId(1));
  method.origin.method = "/nscl.test.v1.TestService/Other";
  EXPECT_FALSE(store->Run(method)->replayed);
  EXPECT_EQ(store->GetStatus().revision(), 3);
}

TEST(IdempotencyTest, ARepeatWithinTheGroupIsAnsweredFromTheGroup) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  Answers answers;
  HeldWriter held(*store);
  for (int i = 0; i < 100; ++i) {
    answers.Submit(*store, PutCommand("k", absl::StrCat(i), RequestId(7)));
  }
  held.Release();
  int replayed = 0;
  for (const auto& outcome : answers.Wait()) {
    ASSERT_TRUE(outcome.ok()) << outcome.status();
    EXPECT_EQ(outcome->response, "put k=0");
    replayed += outcome->replayed;
  }
  EXPECT_EQ(replayed, 99);
  EXPECT_EQ(store->GetStatus().revision(), 1);
}

// Every code once: all are logged; those that another state would not have given are kept, with
// details.
TEST(IdempotencyTest, RefusalsThatDependOnStateAreKept) {
  struct {
    absl::StatusCode code;
    bool kept;
  } rows[] = {
      {absl::StatusCode::kFailedPrecondition, true},
      {absl::StatusCode::kAlreadyExists, true},
      {absl::StatusCode::kAborted, true},
      {absl::StatusCode::kNotFound, true},
      {absl::StatusCode::kInvalidArgument, false},
      {absl::StatusCode::kPermissionDenied, false},
      {absl::StatusCode::kResourceExhausted, false},
      {absl::StatusCode::kUnavailable, false},
      {absl::StatusCode::kDeadlineExceeded, false},
      {absl::StatusCode::kInternal, false},
  };
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  int64_t id = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StatusCodeToString(row.code));
    absl::Status refusal =
        status::Error(row.code, "RULE").Meta("available_vnd", 5).En("no").Vi("không");
    const std::string request_id = RequestId(++id);
    EXPECT_EQ(store->Run(Refused(refusal, request_id)).status(), refusal);
    EXPECT_EQ(store->GetStatus().revision(), 2 * id - 1);
    absl::StatusOr<Outcome> again = store->Run(PutCommand("k", "v", request_id));
    if (row.kept) {
      EXPECT_EQ(again.status(), refusal) << "details included";
      EXPECT_EQ(status::MetadataOf(again.status(), "available_vnd"), "5");
      ASSERT_TRUE(store->Run(PutCommand("k", "v")).ok());
    } else {
      EXPECT_TRUE(again.ok()) << again.status();
    }
    EXPECT_EQ(store->GetStatus().revision(), 2 * id);
    EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "never"), "<none>");
  }
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

TEST(StoreTest, ADryRunStoresNothingAndKeepsNoAnswer) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  Command dry = PutCommand("k", "v", RequestId(1));
  dry.dry_run = true;
  EXPECT_EQ(store->Run(dry)->response, "put k=v");
  Command refused = Refused(absl::FailedPreconditionError("no"), RequestId(1));
  refused.dry_run = true;
  EXPECT_EQ(store->Run(refused).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store->GetStatus().revision(), 0);
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "<none>");
  EXPECT_FALSE(store->Run(PutCommand("k", "v", RequestId(1)))->replayed);
}

TEST(StoreTest, ACancelledCommandDoesNothing) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  Command command = PutCommand("k", "v", RequestId(1));
  command.cancelled = [] { return true; };
  EXPECT_EQ(store->Run(command).status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(store->GetStatus().revision(), 0);
  EXPECT_FALSE(store->Run(PutCommand("k", "v", RequestId(1)))->replayed);
}

TEST(QueueTest, AFullQueueRefusesWithRetryInfo) {
  TestFolder folder;
  Options options = folder.StoreOptions();
  options.max_queue = 4;
  auto store = OpenOrDie(options);
  Answers answers;
  HeldWriter held(*store);
  // One province takes three quarters, another finds the rest.
  for (int i = 0; i < 4; ++i) answers.Submit(*store, PutCommand(absl::StrCat("k", i), "v"));
  for (int i = 0; i < 2; ++i) {
    Command other = PutCommand(absl::StrCat("m", i), "v");
    other.origin.province = "56";
    answers.Submit(*store, other);
  }
  held.Release();
  std::vector<std::string> reasons;
  for (const auto& outcome : answers.Wait()) reasons.push_back(status::ReasonOf(outcome.status()));
  EXPECT_THAT(reasons, ElementsAre("", "", "", "OVERLOADED", "", "OVERLOADED"));
  const absl::Status& refused = answers.Wait()[3].status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(refused.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
}

TEST(QueueTest, ProvincesTakeTurns) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  std::vector<std::string> order;
  Answers answers;
  HeldWriter held(*store);
  for (absl::string_view province : {"48", "48", "48", "48", "56", "56", "14"}) {
    Command command = CommandOf([&order, province](Txn&) -> absl::StatusOr<std::string> {
      order.emplace_back(province);
      return std::string();
    });
    command.origin.province = std::string(province);
    answers.Submit(*store, command);
  }
  held.Release();
  answers.Wait();
  EXPECT_THAT(order, ElementsAre("48", "56", "14", "48", "56", "48", "48"));
}

// Many threads, counters that only serial execution gets right, and every answer once.
TEST(QueueTest, CommandsOfManyThreadsRunOneAfterAnother) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  constexpr int kThreads = 16, kEach = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&store, t] {
      for (int i = 0; i < kEach; ++i) {
        absl::StatusOr<Outcome> outcome = store->Run(CommandOf(
            [](Txn& txn) -> absl::StatusOr<std::string> {
              int n = 0;
              std::string before = ValueOf(txn, "counter");
              if (before != "<none>") n = std::stoi(before);
              txn.Put("counter", absl::StrCat(n + 1));
              return absl::StrCat(n + 1);
            },
            RequestId(t * kEach + i)));
        ASSERT_TRUE(outcome.ok()) << outcome.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "counter"), absl::StrCat(kThreads * kEach));
  EXPECT_EQ(store->GetStatus().revision(), kThreads * kEach);
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

TEST(QueueTest, AnAnswerMaySubmitTheNextCommand) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  std::mutex mutex;
  std::condition_variable wakes;
  int left = 2000;
  std::function<void(absl::StatusOr<Outcome>)> next = [&](absl::StatusOr<Outcome> outcome) {
    EXPECT_TRUE(outcome.ok());
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (--left == 0) return wakes.notify_all();
    }
    Command command = PutCommand("k", "v");
    command.dry_run = true;
    store->Submit(std::move(command), next);
  };
  store->Submit(PutCommand("k", "v"), next);
  std::unique_lock<std::mutex> lock(mutex);
  wakes.wait(lock, [&] { return left == 0; });
}

TEST(TimeTest, CommitTimesIncreaseThoughTheClockGoesBack) {
  TestFolder folder;
  const absl::Time start = absl::FromUnixSeconds(1'700'000'000);
  time::ManualClock clock(start);
  Options options = folder.StoreOptions();
  options.clock = &clock;
  auto store = OpenOrDie(options);
  absl::Time seen;
  const auto tell = [&](Txn& txn) -> absl::StatusOr<std::string> {
    seen = txn.commit_time();
    return std::string();
  };
  struct {
    absl::Duration advance;
    absl::Duration expected;  // since the start
  } rows[] = {
      {absl::ZeroDuration(), absl::ZeroDuration()},
      {absl::ZeroDuration(), absl::Microseconds(1)},
      {absl::Seconds(1), absl::Seconds(1)},
      {absl::Hours(-1), absl::Seconds(1) + absl::Microseconds(1)},
      {absl::Hours(2), absl::Hours(1) + absl::Seconds(1)},
  };
  for (const auto& row : rows) {
    clock.Advance(row.advance);
    ASSERT_TRUE(store->Run(CommandOf(tell)).ok());
    EXPECT_EQ(seen - start, row.expected);
  }
  // Kept over a restart.
  clock.Set(start);
  store.reset();
  store = OpenOrDie(options);
  ASSERT_TRUE(store->Run(CommandOf(tell)).ok());
  EXPECT_EQ(seen - start, absl::Hours(1) + absl::Seconds(1) + absl::Microseconds(1));
}

TEST(TimeTest, AForwardJumpRefusesWritesUntilItIsConfirmed) {
  TestFolder folder;
  time::ManualClock wall(absl::FromUnixSeconds(1'700'000'000));
  time::ManualClock steady(absl::UnixEpoch());
  Options options = folder.StoreOptions();
  options.clock = &wall;
  options.steady_clock = &steady;
  auto store = OpenOrDie(options);
  const auto pass = [&](absl::Duration wall_time, absl::Duration steady_time) {
    wall.Advance(wall_time);
    steady.Advance(steady_time);
  };
  const auto reason = [&] { return status::ReasonOf(store->Run(PutCommand("k", "v")).status()); };
  EXPECT_EQ(reason(), "");
  pass(absl::Hours(14), absl::Hours(14));
  EXPECT_EQ(reason(), "") << "a quiet night is no jump";
  pass(absl::Minutes(5), absl::ZeroDuration());
  EXPECT_EQ(reason(), "") << "the limit itself is none";
  pass(absl::Minutes(5) + absl::Milliseconds(1), absl::ZeroDuration());
  EXPECT_EQ(reason(), "CLOCK_JUMPED");
  EXPECT_EQ(store->GetStatus().write_state(), StoreStatus::WRITE_STATE_CLOCK_JUMPED);
  pass(absl::Minutes(1), absl::Minutes(1));
  EXPECT_EQ(reason(), "CLOCK_JUMPED") << "it does not become right by waiting";
  pass(absl::Minutes(-5), absl::ZeroDuration());
  EXPECT_EQ(reason(), "") << "a clock that was set back is well again";
  pass(absl::Hours(1), absl::ZeroDuration());
  EXPECT_EQ(reason(), "CLOCK_JUMPED");
  store->ConfirmClock();
  EXPECT_EQ(reason(), "");
  EXPECT_EQ(store->GetStatus().write_state(), StoreStatus::WRITE_STATE_OPEN);
  pass(absl::Hours(-1), absl::ZeroDuration());
  EXPECT_EQ(reason(), "") << "a jump back is none: commit times go on from the last";
}

TEST(SpaceTest, AShareOfTheVolumeIsKeptFreeToo) {
  TestFolder folder;
  std::atomic<int64_t> free{1000};
  Options options = folder.StoreOptions();
  options.low_space_bytes = 10;
  options.resume_space_bytes = 20;
  options.volume = [&] { return Volume{free.load(), 1000}; };
  auto store = OpenOrDie(options);
  // Five hundredths of the volume are more than both marks.
  for (const auto& [room, reason] :
       {std::pair<int64_t, const char*>{50, ""}, {49, "STORAGE_FULL"}, {50, ""}}) {
    SCOPED_TRACE(room);
    free = room;
    EXPECT_EQ(status::ReasonOf(store->Run(PutCommand("k", "v")).status()), reason);
  }
}

TEST(MemoryTest, TheStoreSaysWhatItsCachesHold) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  ASSERT_TRUE(store->Run(PutCommand("k", std::string(10'000, 'v'))).ok());
  EXPECT_GT(store->memory_use().write_buffer_bytes, 10'000);
  EXPECT_LE(store->memory_use().block_cache_bytes, folder.StoreOptions().block_cache_bytes);
}

TEST(LatestTest, ReadsWhatIsDurable) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  const Reader& latest = store->Latest();
  EXPECT_EQ(latest.revision(), 0);
  for (const char* value : {"a", "b"}) {
    ASSERT_TRUE(store->Run(PutCommand("k", value)).ok());
    EXPECT_EQ(ValueOf(latest, "k"), value);
  }
  EXPECT_EQ(latest.revision(), 2);
  std::vector<std::string> keys;
  ASSERT_TRUE(latest
                  .Scan(KeyRange::Prefix("k"),
                        [&](absl::string_view key, absl::string_view) {
                          keys.emplace_back(key);
                          return true;
                        })
                  .ok());
  EXPECT_EQ(keys, std::vector<std::string>{"k"});
}

TEST(SpaceTest, WritesAreRefusedBelowTheMarkAndComeBackAboveTheOther) {
  TestFolder folder;
  std::atomic<int64_t> free{100};
  Options options = folder.StoreOptions();
  options.low_space_bytes = 10;
  options.resume_space_bytes = 20;
  options.volume = [&] { return Volume{free.load(), 0}; };
  auto store = OpenOrDie(options);
  ASSERT_TRUE(store->Run(PutCommand("k", "v", RequestId(1))).ok());
  struct {
    int64_t free;
    const char* reason;
    StoreStatus::WriteState state;
  } rows[] = {
      {10, "", StoreStatus::WRITE_STATE_OPEN},
      {9, "STORAGE_FULL", StoreStatus::WRITE_STATE_LOW_SPACE},
      {19, "STORAGE_FULL", StoreStatus::WRITE_STATE_LOW_SPACE},
      {20, "", StoreStatus::WRITE_STATE_OPEN},
      {15, "", StoreStatus::WRITE_STATE_OPEN},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.free);
    free = row.free;
    absl::Status status = store->Run(PutCommand("k", "v")).status();
    EXPECT_EQ(status::ReasonOf(status), row.reason);
    EXPECT_EQ(store->GetStatus().write_state(), row.state);
    if (!status.ok()) {
      EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
      EXPECT_TRUE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
    }
    EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k"), "v") << "reads go on";
    EXPECT_TRUE(store->Run(PutCommand("k", "v", RequestId(1)))->replayed) << "so do kept answers";
  }
}

TEST(AsOfTest, TheLastImageAtOrBefore) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  const std::string zero("k\0", 2);  // keys with zero bytes, one the prefix of another
  const std::string longer("k\0\0x", 4);
  ASSERT_TRUE(store->Run(PutCommand("other", "o")).ok());            // 1
  ASSERT_TRUE(store->Run(PutCommand(zero, "a")).ok());               // 2
  ASSERT_TRUE(store->Run(PutCommand(longer, "long")).ok());          // 3
  ASSERT_TRUE(store->Run(PutCommand(zero, "b")).ok());               // 4
  ASSERT_FALSE(store->Run(Refused(absl::AbortedError("no"))).ok());  // 5
  ASSERT_TRUE(store
                  ->Run(CommandOf([&](Txn& txn) -> absl::StatusOr<std::string> {  // 6
                    txn.Erase(zero);
                    return std::string();
                  }))
                  .ok());
  ASSERT_TRUE(store->Run(PutCommand(zero, "c")).ok());  // 7
  const char* expected[] = {"<none>", "<none>", "a", "a", "b", "b", "<none>", "c"};
  for (int64_t revision = 0; revision <= 7; ++revision) {
    SCOPED_TRACE(revision);
    EXPECT_EQ(store->GetAsOf(zero, revision)->value_or("<none>"), expected[revision]);
  }
  EXPECT_EQ(store->GetAsOf(longer, 7)->value_or("<none>"), "long");
  EXPECT_EQ(store->GetAsOf("k", 7)->value_or("<none>"), "<none>");
  EXPECT_EQ(status::ReasonOf(store->GetAsOf(zero, 8).status()), "REVISION_AHEAD");
}

TEST(FeedTest, EventsAreDenseStampedAndNeverSplit) {
  TestFolder folder;
  const absl::Time now = absl::FromUnixMicros(1'700'000'000'123'456);
  time::ManualClock clock(now);
  Options options = folder.StoreOptions();
  options.clock = &clock;
  auto store = OpenOrDie(options);
  Command command = EmitCommand("a", "48");
  command.origin.request_id = RequestId(1);
  ASSERT_TRUE(store->Run(command).ok());
  ASSERT_TRUE(store->Run(PutCommand("no", "event")).ok());
  ASSERT_TRUE(store->Run(EmitCommand("b", "56", 3)).ok());
  ASSERT_TRUE(store->Run(EmitCommand("c", "48")).ok());

  absl::StatusOr<EventPage> page = store->ReadEvents(0, 0, "", 100);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->events.size(), 5);
  EXPECT_EQ(page->next_position, 5);
  EXPECT_EQ(page->head_position, 5);
  EXPECT_EQ(page->epoch, 1);
  int64_t position = 0;
  for (const std::string& event : page->events) {
    EXPECT_EQ(MetadataOf(event).position(), ++position);
    EXPECT_EQ(MetadataOf(event).epoch(), 1);
    EXPECT_EQ(MetadataOf(event).log_hash().size(), 64);
  }
  nscl::event::v1::EventMetadata first = MetadataOf(page->events[0]);
  EXPECT_EQ(first.type(), "thing.changed");
  EXPECT_EQ(first.revision(), 1);
  EXPECT_EQ(first.actor(), "user:test|an");
  EXPECT_EQ(first.request_id(), RequestId(1));
  EXPECT_EQ(first.commit_time().seconds(), 1'700'000'000);
  EXPECT_EQ(first.commit_time().nanos(), 123'456'000);
  EXPECT_EQ(MetadataOf(page->events[4]).log_hash(), store->GetStatus().log_hash());
  EXPECT_EQ(page->events[1].substr(page->events[1].size() - 4), std::string("\x12\x02") + "b0");

  struct {
    int64_t after;
    const char* province;
    int limit;
    size_t events;
    int64_t next;
  } rows[] = {
      {0, "", 1, 1, 1},   {1, "", 1, 3, 4},   {1, "-", 4, 4, 5},   {0, "48", 10, 2, 5},
      {0, "56", 1, 3, 4}, {2, "56", 1, 2, 4}, {0, "14", 10, 0, 5}, {5, "", 10, 0, 5},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(absl::StrCat(row.after, " ", row.province, " ", row.limit));
    page = store->ReadEvents(row.after, 1, row.province, row.limit);
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->events.size(), row.events);
    EXPECT_EQ(page->next_position, row.next);
  }
  EXPECT_EQ(status::ReasonOf(store->ReadEvents(6, 1, "", 1).status()), "CURSOR_AHEAD");
  EXPECT_EQ(status::ReasonOf(store->ReadEvents(0, 2, "", 1).status()), "EPOCH_CHANGED");
  EXPECT_EQ(store->ReadEvents(-1, 1, "", 1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

TEST(FeedTest, WaitersWakeOnceWhenTheHeadPasses) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  std::atomic<int> wakes{0}, cancelled{0}, at_close{0};
  store->WaitForEvents(0, [&] { ++wakes; });
  int64_t token = store->WaitForEvents(0, [&] { ++cancelled; });
  store->CancelWait(token);
  store->WaitForEvents(5, [&] { ++at_close; });
  ASSERT_TRUE(store->Run(PutCommand("no", "event")).ok());
  EXPECT_EQ(wakes, 0);
  ASSERT_TRUE(store->Run(EmitCommand("a", "48")).ok());
  ASSERT_TRUE(store->Run(EmitCommand("a", "48")).ok());
  store->WaitForEvents(1, [&] { ++wakes; });  // passed already: at once
  EXPECT_EQ(at_close, 0);
  ASSERT_TRUE(store->Close().ok());
  EXPECT_EQ(wakes, 2);
  EXPECT_EQ(cancelled, 0);
  EXPECT_EQ(at_close, 1);
  store->WaitForEvents(9, [&] { ++at_close; });
  EXPECT_EQ(at_close, 2) << "a closed store wakes at once";
}

TEST(SweepTest, AnswersGoAfterThirtyDaysOfLogTimeUnlessKeptForEver) {
  TestFolder folder;
  time::ManualClock clock(absl::FromUnixSeconds(1'700'000'000));
  Options options = folder.StoreOptions();
  options.clock = &clock;
  auto store = OpenOrDie(options);
  ASSERT_TRUE(store->Run(PutCommand("k", "1", RequestId(1))).ok());
  Command forever = PutCommand("k", "2", RequestId(2));
  forever.retention = Retention::kForever;
  ASSERT_TRUE(store->Run(forever).ok());
  ASSERT_FALSE(store->Run(Refused(absl::AbortedError("no"), RequestId(3))).ok());
  clock.Advance(absl::Hours(24 * 30));
  EXPECT_EQ(*store->SweepKeptAnswers(), 0) << "the last day is theirs, too";
  EXPECT_EQ(store->GetStatus().revision(), 3) << "a sweep of nothing is not logged";
  ASSERT_TRUE(store->Run(PutCommand("k", "3", RequestId(4))).ok());
  clock.Advance(absl::Seconds(1));
  EXPECT_EQ(*store->SweepKeptAnswers(), 2);
  EXPECT_EQ(*store->SweepKeptAnswers(), 0);
  EXPECT_FALSE(store->Run(PutCommand("k", "4", RequestId(1)))->replayed);
  EXPECT_TRUE(store->Run(PutCommand("k", "4", RequestId(2)))->replayed);
  EXPECT_TRUE(store->Run(PutCommand("k", "4", RequestId(3))).ok());
  EXPECT_TRUE(store->Run(PutCommand("k", "4", RequestId(4)))->replayed);
  // The id was taken anew: the old record does not sweep the new answer.
  store.reset();
  store = OpenOrDie(options);
  EXPECT_TRUE(store->Run(PutCommand("k", "5", RequestId(1)))->replayed);
  clock.Advance(absl::Hours(24 * 31));
  EXPECT_EQ(*store->SweepKeptAnswers(), 3);
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
}

TEST(CloseTest, WhatIsQueuedIsDoneWhatComesLaterIsRefused) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  Answers answers;
  HeldWriter held(*store);
  for (int i = 0; i < 10; ++i) answers.Submit(*store, PutCommand(absl::StrCat("k", i), "v"));
  std::thread closer([&] { EXPECT_TRUE(store->Close().ok()); });
  held.Release();
  closer.join();
  for (const auto& outcome : answers.Wait()) EXPECT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(status::ReasonOf(store->Run(PutCommand("k", "v")).status()), "STORE_CLOSED");
  EXPECT_TRUE(store->Close().ok()) << "twice is once";
}

}  // namespace
}  // namespace nscl::store
