// What the clients of a crash test sent and were told, and what must therefore be there whatever
// happened to the server since.
#pragma once

#include <google/protobuf/message.h>

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/tools/door/door.h"

namespace nscl::crash {

// A change that was sent.
struct Write {
  std::string method;  // "nscl.registry.v1.EnterpriseService.CreateEnterprise"
  std::string caller;  // whose token it went with: "officer", "casework"
  std::shared_ptr<const google::protobuf::Message> request;
  std::shared_ptr<const google::protobuf::Message> response;  // null: no answer came
};

std::string ServiceOf(const Write& write);    // "registry"
std::string RequestIdOf(const Write& write);  // the UUID
std::string NameOf(const Write& write);       // of the resource that the answer holds
// Of the resource in the answer: the revision of the service that its etag tells.
int64_t RevisionOf(const google::protobuf::Message& resource);

// Thread-safe.
class Journal {
 public:
  void Add(Write write);
  // Waits until this round has so many acknowledged writes; false after `patience`.
  bool WaitForAcknowledged(size_t wanted, absl::Duration patience);
  void BeginRound();

  // Those without an answer: each may have happened, or not. They leave the journal.
  std::vector<Write> TakeInDoubt();
  std::vector<Write> acknowledged_this_round() const;
  std::vector<Write> acknowledged() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Write> acknowledged_, in_doubt_;
  size_t round_begin_ = 0;
};

// A door that writes down in `journal` every change that goes through it. A refusal is not written
// down: it is the caller's to judge.
std::unique_ptr<tools::Door> MakeJournalDoor(std::unique_ptr<tools::Door> door, std::string caller,
                                             Journal& journal);

}  // namespace nscl::crash
