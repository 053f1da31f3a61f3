// The event feeds of the services, read on after each restart: what was done, and how often. Every
// change raises events that carry its request id and the revision of the command.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/tools/door/door.h"
#include "tests/crash/journal.h"

namespace nscl::crash {

class Feeds {
 public:
  // Reads from where it stands to the heads. Appends to `problems` what must not be: a gap, a
  // request id or the making of a resource in two commands, a movement of money twice.
  absl::Status ReadOn(tools::Door& door, std::vector<std::string>& problems);
  // Whether the feed of its service holds the change of an acknowledged write, at the revision that
  // the answer tells.
  bool Holds(const Write& write) const;
  int64_t events() const { return events_; }

 private:
  struct Feed {
    int64_t position = 0, epoch = 0;
    std::map<std::string, int64_t> revision_of;  // by request id
    std::set<std::string> made, entries;
  };
  template <typename Response>
  absl::Status ReadOne(tools::Door& door, const std::string& service,
                       std::vector<std::string>& problems);
  template <typename Event>
  static void Take(const Event& event, Feed& feed, std::vector<std::string>& problems);

  std::map<std::string, Feed> feeds_;  // by service
  int64_t events_ = 0;
};

}  // namespace nscl::crash
