// A service's store: one writer, one synced write for a group of commands, everything of a command
// in one commit. The only user of RocksDB. docs/architecture.md has the picture; reliability rules
// are in the comments of store.cc where each is kept.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/store/reader.h"
#include "common/time/clock.h"
#include "nscl/event/v1/event.pb.h"
#include "nscl/store/v1/store.pb.h"

namespace rocksdb {
class Env;
}

namespace nscl::store {

// What a running command may do. Commands run one after another on the writer's thread; each sees
// those before it. Changes are staged privately and join the group on success.
class Txn : public Reader {
 public:
  // Writes a state row: its after-image goes into the log, so that state is the fold of the log.
  virtual void Put(absl::string_view key, absl::string_view value) = 0;
  virtual void Erase(absl::string_view key) = 0;
  // Writes a derived row (an index, a kept total): not in the log, rebuilt from state.
  virtual void PutDerived(absl::string_view key, absl::string_view value) = 0;
  virtual void EraseDerived(absl::string_view key) = 0;
  // Writes what must be erasable beside a row: in the commit and in backups, never in the log, its
  // images or events. Keep it out of the answer of a command that is kept, too (personal.h).
  virtual void PutPersonal(absl::string_view row_key, absl::string_view value) = 0;
  virtual void ErasePersonal(absl::string_view row_key) = 0;

  // Appends an event. `metadata` needs type, resource_name and province; position, epoch, revision,
  // time, actor, request id and hash are filled in. `resource_field` is the field number of the
  // resource in the service's Event message, `resource` its serialised bytes: the stored row is
  // that Event on the wire.
  virtual void Emit(nscl::event::v1::EventMetadata metadata, int resource_field,
                    absl::string_view resource) = 0;

  // The revision that this command will have, and its commit time: max(previous + 1 µs, now).
  virtual int64_t next_revision() const = 0;
  virtual absl::Time commit_time() const = 0;
};

// How long the answer of a request id is kept.
enum class Retention { kThirtyDays, kForever };

// Who asks, for the log and for the look-up of the request id.
struct Origin {
  std::string actor;
  std::string method;      // full gRPC path, or "internal:<what>"
  std::string province;    // the fair queue rotates by it; empty is a province of its own
  std::string request_id;  // lower-case UUID; empty: the command is not kept for replay
  std::string scope;       // organisation or actor that the request id belongs to
  std::string body_hash;   // SHA-256 of the request without its request id
  std::string resource;    // name of the resource acted on, for the log
};

// One command. `apply` runs on the writer's thread, must not block, and returns the serialised
// answer. An error stages nothing; it is logged as a refusal, and kept for replay where it depends
// on state (FAILED_PRECONDITION, ALREADY_EXISTS, ABORTED, NOT_FOUND), its details included.
struct Command {
  Origin origin;
  Retention retention = Retention::kThirtyDays;
  bool dry_run = false;             // run, answer, store nothing, log nothing
  std::function<bool()> cancelled;  // asked just before running; true: CANCELLED, nothing done
  std::function<absl::StatusOr<std::string>(Txn&)> apply;
};

// What became of a committed command.
struct Outcome {
  std::string response;
  int64_t revision = 0;
  bool replayed = false;  // the answer of an earlier command with the same request id
};

// A consistent view. Holds resources: keep it for one call.
class Snapshot : public Reader {
 public:
  // Last event position that the snapshot holds.
  virtual int64_t event_position() const = 0;
};

// A page of raw events: each is the service's Event message, serialised.
struct EventPage {
  std::vector<std::string> events;
  int64_t next_position = 0;
  int64_t head_position = 0;
  int64_t epoch = 0;
};

// Room on a volume.
struct Volume {
  int64_t free_bytes = 0;
  int64_t total_bytes = 0;  // 0: not known, and no share of it is kept free
};

// Memory that a store holds beside what its calls need, each bounded.
struct MemoryUse {
  int64_t block_cache_bytes = 0;   // at most Options::block_cache_bytes
  int64_t write_buffer_bytes = 0;  // at most 48 MiB or so
};

struct Options {
  std::string service;      // "casework"; checked against the marker
  std::string path;         // folder of the store; anchors stand beside it in `<path>.anchor`
  std::string backup_path;  // where backup sets go; empty: no backups
  int schema_version = 1;   // of the service's rows
  bool init = false;        // make a new store where the folder is empty or absent; else NOT_FOUND
  const time::Clock* clock = nullptr;  // null: the machine's
  // What the wall clock's jumps are measured by; null: the machine's time since boot where `clock`
  // is the machine's, none where `clock` is injected (a test that sets it jumps as it likes).
  const time::Clock* steady_clock = nullptr;
  rocksdb::Env* env = nullptr;  // null: the default; tests inject faults here
  // Writes are refused below `low_space_bytes` or `low_space_percent` of the volume, whichever is
  // more, and taken again above both `resume_space_bytes` and that.
  int64_t low_space_bytes = int64_t{512} << 20;
  int low_space_percent = 5;
  int64_t resume_space_bytes = int64_t{1} << 30;
  // Of the store's volume; null: asks the file system.
  std::function<Volume()> volume;
  // Commands waiting; more are refused with `OVERLOADED`. One province may take three quarters.
  size_t max_queue = 1024;
  size_t block_cache_bytes = size_t{64} << 20;
  bool sync = true;  // false only in the control run of the crash tests
  // Called where the process must stop (a failed write, a failed sync, a fatal background error):
  // the default prints a line and exits with 74. Where it returns, as in tests, the store answers
  // UNAVAILABLE `OUTCOME_UNKNOWN` from then on. May be called from any thread.
  std::function<void(const absl::Status&)> fail_stop;
};

class Store {
 public:
  // Opens, checks marker, anchor, log chain head and files. NOT_FOUND without a store unless
  // `init`; DATA_LOSS with the place where it is damaged; FAILED_PRECONDITION where it is another
  // service's, of a newer schema, or in use.
  static absl::StatusOr<std::unique_ptr<Store>> Open(Options options);
  virtual ~Store() = default;

  // Queues a command. `done` runs after the group is durable: on the finisher's thread, or on the
  // caller's thread, before Submit returns, where the queue refuses the command or is empty (then
  // the caller carries the commit itself, which saves one client alone two changes of thread). So
  // hold no lock over Submit that `done` takes. Refused: RESOURCE_EXHAUSTED `OVERLOADED`,
  // `STORAGE_FULL`; FAILED_PRECONDITION `STORE_REGRESSED`, `CLOCK_JUMPED`; DATA_LOSS
  // `STORE_CORRUPT`; ALREADY_EXISTS `REQUEST_ID_REUSED`; UNAVAILABLE `STORE_CLOSED`,
  // `OUTCOME_UNKNOWN`; CANCELLED.
  virtual void Submit(Command command, std::function<void(absl::StatusOr<Outcome>)> done) = 0;
  // Submits and waits: for followers, runners and tests, never on an RPC thread.
  absl::StatusOr<Outcome> Run(Command command);

  virtual std::unique_ptr<Snapshot> TakeSnapshot() const = 0;
  // The last durable state, for one read: cheaper than a snapshot, which two reads that must agree
  // need. Lives as long as the store.
  virtual const Reader& Latest() const = 0;

  // Value of a state row as of a revision: the last image at or before it; nullopt where it did not
  // exist.
  virtual absl::StatusOr<std::optional<std::string>> GetAsOf(absl::string_view key,
                                                             int64_t revision) const = 0;

  // The last revision that was committed before an instant; 0 where none was.
  virtual absl::StatusOr<int64_t> RevisionBefore(absl::Time instant) const = 0;

  // Events after a position, whole commands only. ABORTED `EPOCH_CHANGED`, OUT_OF_RANGE
  // `CURSOR_AHEAD`. `province` filters ("" or "-": all); `epoch` 0: not compared.
  virtual absl::StatusOr<EventPage> ReadEvents(int64_t after_position, int64_t epoch,
                                               absl::string_view province, int limit) const = 0;
  // Calls `wake` once when the head passes `position` (at once where it has), or when the store
  // closes. Returns a token for CancelWait.
  virtual int64_t WaitForEvents(int64_t position, std::function<void()> wake) = 0;
  virtual void CancelWait(int64_t token) = 0;

  virtual nscl::store::v1::StoreStatus GetStatus() const = 0;
  virtual MemoryUse memory_use() const = 0;

  // Backup barrier and backup (design section 4; messages in nscl/store/v1/store.proto).
  virtual absl::StatusOr<nscl::store::v1::StoreStatus> PauseWrites(absl::string_view barrier_id,
                                                                   absl::Duration lease) = 0;
  virtual absl::StatusOr<nscl::store::v1::Backup> CreateBackup(absl::string_view barrier_id,
                                                               absl::string_view backup_set) = 0;
  // Checks files, log chain, fold(log) = state, density of events. DATA_LOSS with the place.
  virtual absl::StatusOr<nscl::store::v1::VerifyStoreResponse> Verify() const = 0;

  // Removes answers kept for thirty days whose time is over, judged by the commit time of the log,
  // at most a few hundred in one command; returns how many. The store does it by itself, too.
  virtual absl::StatusOr<int64_t> SweepKeptAnswers() = 0;

  // Takes writes again after a clock jump was looked at.
  virtual void ConfirmClock() = 0;

  // Flushes, writes the anchor, closes. Called by the destructor where it was not.
  virtual absl::Status Close() = 0;
};

// Restores a backup into a new folder, starts a new epoch there and verifies it. ALREADY_EXISTS
// where the folder is not empty; DATA_LOSS where the backup is damaged.
absl::StatusOr<nscl::store::v1::StoreStatus> Restore(const Options& target,
                                                     absl::string_view backup_path,
                                                     absl::string_view backup_set);

}  // namespace nscl::store
