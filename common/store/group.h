// A group of commands on its way into one synced write: runs each over what those before it staged,
// and collects what must be written and whom to answer.
#pragma once

#include <rocksdb/write_batch.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/store/fair_queue.h"
#include "common/store/hash.h"
#include "common/store/rocks.h"
#include "common/store/staged_txn.h"
#include "nscl/store/v1/record.pb.h"

namespace nscl::store {

// Commands that one synced write carries at most.
inline constexpr size_t kMaxGroup = 256;
// How long an answer is kept that is not kept for ever, in log time.
inline constexpr absl::Duration kKeptFor = absl::Hours(24 * 30);
// Log records that one sweep looks at: some milliseconds of the writer.
inline constexpr int kSweepRecords = 500;

// An answer that waits for the group to be durable.
struct Answer {
  std::function<void(absl::StatusOr<Outcome>)> done;
  absl::StatusOr<Outcome> outcome;
};

// Used by the thread that holds the writer's turn; kept from group to group for its memory.
class Group {
 public:
  explicit Group(const Database& database)
      : database_(database), batch_(0, 0, kProtectionBytesPerKey, 0) {}

  // Starts a group on top of `head`.
  void Begin(const nscl::store::v1::Head& head);

  // Runs one command at `now`. `gate` refuses new commands where it is not OK; answers that are
  // kept are given all the same. Never throws: a command that does ends the process, not the books.
  void Run(Waiting waiting, absl::Time now, const absl::Status& gate) noexcept;

  // Whether anything must be written.
  bool dirty() const { return dirty_; }
  // The batch with everything of the group in it, head included.
  rocksdb::WriteBatch& Seal();
  // Where the store stands once the batch is written.
  const nscl::store::v1::Head& head() const { return head_; }
  std::vector<Answer>& answers() { return answers_; }

 private:
  absl::StatusOr<Outcome> Execute(Waiting& waiting, absl::Time now, const absl::Status& gate);
  // The kept answer of a request id, of this group or of the database.
  absl::StatusOr<const nscl::store::v1::KeptAnswer*> FindKept(const std::string& key);
  absl::StatusOr<Outcome> Commit(const Command& command, const std::string& kept_key,
                                 int64_t commit_time_us, StagedTxn& txn, std::string response);
  void CommitRefusal(const Command& command, const std::string& kept_key, int64_t commit_time_us,
                     const absl::Status& refusal);
  absl::StatusOr<Outcome> Sweep(const Command& command, int64_t commit_time_us);
  void BeginRecord(const Command& command, int64_t commit_time_us);
  void StageEvents(const Command& command, std::vector<StagedEvent>& events,
                   int64_t commit_time_us);
  // Closes the chain over record_ and puts it, with the events that carry its hash.
  void PutRecord();
  void Keep(const std::string& kept_key, nscl::store::v1::KeptAnswer kept);
  // The batch is memory only: what can fail in it is the memory.
  void Put(rocksdb::ColumnFamilyHandle* family, absl::string_view key, absl::string_view value);

  // An event without its log hash, which is not known before the record is closed.
  struct OpenEvent {
    std::string row_prefix;  // revision and province
    std::string metadata;
    std::string resource;  // with tag and length
  };

  const Database& database_;
  nscl::store::v1::Head head_;
  StagedRows rows_;
  absl::flat_hash_map<std::string, nscl::store::v1::KeptAnswer> kept_;
  rocksdb::WriteBatch batch_;
  bool dirty_ = false;
  std::vector<Answer> answers_;
  // Reused from command to command.
  nscl::store::v1::LogRecord record_;
  std::vector<OpenEvent> events_;
  std::string buffer_;
  nscl::store::v1::KeptAnswer found_;
};

// Puts the last bytes of an event's metadata, its log hash, on or takes them off: what Verify
// hashes.
inline constexpr char kLogHashTag[] = "\x52\x40";  // field 10, 64 bytes
inline constexpr size_t kLogHashFieldBytes = 2 + 2 * kHashBytes;

// Appends the wire form of a length-delimited field.
void AppendField(std::string* out, int number, absl::string_view value);
void AppendFieldHeader(std::string* out, int number, size_t length);

// A status on its way into a record and back.
nscl::store::v1::Refusal ToRefusal(const absl::Status& status);
absl::Status FromRefusal(const nscl::store::v1::Refusal& refusal);

}  // namespace nscl::store
