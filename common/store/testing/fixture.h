// What tests of a store share: a folder that goes away, commands, and a dump of everything that the
// API shows.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/store/store.h"
#include "common/time/clock.h"

namespace nscl::store {

// A temporary folder, removed at the end with everything in it.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string store_path() const { return path_ + "/store"; }
  // Options of a store in it: made if absent, quiet about space, never ending the process.
  Options StoreOptions() const;

 private:
  std::string path_;
};

// Opens, or fails the test with the status.
std::unique_ptr<Store> OpenOrDie(Options options);

// A command that puts a state row; without a request id unless one is given.
Command PutCommand(absl::string_view key, absl::string_view value,
                   absl::string_view request_id = "");
// A command of the body.
Command CommandOf(std::function<absl::StatusOr<std::string>(Txn&)> apply,
                  absl::string_view request_id = "");
// The n-th of a row of UUIDs.
std::string RequestId(int64_t n);

// The row's value; "<none>" where there is none, the status where it cannot be read.
std::string ValueOf(const Reader& reader, absl::string_view key);

// Places of a closed store where the bytes stand in what is kept for ever or for replay: log,
// events, history, kept answers, state and derived rows. Personal data may stand beside the rows
// only.
std::vector<std::string> PlacesOf(absl::string_view bytes, const std::string& store_path);

// Everything that the store's surface answers about its data: rows, values as of every revision,
// events, status. DATA_LOSS where any of it cannot be trusted.
absl::StatusOr<std::string> Dump(const Store& store);

}  // namespace nscl::store
