// A failing disk, a full disk, a lost page cache: what the store promises of each.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <optional>
#include <random>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/store/store.h"
#include "common/store/testing/faulty_disk.h"
#include "common/store/testing/fixture.h"
#include "common/testing/random.h"

namespace nscl::store {
namespace {

// A command of several rows, derived rows and an event: what must be there together or not at all.
Command Transfer(int64_t n) {
  return CommandOf(
      [n](Txn& txn) -> absl::StatusOr<std::string> {
        int64_t count = 0;
        std::string before = ValueOf(txn, "count");
        if (before != "<none>" && !absl::SimpleAtoi(before, &count))
          return absl::InternalError(before);
        txn.Put("count", absl::StrCat(count + 1));
        txn.Put(absl::StrCat("row/", n), std::string(200, 'x'));
        txn.PutDerived(absl::StrCat("index/", n), "");
        nscl::event::v1::EventMetadata metadata;
        metadata.set_type("thing.done");
        metadata.set_resource_name(absl::StrCat("things/", n));
        txn.Emit(metadata, 2, absl::StrCat("thing ", n));
        return absl::StrCat("done ", n);
      },
      RequestId(n));
}

// All of a transfer or nothing of it.
void ExpectWhole(const Store& store, int64_t n, bool there) {
  SCOPED_TRACE(absl::StrCat("transfer ", n));
  auto snapshot = store.TakeSnapshot();
  EXPECT_EQ(ValueOf(*snapshot, absl::StrCat("row/", n)) != "<none>", there);
  EXPECT_EQ(ValueOf(*snapshot, absl::StrCat("index/", n)) != "<none>", there);
}

class FailingDiskTest : public ::testing::TestWithParam<FaultyDisk::Operation> {};

// Each n-th write or sync of a busy while fails once: the process is told to stop, nothing is
// acknowledged from there on, nothing is half applied after reopening, and the command in doubt,
// sent again with its request id, is done exactly once.
TEST_P(FailingDiskTest, StopsAndSettlesByTheRequestId) {
  int stopped = 0;
  for (int n : {1, 2, 3, 4, 5, 6, 7, 9, 12, 16, 20, 25}) {
    SCOPED_TRACE(absl::StrCat("the ", n, "th fails"));
    TestFolder folder;
    auto disk = std::make_shared<FaultyDisk>();
    std::unique_ptr<rocksdb::Env> env = FaultyDisk::EnvOf(disk);
    Options options = folder.StoreOptions();
    options.env = env.get();
    std::atomic<int> stops{0};
    options.fail_stop = [&](const absl::Status&) { ++stops; };
    int64_t acknowledged = 0;
    int64_t tried = 0;
    {
      auto store = OpenOrDie(options);
      ASSERT_TRUE(store->Run(Transfer(++tried)).ok());
      ++acknowledged;
      disk->FailFrom(GetParam(), n);
      while (tried < 60) {
        absl::StatusOr<Outcome> outcome = store->Run(Transfer(++tried));
        if (!outcome.ok()) {
          EXPECT_EQ(status::ReasonOf(outcome.status()), "OUTCOME_UNKNOWN");
          break;
        }
        EXPECT_EQ(outcome->response, absl::StrCat("done ", tried));
        ++acknowledged;
      }
      if (tried < 60 || disk->failed()) {
        ++stopped;
        EXPECT_EQ(stops, 1);
        EXPECT_EQ(status::ReasonOf(store->Run(Transfer(1000)).status()), "OUTCOME_UNKNOWN");
      }
      store->Close().IgnoreError();
    }
    disk->Heal();
    auto store = OpenOrDie(options);
    auto verified = store->Verify();
    EXPECT_TRUE(verified.ok()) << verified.status();
    for (int64_t i = 1; i <= acknowledged; ++i) ExpectWhole(*store, i, true);
    EXPECT_LE(store->GetStatus().revision(), tried);
    EXPECT_GE(store->GetStatus().revision(), acknowledged);
    if (tried > acknowledged) {
      const bool was_there = store->GetStatus().revision() == tried;
      ExpectWhole(*store, tried, was_there);
      absl::StatusOr<Outcome> settled = store->Run(Transfer(tried));
      ASSERT_TRUE(settled.ok()) << settled.status();
      EXPECT_EQ(settled->replayed, was_there);
      EXPECT_EQ(settled->response, absl::StrCat("done ", tried));
    }
    EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "count"), absl::StrCat(tried)) << "each exactly once";
    EXPECT_EQ(store->GetStatus().event_position(), tried);
    ExpectWhole(*store, 1000, false);
  }
  EXPECT_GE(stopped, 10) << "the test is void where nothing failed";
}

INSTANTIATE_TEST_SUITE_P(Each, FailingDiskTest,
                         ::testing::Values(FaultyDisk::Operation::kWrite,
                                           FaultyDisk::Operation::kSync),
                         [](const auto& info) {
                           return info.param == FaultyDisk::Operation::kWrite ? "Write" : "Sync";
                         });

// Left to itself a store ends its process: EX_IOERR, and a line that says why.
// NOLINTBEGIN(concurrency-mt-unsafe): the environment reaches the process that dies
TEST(FailStopDeathTest, TheProcessEndsWith74) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  // The process that dies removes nothing: it works in the folder of the one that watches.
  constexpr char kFolder[] = "NSCL_DEATH_TEST_FOLDER";
  std::optional<TestFolder> folder;
  if (getenv(kFolder) == nullptr) {
    folder.emplace();
    setenv(kFolder, folder->store_path().c_str(), 1);
  }
  const auto fail = [&] {
    auto disk = std::make_shared<FaultyDisk>();
    std::unique_ptr<rocksdb::Env> env = FaultyDisk::EnvOf(disk);
    Options options;
    options.service = "test";
    options.path = getenv(kFolder);
    options.env = env.get();
    options.init = true;
    options.low_space_bytes = 0;
    auto store = OpenOrDie(options);
    disk->FailFrom(FaultyDisk::Operation::kSync, 1);
    store->Run(Transfer(1)).IgnoreError();
  };
  EXPECT_EXIT(fail(), ::testing::ExitedWithCode(74), "store stops: the disk failed");
  unsetenv(kFolder);
}
// NOLINTEND(concurrency-mt-unsafe)

// The same for every write and sync of making and opening a store: it opens afterwards, or is made
// anew, and no half-made store stays in the way.
TEST(FailingDiskTest, MakingAStoreIsAllOrNothing) {
  for (FaultyDisk::Operation operation :
       {FaultyDisk::Operation::kWrite, FaultyDisk::Operation::kSync}) {
    bool failed = true;
    int n = 1;
    for (; failed && n < 200; n += n < 8 ? 1 : 6) {
      SCOPED_TRACE(n);
      TestFolder folder;
      auto disk = std::make_shared<FaultyDisk>();
      std::unique_ptr<rocksdb::Env> env = FaultyDisk::EnvOf(disk);
      Options options = folder.StoreOptions();
      options.env = env.get();
      disk->FailFrom(operation, n);
      auto store = Store::Open(options);
      failed = disk->failed();
      if (store.ok()) (*store)->Close().IgnoreError();
      store = absl::UnknownError("");
      disk->Heal();
      auto again = OpenOrDie(options);
      EXPECT_TRUE(again->Run(Transfer(1)).ok());
      EXPECT_TRUE(again->Verify().ok());
    }
    EXPECT_GT(n, 10) << "the test is void where nothing failed";
    EXPECT_LT(n, 200);
  }
}

// The disk itself says that it is full, the mark having failed. In a flush: writes are refused
// until there is space, and come back by themselves.
TEST(FullDiskTest, AFlushWithoutSpaceRefusesWritesUntilThereIsSome) {
  TestFolder folder;
  auto disk = std::make_shared<FaultyDisk>();
  std::unique_ptr<rocksdb::Env> env = FaultyDisk::EnvOf(disk);
  Options options = folder.StoreOptions();
  options.env = env.get();
  std::atomic<int> stops{0};
  options.fail_stop = [&](const absl::Status& status) {
    ADD_FAILURE() << status;
    ++stops;
  };
  auto store = OpenOrDie(options);
  disk->SetNoSpaceForTables(true);
  int64_t tried = 0;
  absl::Status refused;
  for (; refused.ok() && tried < 100; ++tried) {
    refused = store
                  ->Run(CommandOf([&](Txn& txn) -> absl::StatusOr<std::string> {
                    txn.PutDerived(absl::StrCat("big/", tried), std::string(size_t{1} << 20, 'x'));
                    return std::string();
                  }))
                  .status();
  }
  ASSERT_FALSE(refused.ok()) << "the test is void where no flush failed";
  EXPECT_EQ(status::ReasonOf(refused), "STORAGE_FULL") << refused;
  EXPECT_EQ(store->GetStatus().write_state(), nscl::store::v1::StoreStatus::WRITE_STATE_LOW_SPACE);
  EXPECT_NE(ValueOf(*store->TakeSnapshot(), "big/0"), "<none>");
  disk->SetNoSpaceForTables(false);
  absl::Status back = absl::UnknownError("");
  const absl::Time patience = time::SystemClock().Now() + absl::Seconds(30);
  while (!back.ok() && time::SystemClock().Now() < patience) {
    back = store->Run(Transfer(1)).status();
    if (!back.ok()) std::this_thread::yield();
  }
  EXPECT_TRUE(back.ok()) << back;
  EXPECT_EQ(stops, 0);
  EXPECT_TRUE(store->Verify().ok());
  EXPECT_TRUE(store->Close().ok());
}

// In the log: what became of the write is not known; the process stops, and the request id settles
// it.
TEST(FullDiskTest, ALogWithoutSpaceStopsAndSettlesByTheRequestId) {
  TestFolder folder;
  auto disk = std::make_shared<FaultyDisk>();
  std::unique_ptr<rocksdb::Env> env = FaultyDisk::EnvOf(disk);
  Options options = folder.StoreOptions();
  options.env = env.get();
  auto store = OpenOrDie(options);
  int64_t acknowledged = 0;
  for (; acknowledged < 20; ++acknowledged) ASSERT_TRUE(store->Run(Transfer(acknowledged)).ok());
  disk->SetFull(true);
  absl::Status refused = store->Run(Transfer(acknowledged)).status();
  EXPECT_FALSE(refused.ok());
  for (int64_t n = 0; n < acknowledged; ++n) ExpectWhole(*store, n, true);  // reads go on
  store.reset();
  disk->Heal();
  store = OpenOrDie(options);
  EXPECT_TRUE(store->Verify().ok()) << store->Verify().status();
  for (int64_t n = 0; n < acknowledged; ++n) ExpectWhole(*store, n, true);
  absl::StatusOr<Outcome> settled = store->Run(Transfer(acknowledged));
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_EQ(settled->response, absl::StrCat("done ", acknowledged));
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "count"), absl::StrCat(acknowledged + 1));
}

// Power cuts at random moments under four writers. Returns the acknowledged transfers that were
// missing.
int CutPower(bool sync, int cuts, std::mt19937_64& random) {
  TestFolder folder;
  auto disk = std::make_shared<FaultyDisk>();
  disk->BufferUnsynced();
  std::unique_ptr<rocksdb::Env> env = FaultyDisk::EnvOf(disk);
  Options options = folder.StoreOptions();
  options.env = env.get();
  options.sync = sync;
  options.fail_stop = [](const absl::Status&) {};
  int missing = 0;
  std::atomic<int64_t> next{1};
  for (int cut = 0; cut < cuts; ++cut) {
    auto opened = Store::Open(options);
    if (!opened.ok()) {
      // Without syncs the store itself may be beyond opening: everything is missing.
      EXPECT_FALSE(sync) << opened.status();
      return missing + 1;
    }
    std::unique_ptr<Store> store = *std::move(opened);
    const int64_t wanted = 20 + static_cast<int64_t>(random() % 60);
    std::atomic<int64_t> acks{0};
    std::vector<std::thread> writers;
    std::vector<std::vector<int64_t>> acknowledged(4);
    for (auto& mine : acknowledged) {
      writers.emplace_back([&] {
        while (true) {
          const int64_t n = next++;
          if (!store->Run(Transfer(n)).ok()) return;
          mine.push_back(n);
          if (++acks == wanted) disk->LosePower();
        }
      });
    }
    for (std::thread& writer : writers) writer.join();
    store->Close().IgnoreError();
    store.reset();
    auto reopened = Store::Open(options);
    if (!reopened.ok()) {
      EXPECT_FALSE(sync) << reopened.status();
      return missing + 1;
    }
    for (const auto& mine : acknowledged) {
      for (int64_t n : mine) {
        missing += ValueOf(*(*reopened)->TakeSnapshot(), absl::StrCat("row/", n)) == "<none>";
      }
    }
    if (sync) {
      EXPECT_TRUE((*reopened)->Verify().ok()) << (*reopened)->Verify().status();
    }
  }
  return missing;
}

TEST(LostPageCacheTest, WithSyncNothingIsMissing) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  EXPECT_EQ(CutPower(true, 8, random), 0);
}

TEST(LostPageCacheTest, WithoutSyncTheTestWouldNotice) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  EXPECT_GT(CutPower(false, 1, random), 0);
}

}  // namespace
}  // namespace nscl::store
