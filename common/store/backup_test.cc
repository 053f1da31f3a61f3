// Backup sets under a barrier, restores, and what Verify finds.
#include <gtest/gtest.h>
#include <rocksdb/env.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/store/anchor.h"
#include "common/store/hash.h"
#include "common/store/keys.h"
#include "common/store/rocks.h"
#include "common/store/store.h"
#include "common/store/testing/fixture.h"
#include "nscl/store/v1/record.pb.h"

namespace nscl::store {
namespace {

namespace fs = std::filesystem;
using nscl::store::v1::Backup;
using nscl::store::v1::StoreStatus;

constexpr char kBarrier[] = "5b0d8f3a-0000-4000-8000-000000000001";
constexpr char kOther[] = "5b0d8f3a-0000-4000-8000-000000000002";

Command EventCommand(int n) {
  return CommandOf(
      [n](Txn& txn) -> absl::StatusOr<std::string> {
        txn.Put(absl::StrCat("k", n), absl::StrCat("v", n));
        nscl::event::v1::EventMetadata metadata;
        metadata.set_type("thing.done");
        txn.Emit(metadata, 2, absl::StrCat("thing ", n));
        return std::string("done");
      },
      RequestId(n));
}

// The data part of a dump: what a restore must bring back (its first line names epoch and hash).
std::string DataOf(const Store& store) {
  absl::StatusOr<std::string> dump = Dump(store);
  EXPECT_TRUE(dump.ok()) << dump.status();
  std::string rows;
  absl::Status scanned = store.TakeSnapshot()->Scan(KeyRange{"", ""}, [&](auto key, auto value) {
    absl::StrAppend(&rows, key, "=", value, "\n");
    return true;
  });
  EXPECT_TRUE(scanned.ok());
  absl::StatusOr<EventPage> page = store.ReadEvents(0, 0, "", 1000);
  EXPECT_TRUE(page.ok());
  for (const std::string& event : page->events) rows += event;
  return rows;
}

TEST(BarrierTest, WritesWaitUntilTheLeaseIsOver) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  ASSERT_TRUE(store->Run(EventCommand(1)).ok());
  absl::StatusOr<StoreStatus> paused = store->PauseWrites(kBarrier, absl::Milliseconds(200));
  ASSERT_TRUE(paused.ok()) << paused.status();
  EXPECT_EQ(paused->revision(), 1);
  EXPECT_EQ(paused->write_state(), StoreStatus::WRITE_STATE_PAUSED);
  EXPECT_EQ(status::ReasonOf(store->PauseWrites(kOther, absl::Seconds(1)).status()),
            "BARRIER_HELD");
  EXPECT_TRUE(store->PauseWrites(kBarrier, absl::Milliseconds(200)).ok())
      << "prolonged by its holder";
  std::atomic<bool> done{false};
  store->Submit(EventCommand(2), [&](absl::StatusOr<Outcome> outcome) {
    EXPECT_TRUE(outcome.ok());
    done = true;
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(ValueOf(*store->TakeSnapshot(), "k1"), "v1") << "reads go on";
  // Runs after the lease, behind the other.
  EXPECT_EQ(store->Run(EventCommand(3))->revision, 3);
  EXPECT_TRUE(done);
  EXPECT_EQ(status::ReasonOf(store->CreateBackup(kBarrier, "late").status()), "BARRIER_GONE");
  for (absl::Duration lease : {absl::ZeroDuration(), absl::Seconds(31), absl::Seconds(-1)}) {
    EXPECT_EQ(store->PauseWrites(kBarrier, lease).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST(BackupTest, ASetTakenUnderABarrierHoldsExactlyThatRevision) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  for (int n = 1; n <= 20; ++n) ASSERT_TRUE(store->Run(EventCommand(n)).ok());
  const std::string data = DataOf(*store);
  absl::StatusOr<StoreStatus> paused = store->PauseWrites(kBarrier, absl::Seconds(5));
  ASSERT_TRUE(paused.ok());
  // Writers wait at the barrier and go on while files are copied.
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([&store, t] {
      for (int n = 0; n < 25; ++n) {
        EXPECT_TRUE(store->Run(EventCommand(100 + t * 25 + n)).ok());
      }
    });
  }
  absl::StatusOr<Backup> backup = store->CreateBackup(kBarrier, "2026-11-22");
  ASSERT_TRUE(backup.ok()) << backup.status();
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(backup->revision(), paused->revision());
  EXPECT_EQ(backup->log_hash(), paused->log_hash());
  EXPECT_EQ(backup->service(), "test");
  EXPECT_EQ(backup->path(), folder.path() + "/backups/2026-11-22/test");
  EXPECT_GT(backup->bytes(), 0);
  EXPECT_EQ(status::ReasonOf(store->CreateBackup("", "2026-11-22").status()), "BACKUP_EXISTS");
  EXPECT_EQ(store->GetStatus().revision(), 120);

  Options target = folder.StoreOptions();
  target.path = folder.path() + "/restored";
  target.init = false;
  absl::StatusOr<StoreStatus> restored = Restore(target, folder.path() + "/backups", "2026-11-22");
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_EQ(restored->revision(), 21) << "the record that starts the epoch follows";
  EXPECT_GT(restored->epoch(), 1);
  EXPECT_EQ(restored->installation(), store->GetStatus().installation());
  EXPECT_EQ(status::ReasonOf(Restore(target, folder.path() + "/backups", "2026-11-22").status()),
            "FOLDER_NOT_EMPTY");

  auto copy = OpenOrDie(target);
  EXPECT_TRUE(copy->Verify().ok()) << copy->Verify().status();
  EXPECT_EQ(DataOf(*copy), data);
  EXPECT_EQ(status::ReasonOf(copy->ReadEvents(0, 1, "", 10).status()), "EPOCH_CHANGED");
  EXPECT_TRUE(copy->Run(EventCommand(7))->replayed) << "kept answers come along";
  EXPECT_FALSE(copy->Run(EventCommand(100))->replayed);
  EXPECT_TRUE(copy->Verify().ok());
}

TEST(BackupTest, RefusedSetsAndFolders) {
  TestFolder folder;
  Options options = folder.StoreOptions();
  auto store = OpenOrDie(options);
  for (absl::string_view name : {"", "..", "a/b", "ä", "a b"}) {
    EXPECT_EQ(status::ReasonOf(store->CreateBackup("", name).status()), "BACKUP_SET") << name;
  }
  EXPECT_EQ(status::ReasonOf(store->CreateBackup("", std::string(65, 'a')).status()), "BACKUP_SET");
  EXPECT_EQ(status::ReasonOf(store->CreateBackup(kBarrier, "a").status()), "BARRIER_GONE");
  store.reset();
  options.backup_path.clear();
  store = OpenOrDie(options);
  EXPECT_EQ(status::ReasonOf(store->CreateBackup("", "a").status()), "NO_BACKUP_FOLDER");
  options.path = folder.path() + "/target";
  EXPECT_EQ(status::ReasonOf(Restore(options, folder.path() + "/backups", "none").status()),
            "BACKUP_MISSING");
}

// Any file of a backup with a byte flipped: not restored, or restored with the same data.
TEST(BackupTest, ADamagedBackupIsNotRestored) {
  TestFolder folder;
  auto store = OpenOrDie(folder.StoreOptions());
  for (int n = 1; n <= 20; ++n) ASSERT_TRUE(store->Run(EventCommand(n)).ok());
  const std::string data = DataOf(*store);
  ASSERT_TRUE(store->CreateBackup("", "set").ok());
  int refused = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder.path() + "/backups")) {
    if (!entry.is_regular_file() || entry.file_size() == 0) continue;
    SCOPED_TRACE(entry.path());
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(entry.file_size() / 2);
    file.seekg(middle);
    const int byte = file.get();
    file.seekp(middle);
    file.put(static_cast<char>(byte ^ 0x10));
    file.flush();
    Options target = folder.StoreOptions();
    target.path = folder.path() + "/target";
    absl::StatusOr<StoreStatus> restored = Restore(target, folder.path() + "/backups", "set");
    if (restored.ok()) {
      target.init = false;
      EXPECT_EQ(DataOf(*OpenOrDie(target)), data);
    } else {
      EXPECT_EQ(restored.status().code(), absl::StatusCode::kDataLoss) << restored.status();
      ++refused;
    }
    fs::remove_all(target.path);
    fs::remove(AnchorPath(target.path));
    file.seekp(middle);
    file.put(static_cast<char>(byte));
  }
  EXPECT_GE(refused, 5);
}

// A hand in the store: each edit is found, and its place is named.
TEST(VerifyTest, EveryEditIsFound) {
  using Edit = std::function<rocksdb::Status(Database&)>;
  const auto edit_record = [](int64_t revision, bool rehash,
                              std::function<void(nscl::store::v1::LogRecord&)> edit) {
    return [=](Database& db) {
      std::string value;
      rocksdb::Status status = db.db->Get({}, db.log, keys::LogKey(revision), &value);
      nscl::store::v1::LogRecord record;
      if (!status.ok() || !record.ParseFromString(value.substr(kHashBytes))) return status;
      edit(record);
      std::string before(kHashBytes, '\0');
      if (revision > 1) {
        std::string previous;
        status = db.db->Get({}, db.log, keys::LogKey(revision - 1), &previous);
        before = previous.substr(0, kHashBytes);
      }
      const std::string bytes = record.SerializeAsString();
      const std::string hash = rehash ? Sha256({before, bytes}) : value.substr(0, kHashBytes);
      return db.db->Put({}, db.log, keys::LogKey(revision), hash + bytes);
    };
  };
  struct {
    const char* what;
    Edit edit;
    const char* place;
  } rows[] = {
      {"a state row changed",
       [](Database& db) { return db.db->Put({}, db.rows, "k2", "schanged"); }, "state row"},
      {"a state row gone", [](Database& db) { return db.db->Delete({}, db.rows, "k2"); },
       "state row"},
      {"a state row more", [](Database& db) { return db.db->Put({}, db.rows, "zz", "sextra"); },
       "rows"},
      {"a record gone", [](Database& db) { return db.db->Delete({}, db.log, keys::LogKey(2)); },
       "log record 2"},
      {"a record changed", edit_record(2, false, [](auto& r) { r.set_actor("user:x"); }),
       "log record 2"},
      {"a record changed, hash too", edit_record(2, true, [](auto& r) { r.set_actor("user:x"); }),
       "event 2"},
      {"an image changed, hash too",
       edit_record(2, true, [](auto& r) { r.mutable_rows(0)->set_value("x"); }), "event 2"},
      {"an event gone", [](Database& db) { return db.db->Delete({}, db.log, keys::EventKey(2)); },
       "event 2"},
      {"an event changed",
       [](Database& db) {
         std::string value;
         db.db->Get({}, db.log, keys::EventKey(2), &value).PermitUncheckedError();
         value.back() = 'X';
         return db.db->Put({}, db.log, keys::EventKey(2), value);
       },
       "log record 2"},
      {"a history row gone",
       [](Database& db) { return db.db->Delete({}, db.history, keys::HistoryKey("k2", 2)); },
       "log record 2"},
      {"a history row more",
       [](Database& db) { return db.db->Put({}, db.history, keys::HistoryKey("k2", 1), ""); },
       "history"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    TestFolder folder;
    {
      auto store = OpenOrDie(folder.StoreOptions());
      for (int n = 1; n <= 4; ++n) ASSERT_TRUE(store->Run(EventCommand(n)).ok());
      EXPECT_EQ(store->Verify()->log_records(), 4);
      EXPECT_EQ(store->Verify()->state_rows(), 4);
      EXPECT_EQ(store->Verify()->events(), 4);
      ASSERT_TRUE(store->Close().ok());
    }
    {
      DatabaseOptions raw;
      raw.path = folder.store_path();
      auto database = OpenDatabase(raw);
      ASSERT_TRUE(database.ok()) << database.status();
      ASSERT_TRUE(row.edit(**database).ok());
      ASSERT_TRUE((*database)->Close().ok());
    }
    // An anchor that knows nothing of the edit's files: what is left is what Verify itself finds.
    Anchor anchor = *ReadAnchor(rocksdb::Env::Default(), folder.store_path());
    anchor.clean = false;
    anchor.files.clear();
    ASSERT_TRUE(WriteAnchor(rocksdb::Env::Default(), folder.store_path(), anchor).ok());
    auto store = OpenOrDie(folder.StoreOptions());
    absl::Status found = store->Verify().status();
    EXPECT_EQ(status::ReasonOf(found), "STORE_CORRUPT");
    EXPECT_TRUE(absl::StrContains(found.message(), row.place)) << found;
    EXPECT_EQ(status::ReasonOf(store->Run(EventCommand(9)).status()), "STORE_CORRUPT")
        << "and writes end";
    EXPECT_EQ(store->GetStatus().write_state(), StoreStatus::WRITE_STATE_CORRUPT);
  }
}

}  // namespace
}  // namespace nscl::store
