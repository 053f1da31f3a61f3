// Opening: which folders are stores, what the anchor notices, what one flipped byte does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/store/anchor.h"
#include "common/store/marker.h"
#include "common/store/store.h"
#include "common/store/testing/fixture.h"
#include "common/testing/random.h"

#include <rocksdb/env.h>

namespace nscl::store {
namespace {

namespace fs = std::filesystem;
using nscl::store::v1::StoreStatus;

std::string ReasonOfOpening(const Options& options) {
  return status::ReasonOf(Store::Open(options).status());
}

void MakeStore(const TestFolder& folder, int commands = 3) {
  auto store = OpenOrDie(folder.StoreOptions());
  for (int i = 0; i < commands; ++i) {
    ASSERT_TRUE(store->Run(PutCommand(absl::StrCat("k", i), "v", RequestId(i))).ok());
  }
  ASSERT_TRUE(store->Close().ok());
}

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

TEST(OpenTest, OnlyInitMakesAStore) {
  TestFolder folder;
  Options options = folder.StoreOptions();
  options.init = false;
  EXPECT_EQ(Store::Open(options).status().code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(fs::exists(options.path)) << "a look leaves nothing behind";
  fs::create_directories(options.path);
  EXPECT_EQ(ReasonOfOpening(options), "STORE_MISSING");
  options.init = true;
  options.path += "/deeper/down";
  EXPECT_TRUE(Store::Open(options).ok());
  EXPECT_TRUE(Store::Open(options).ok()) << "init of a store that is there opens it";
}

TEST(OpenTest, AForeignFolderIsNeitherOpenedNorOverwritten) {
  TestFolder folder;
  fs::create_directories(folder.store_path());
  WriteFile(folder.store_path() + "/letter.txt", "dear");
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_MARKER_MISSING");
  EXPECT_EQ(ReadFile(folder.store_path() + "/letter.txt"), "dear");
}

TEST(OpenTest, ALostStoreNeverBecomesAnEmptyOne) {
  TestFolder folder;
  MakeStore(folder);
  fs::remove_all(folder.store_path());
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_LOST");
  fs::create_directories(folder.store_path());
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_LOST");
}

TEST(OpenTest, TheMarkerMustBeThisServicesAndKnown) {
  TestFolder folder;
  MakeStore(folder);
  Options other = folder.StoreOptions();
  other.service = "casework";
  EXPECT_EQ(ReasonOfOpening(other), "STORE_OTHER_SERVICE");
  Options newer = folder.StoreOptions();
  newer.schema_version = 2;
  EXPECT_EQ(ReasonOfOpening(newer), "") << "additive changes open";
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_SCHEMA_NEWER")
      << "and close the way back";
  fs::remove(folder.store_path() + "/" + kMarkerName);
  EXPECT_EQ(ReasonOfOpening(newer), "STORE_MARKER_MISSING");
}

TEST(OpenTest, OneProcessAtATime) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_IN_USE");
  ASSERT_TRUE(store->Close().ok());
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "");
}

TEST(OpenTest, AnInitThatWasInterruptedIsBegunAgain) {
  TestFolder folder;
  MakeStore(folder);
  fs::remove(folder.store_path() + "/" + kMarkerName);
  fs::remove(folder.store_path() + "/CURRENT");
  WriteFile(folder.store_path() + "/" + kInitName, "");
  Options look = folder.StoreOptions();
  look.init = false;
  EXPECT_EQ(ReasonOfOpening(look), "STORE_MISSING");
  auto store = OpenOrDie(folder.StoreOptions());
  EXPECT_EQ(store->GetStatus().revision(), 0);
  EXPECT_FALSE(fs::exists(folder.store_path() + "/" + kInitName));
}

TEST(AnchorTest, AHeadBehindTheAnchorRefusesWritesAndStaysReadable) {
  TestFolder folder;
  MakeStore(folder);
  rocksdb::Env* env = rocksdb::Env::Default();
  absl::StatusOr<Anchor> anchor = ReadAnchor(env, folder.store_path());
  ASSERT_TRUE(anchor.ok());
  EXPECT_TRUE(anchor->clean);
  EXPECT_EQ(anchor->revision, 3);
  anchor->revision = 4;
  ASSERT_TRUE(WriteAnchor(env, folder.store_path(), *anchor).ok());
  for (bool again : {false, true}) {  // the anchor that shows it is kept
    SCOPED_TRACE(again);
    auto store = OpenOrDie(folder.StoreOptions());
    absl::Status refused = store->Run(PutCommand("k", "v")).status();
    EXPECT_EQ(refused.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_EQ(status::ReasonOf(refused), "STORE_REGRESSED");
    EXPECT_EQ(store->GetStatus().write_state(), StoreStatus::WRITE_STATE_REGRESSED);
    EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k0"), "v");
    EXPECT_TRUE(store->Run(PutCommand("k0", "v", RequestId(0)))->replayed);
  }
}

// A crash, and the log gone with it: no mode of RocksDB notices, the anchor of the last flush does.
TEST(AnchorTest, ALostLogAfterACrashIsNoticed) {
  TestFolder folder;
  const std::string image = folder.path() + "/image";
  std::string anchor;
  {
    auto store = OpenOrDie(folder.StoreOptions());
    // Derived rows fill their family until it is flushed; the log's family is not, so its head
    // stands in the write-ahead log alone.
    for (int i = 0; i < 40; ++i) {
      ASSERT_TRUE(store
                      ->Run(CommandOf([i](Txn& txn) -> absl::StatusOr<std::string> {
                        txn.PutDerived(absl::StrCat("big/", i), std::string(size_t{1} << 20, 'x'));
                        return std::string();
                      }))
                      .ok());
    }
    const absl::Time patience = time::SystemClock().Now() + absl::Seconds(30);
    while (time::SystemClock().Now() < patience) {
      absl::StatusOr<Anchor> now = ReadAnchor(rocksdb::Env::Default(), folder.store_path());
      if (now.ok() && now->revision > 0) break;
      std::this_thread::yield();
    }
    anchor = ReadFile(AnchorPath(folder.store_path()));
    fs::copy(folder.store_path(), image, fs::copy_options::recursive);
    ASSERT_TRUE(store->Close().ok());
  }
  const auto crash = [&](bool lose_log) {
    fs::remove_all(folder.store_path());
    fs::copy(image, folder.store_path(), fs::copy_options::recursive);
    WriteFile(AnchorPath(folder.store_path()), anchor);
    if (!lose_log) return;
    for (const auto& entry : fs::directory_iterator(image)) {
      if (entry.path().extension() == ".log") {
        fs::remove(fs::path(folder.store_path()) / entry.path().filename());
      }
    }
  };
  crash(/*lose_log=*/false);
  {
    auto store = OpenOrDie(folder.StoreOptions());
    EXPECT_EQ(store->GetStatus().revision(), 40);
    EXPECT_EQ(store->GetStatus().write_state(), StoreStatus::WRITE_STATE_OPEN);
    EXPECT_TRUE(store->Verify().ok());
  }
  crash(/*lose_log=*/true);
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder.StoreOptions());
  if (store.ok()) {
    EXPECT_EQ(status::ReasonOf((*store)->Run(PutCommand("k", "v")).status()), "STORE_REGRESSED");
  } else {
    EXPECT_EQ(status::ReasonOf(store.status()), "STORE_CORRUPT");
  }
}

TEST(AnchorTest, AnotherHistoryIsDamage) {
  TestFolder folder;
  MakeStore(folder);
  rocksdb::Env* env = rocksdb::Env::Default();
  const Anchor anchor = *ReadAnchor(env, folder.store_path());
  Anchor other_hash = anchor;
  other_hash.log_hash[0] = other_hash.log_hash[0] == '0' ? '1' : '0';
  Anchor other_store = anchor;
  other_store.installation = NewUuid();
  Anchor other_epoch = anchor;
  other_epoch.epoch = 2;
  for (const Anchor& wrong : {other_hash, other_store, other_epoch}) {
    ASSERT_TRUE(WriteAnchor(env, folder.store_path(), wrong).ok());
    EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_CORRUPT");
  }
  fs::remove(AnchorPath(folder.store_path()));
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "STORE_CORRUPT");
}

// Every file of a cleanly stopped store taken away, cut, or lengthened: refused with its name.
TEST(AnchorTest, MissingAndCutFilesAreNamed) {
  TestFolder folder;
  MakeStore(folder);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder.store_path())) {
    const std::string name = entry.path().filename();
    if (absl::StartsWith(name, "LOG") || name == "LOCK" || name == kLockName) continue;
    files.push_back(entry.path());
  }
  EXPECT_GE(files.size(), 8);
  for (const fs::path& file : files) {
    SCOPED_TRACE(file);
    const std::string bytes = ReadFile(file);
    for (int how = 0; how < 3; ++how) {
      if (how == 0) fs::remove(file);
      if (how == 1 && bytes.empty()) continue;
      if (how == 1) WriteFile(file, bytes.substr(0, bytes.size() - 1));
      if (how == 2) WriteFile(file, bytes + "x");
      absl::Status status = Store::Open(folder.StoreOptions()).status();
      if (how == 0 && file.filename() == kMarkerName) {
        EXPECT_EQ(status::ReasonOf(status), "STORE_MARKER_MISSING");
      } else {
        EXPECT_EQ(status::ReasonOf(status), "STORE_CORRUPT");
        EXPECT_TRUE(absl::StrContains(status.message(), file.filename().string())) << status;
      }
      WriteFile(file, bytes);
    }
  }
  EXPECT_EQ(ReasonOfOpening(folder.StoreOptions()), "");
}

TEST(AnchorTest, AFileThatAppearedIsNamed) {
  TestFolder folder;
  MakeStore(folder);
  WriteFile(folder.store_path() + "/999999.log", "a log from elsewhere");
  absl::Status status = Store::Open(folder.StoreOptions()).status();
  EXPECT_EQ(status::ReasonOf(status), "STORE_CORRUPT");
  EXPECT_TRUE(absl::StrContains(status.message(), "999999.log")) << status;
}

struct Flip {
  fs::path file;
  size_t offset;
};

// A store with tables of several flushes, erased rows, refusals, kept answers and events.
void MakeRichStore(const TestFolder& folder) {
  for (int round = 0; round < 3; ++round) {
    auto store = OpenOrDie(folder.StoreOptions());
    for (int i = 0; i < 25; ++i) {
      const int n = round * 25 + i;
      ASSERT_TRUE(store
                      ->Run(CommandOf(
                          [n](Txn& txn) -> absl::StatusOr<std::string> {
                            txn.Put(absl::StrCat("row/", n % 40),
                                    std::string(40, static_cast<char>('a' + n % 26)));
                            txn.PutDerived(absl::StrCat("index/", n), "");
                            if (n % 7 == 0) txn.Erase(absl::StrCat("row/", (n + 20) % 40));
                            nscl::event::v1::EventMetadata metadata;
                            metadata.set_type("thing.done");
                            metadata.set_province(n % 2 == 0 ? "48" : "58");
                            txn.Emit(metadata, 2, absl::StrCat("thing ", n));
                            return absl::StrCat("done ", n);
                          },
                          RequestId(n)))
                      .ok());
    }
    ASSERT_FALSE(store
                     ->Run(CommandOf(
                         [](Txn&) -> absl::StatusOr<std::string> {
                           return absl::FailedPreconditionError("no");
                         },
                         RequestId(1000 + round)))
                     .ok());
    ASSERT_TRUE(store->Close().ok());
  }
}

// Opens, asks for everything (kept answers, too), closes. The dump, or why there is none.
absl::StatusOr<std::string> OpenAndDump(const TestFolder& folder) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(folder.StoreOptions());
  if (!store.ok()) return store.status();
  absl::StatusOr<std::string> dump = Dump(**store);
  if (!dump.ok()) return dump;
  for (int n = 0; n < 75; ++n) {
    Command replay = PutCommand("never", "run", RequestId(n));
    replay.cancelled = nullptr;
    absl::StatusOr<Outcome> outcome = (*store)->Run(replay);
    if (!outcome.ok()) return outcome.status();
    absl::StrAppend(&*dump, outcome->replayed ? outcome->response : "RUN ANEW", "\n");
  }
  return dump;
}

// One byte of a cleanly stopped store is flipped: all bytes of the MANIFEST, of the small files and
// 500 random others. Each ends refused, as DATA_LOSS, or in the same answers.
TEST(FlipTest, NoFlippedByteChangesAnAnswer) {
  TestFolder folder;
  MakeRichStore(folder);
  const std::string saved = folder.path() + "/saved";
  fs::copy(folder.store_path(), saved, fs::copy_options::recursive);
  const std::string anchor_path = AnchorPath(folder.store_path());
  const std::string anchor = ReadFile(anchor_path);
  const auto put_back = [&] {
    fs::remove_all(folder.store_path());
    fs::copy(saved, folder.store_path(), fs::copy_options::recursive);
    WriteFile(anchor_path, anchor);
  };
  const absl::StatusOr<std::string> expected = OpenAndDump(folder);
  ASSERT_TRUE(expected.ok()) << expected.status();
  ASSERT_EQ(expected->find("RUN ANEW"), std::string::npos);
  put_back();

  std::vector<Flip> manifest, others;
  for (const auto& entry : fs::directory_iterator(folder.store_path())) {
    const bool is_manifest = absl::StartsWith(entry.path().filename().string(), "MANIFEST-");
    for (size_t offset = 0; offset < entry.file_size(); ++offset) {
      (is_manifest ? manifest : others).push_back({entry.path(), offset});
    }
  }
  for (size_t offset = 0; offset < anchor.size(); ++offset) others.push_back({anchor_path, offset});
  ASSERT_FALSE(manifest.empty());
  std::mt19937_64 random = nscl::testing::SeededRandom();
  std::shuffle(others.begin(), others.end(), random);
  others.resize(std::min<size_t>(others.size(), 500));

  std::map<std::string, int> ends;
  std::vector<Flip> flips = manifest;
  flips.insert(flips.end(), others.begin(), others.end());
  for (const Flip& flip : flips) {
    std::string bytes = ReadFile(flip.file);
    const char mask = static_cast<char>(1 << random() % 8);
    bytes[flip.offset] = static_cast<char>(bytes[flip.offset] ^ mask);
    WriteFile(flip.file, bytes);
    absl::StatusOr<std::string> dump = OpenAndDump(folder);
    if (dump.ok()) {
      EXPECT_EQ(*dump, *expected) << flip.file << " at " << flip.offset << " by " << int{mask};
      ++ends["same answers"];
    } else {
      const std::string reason = status::ReasonOf(dump.status());
      EXPECT_TRUE(reason == "STORE_CORRUPT" || reason == "STORE_SCHEMA_NEWER" ||
                  reason == "STORE_OTHER_SERVICE")
          << dump.status();
      ++ends[reason];
    }
    // What opened may have changed every file; what was refused before RocksDB saw it changed none.
    bytes[flip.offset] = static_cast<char>(bytes[flip.offset] ^ mask);
    if (!dump.ok() && ReadFile(anchor_path) == anchor) {
      WriteFile(flip.file, bytes);
    } else {
      put_back();
    }
  }
  EXPECT_EQ(*OpenAndDump(folder), *expected);
  for (const auto& [end, count] : ends) printf("%s: %d of %zu\n", end.c_str(), count, flips.size());
  EXPECT_GT(ends["STORE_CORRUPT"], static_cast<int>(manifest.size()) - 1);
}

}  // namespace
}  // namespace nscl::store
