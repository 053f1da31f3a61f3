#include "common/store/testing/fixture.h"

#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <limits>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/status_macros.h"
#include "common/store/rocks.h"

namespace nscl::store {

namespace {

// In memory where there is room: these tests open thousands of stores, and inject the faults of a
// disk rather than wait for one.
const char* TemporaryBase() {
  if (const char* given = getenv("TEST_TMPDIR"); given != nullptr) return given;
  struct statvfs memory;
  const bool roomy = statvfs("/dev/shm", &memory) == 0 && access("/dev/shm", W_OK) == 0 &&
                     memory.f_bavail * memory.f_frsize > uint64_t{1} << 30;
  return roomy ? "/dev/shm" : "/tmp";
}

}  // namespace

TestFolder::TestFolder() {
  std::string pattern = absl::StrCat(TemporaryBase(), "/nscl_store_XXXXXX");
  if (mkdtemp(pattern.data()) == nullptr) {
    perror("mkdtemp");
    abort();
  }
  path_ = pattern;
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Options TestFolder::StoreOptions() const {
  Options options;
  options.service = "test";
  options.path = store_path();
  options.backup_path = path_ + "/backups";
  options.init = true;
  options.volume = [] { return Volume{std::numeric_limits<int64_t>::max(), 0}; };
  options.block_cache_bytes = size_t{4} << 20;
  options.fail_stop = [](const absl::Status& status) {
    std::fprintf(stderr, "fail stop: %s\n", status.ToString().c_str());
  };
  return options;
}

std::unique_ptr<Store> OpenOrDie(Options options) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(std::move(options));
  if (!store.ok()) {
    std::fprintf(stderr, "Store::Open: %s\n", store.status().ToString().c_str());
    abort();
  }
  return *std::move(store);
}

Command CommandOf(std::function<absl::StatusOr<std::string>(Txn&)> apply,
                  absl::string_view request_id) {
  Command command;
  command.origin.actor = "user:test|an";
  command.origin.method = "/nscl.test.v1.TestService/Put";
  command.origin.province = "48";
  command.origin.scope = "org-1";
  command.origin.request_id = std::string(request_id);
  command.origin.body_hash = "body";
  command.origin.resource = "provinces/48/things/a";
  command.apply = std::move(apply);
  return command;
}

Command PutCommand(absl::string_view key, absl::string_view value, absl::string_view request_id) {
  return CommandOf(
      [key = std::string(key),
       value = std::string(value)](Txn& txn) -> absl::StatusOr<std::string> {
        txn.Put(key, value);
        return absl::StrCat("put ", key, "=", value);
      },
      request_id);
}

std::string RequestId(int64_t n) { return absl::StrFormat("00000000-0000-4000-8000-%012x", n); }

std::string ValueOf(const Reader& reader, absl::string_view key) {
  absl::StatusOr<std::optional<std::string>> value = reader.Get(key);
  if (!value.ok()) return value.status().ToString();
  return value->value_or("<none>");
}

std::vector<std::string> PlacesOf(absl::string_view bytes, const std::string& store_path) {
  DatabaseOptions options;
  options.path = store_path;
  options.read_only = true;
  absl::StatusOr<std::shared_ptr<Database>> database = OpenDatabase(options);
  if (!database.ok()) return {std::string(database.status().message())};
  const std::pair<const char*, rocksdb::ColumnFamilyHandle*> families[] = {
      {"rows", (*database)->rows},
      {"log", (*database)->log},
      {"history", (*database)->history},
      {"idempotency", (*database)->idempotency}};
  std::vector<std::string> places;
  for (const auto& [name, family] : families) {
    std::unique_ptr<rocksdb::Iterator> walk(
        (*database)->db->NewIterator(rocksdb::ReadOptions(), family));
    for (walk->SeekToFirst(); walk->Valid(); walk->Next()) {
      const absl::string_view key = ToView(walk->key());
      const absl::string_view value = ToView(walk->value());
      if (family == (*database)->rows && absl::StartsWith(value, "p")) continue;
      if (!absl::StrContains(key, bytes) && !absl::StrContains(value, bytes)) continue;
      places.push_back(absl::StrCat(name, " ", absl::CHexEscape(key)));
    }
    if (!walk->status().ok()) places.push_back(walk->status().ToString());
  }
  return places;
}

absl::StatusOr<std::string> Dump(const Store& store) {
  std::string dump;
  nscl::store::v1::StoreStatus status = store.GetStatus();
  absl::StrAppend(&dump, status.service(), " ", status.installation(), " epoch ", status.epoch(),
                  " revision ", status.revision(), " hash ", status.log_hash(), " events ",
                  status.event_position(), " state ", status.write_state(), "\n");
  std::vector<std::string> row_keys;
  absl::Status scanned = store.TakeSnapshot()->Scan(
      KeyRange{"", ""}, [&](absl::string_view key, absl::string_view value) {
        absl::StrAppend(&dump, absl::CHexEscape(key), " = ", absl::CHexEscape(value), "\n");
        row_keys.emplace_back(key);
        return true;
      });
  RETURN_IF_ERROR(scanned);
  for (const std::string& key : row_keys) {
    ASSIGN_OR_RETURN(std::optional<std::string> value, store.TakeSnapshot()->Get(key));
    absl::StrAppend(&dump, absl::CHexEscape(key), " is ",
                    absl::CHexEscape(value.value_or("<none>")), "\n");
    for (int64_t revision = 1; revision <= status.revision();
         revision += std::max<int64_t>(1, status.revision() / 7)) {
      ASSIGN_OR_RETURN(std::optional<std::string> was, store.GetAsOf(key, revision));
      absl::StrAppend(&dump, absl::CHexEscape(key), " at ", revision, " was ",
                      absl::CHexEscape(was.value_or("<none>")), "\n");
    }
  }
  for (int64_t position = 0; position < status.event_position();) {
    ASSIGN_OR_RETURN(EventPage page, store.ReadEvents(position, 0, "", 100));
    for (const std::string& event : page.events)
      absl::StrAppend(&dump, absl::CHexEscape(event), "\n");
    position = page.next_position;
  }
  return dump;
}

}  // namespace nscl::store
