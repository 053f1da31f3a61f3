// Kill -9 at random moments under load: every acknowledged write is there, nothing is there twice.
// Once with the kernel's page cache, which survives the process, and once without what was not
// synced; the control run with sync off must lose data, or the second test shows nothing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/store/testing/fixture.h"
#include "tests/crash/rounds.h"
#include "tests/crash/transfer.h"

extern char** environ;

namespace nscl::crash {
namespace {

// A running server and what it acknowledged.
class Server {
 public:
  Server(const std::string& folder, int64_t from, bool sync, bool lazy) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    const std::string from_text = absl::StrCat(from);
    const char* arguments[] = {CRASH_SERVER, folder.c_str(), from_text.c_str(),
                               sync ? "sync" : "nosync", nullptr};
    std::vector<std::string> variables;
    for (char** variable = environ; *variable != nullptr; ++variable)
      variables.emplace_back(*variable);
    if (lazy) {
      variables.push_back(absl::StrCat("NSCL_LAZY_DIR=", folder));
      // The library is not instrumented, and comes before the sanitizer's.
      variables.push_back("ASAN_OPTIONS=verify_asan_link_order=0");
      variables.push_back(absl::StrCat("LD_PRELOAD=", LAZY_DISK));
    }
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    // Spawned, never forked: a copy of a process with RocksDB's threads hangs.
    int error = posix_spawn(&pid_, CRASH_SERVER, &actions, nullptr, const_cast<char**>(arguments),
                            environment.data());
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    out_ = ends[0];
    EXPECT_EQ(error, 0) << CRASH_SERVER;
  }
  ~Server() {
    if (pid_ > 0) Kill();
    close(out_);
  }

  // Reads until so many are acknowledged; false where the server ended before.
  bool ReadUntil(size_t wanted) {
    while (acknowledged_.size() < wanted) {
      if (!ReadSome()) return false;
    }
    return true;
  }

  // Kills it and reads what it had acknowledged until then. Returns how it ended.
  int Kill() {
    kill(pid_, SIGKILL);
    while (ReadSome()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }

  const std::vector<int64_t>& acknowledged() const { return acknowledged_; }

 private:
  bool ReadSome() {
    char bytes[4096];
    ssize_t n = read(out_, bytes, sizeof(bytes));
    if (n <= 0) return false;
    text_.append(bytes, static_cast<size_t>(n));
    size_t begin = 0;
    for (size_t end; (end = text_.find('\n', begin)) != std::string::npos; begin = end + 1) {
      int64_t number = 0;
      EXPECT_TRUE(absl::SimpleAtoi(absl::string_view(text_).substr(begin, end - begin), &number));
      acknowledged_.push_back(number);
    }
    text_.erase(0, begin);
    return true;
  }

  pid_t pid_ = 0;
  int out_ = -1;
  std::string text_;
  std::vector<int64_t> acknowledged_;
};

struct Result {
  size_t acknowledged = 0;
  size_t missing = 0;
  bool unreadable = false;  // the store did not even open, or did not verify
};

// Everything acknowledged is there, whole, and once.
void Check(const std::string& folder, const std::set<int64_t>& acknowledged, bool sync,
           Result* result) {
  store::Options options;
  options.service = "crash";
  options.path = folder;
  absl::StatusOr<std::unique_ptr<store::Store>> opened = store::Store::Open(options);
  if (!opened.ok()) {
    result->unreadable = true;
    EXPECT_FALSE(sync) << opened.status();
    return;
  }
  store::Store& store = **opened;
  auto verified = store.Verify();
  if (!verified.ok()) {
    result->unreadable = true;
    EXPECT_FALSE(sync) << verified.status();
  }
  auto snapshot = store.TakeSnapshot();
  int64_t rows = 0, indexes = 0;
  std::set<std::string> present;
  EXPECT_TRUE(snapshot
                  ->Scan(store::KeyRange::Prefix("row/"),
                         [&](auto key, auto) {
                           present.emplace(key);
                           return ++rows > 0;
                         })
                  .ok());
  EXPECT_TRUE(
      snapshot->Scan(store::KeyRange::Prefix("index/"), [&](auto, auto) { return ++indexes > 0; })
          .ok());
  for (int64_t n : acknowledged) result->missing += present.count(RowKey(n)) == 0;
  EXPECT_EQ(indexes, rows);
  EXPECT_EQ(store::ValueOf(*snapshot, kCountKey), rows == 0 ? "<none>" : absl::StrCat(rows))
      << "each exactly once";
  EXPECT_EQ(snapshot->event_position(), rows);
  snapshot.reset();
  EXPECT_TRUE(store.Close().ok());
}

Result KillAtRandom(int kills, bool sync, bool lazy, std::mt19937_64& random) {
  store::TestFolder folder;
  Result result;
  std::set<int64_t> acknowledged;
  int64_t from = 1;
  for (int round = 0; round < kills; ++round) {
    SCOPED_TRACE(absl::StrCat("round ", round));
    Server server(folder.store_path(), from, sync, lazy);
    // The moment: some writes beyond the least, then some hundred microseconds more.
    const bool loaded = server.ReadUntil(kMinAcknowledged + random() % 200);
    // tidy: sleeping: the kill is to come at any moment.
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 3000));
    const int status = server.Kill();
    if (!loaded) {
      // Without syncs a store may be beyond opening: that is a loss, too.
      EXPECT_FALSE(sync) << "the server ended by itself with status " << status;
      result.unreadable = true;
      return result;
    }
    result.acknowledged += server.acknowledged().size();
    acknowledged.insert(server.acknowledged().begin(), server.acknowledged().end());
    // The client sends again from the first that was not acknowledged: what was there is replayed.
    while (acknowledged.count(from) != 0) ++from;
    // Every other time the server itself recovers, from what the kill before left.
    if (round % 2 == 1 || round == kills - 1)
      Check(folder.store_path(), acknowledged, sync, &result);
    if (!sync && (result.missing > 0 || result.unreadable)) return result;
  }
  return result;
}

TEST(CrashTest, KillAtRandomMomentsLosesNothingAndRepeatsNothing) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  const int kills = Kills(60);
  const Result result = KillAtRandom(kills, /*sync=*/true, /*lazy=*/false, random);
  printf("%d kills, %zu acknowledged, %zu missing\n", kills, result.acknowledged, result.missing);
  EXPECT_EQ(result.missing, 0);
  EXPECT_FALSE(result.unreadable);
  EXPECT_GE(result.acknowledged, kills * kMinAcknowledged);
}

TEST(CrashTest, KillWithUnsyncedBytesLostLosesNothing) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  const int kills = Kills(40);
  const Result result = KillAtRandom(kills, /*sync=*/true, /*lazy=*/true, random);
  printf("%d kills, %zu acknowledged, %zu missing\n", kills, result.acknowledged, result.missing);
  EXPECT_EQ(result.missing, 0);
  EXPECT_FALSE(result.unreadable);
  EXPECT_GE(result.acknowledged, kills * kMinAcknowledged);
}

TEST(CrashTest, TheControlRunWithoutSyncLosesData) {
  std::mt19937_64 random = nscl::testing::SeededRandom();
  const Result result = KillAtRandom(2, /*sync=*/false, /*lazy=*/true, random);
  printf("%zu acknowledged, %zu missing%s\n", result.acknowledged, result.missing,
         result.unreadable ? ", store beyond opening" : "");
  EXPECT_TRUE(result.missing > 0 || result.unreadable) << "the test of unsynced bytes is void";
}

}  // namespace
}  // namespace nscl::crash
