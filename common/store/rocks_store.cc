#include "common/store/rocks_store.h"

#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdio>
#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/keys.h"
#include "common/store/sealed_file.h"
#include "common/store/verify.h"

namespace nscl::store {

using nscl::store::v1::Head;
using nscl::store::v1::LogRecord;
using nscl::store::v1::StoreStatus;

namespace {

// EX_IOERR of sysexits.h.
constexpr int kExitIo = 74;
// How long the writer waits for RocksDB to catch up before it refuses a group.
constexpr absl::Duration kMaxStall = absl::Seconds(1);
// How often the keeper anchors a head that moved, flush or not: what a lost log may hide from the
// anchor. A quiet store flushes once in days.
constexpr std::chrono::seconds kAnchorInterval{10};
// How often the keeper looks whether kept answers are past their time.
constexpr absl::Duration kSweepInterval = absl::Minutes(10);
// How long Close waits for snapshots that are still held.
constexpr absl::Duration kSnapshotPatience = absl::Seconds(5);
// Events that one page looks at, in scope or not, so that a filter does not read the whole journal.
constexpr int kMaxEventsLookedAt = 10'000;

// A command that is submitted by an answer is queued, never carried inline: answers would nest
// without end.
thread_local bool answering = false;

absl::Status MakeFolders(rocksdb::Env* env, const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    RETURN_IF_ERROR(ToAbsl(env->CreateDirIfMissing(path.substr(0, slash)), path));
  }
  return ToAbsl(env->CreateDirIfMissing(path), path);
}

// What is in a folder; nothing where there is none.
absl::StatusOr<std::vector<std::string>> FilesIn(rocksdb::Env* env, const std::string& path) {
  std::vector<std::string> names;
  rocksdb::Status status = env->GetChildren(path, &names);
  if (status.IsNotFound() || status.IsPathNotFound()) return names;
  RETURN_IF_ERROR(ToAbsl(status, path));
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  return names;
}

// The store's own failures among the statuses that a command may answer; OK for all others.
absl::Status StoreFailure(const absl::Status& status) {
  if (!absl::IsDataLoss(status) && !absl::IsUnavailable(status)) return absl::OkStatus();
  const std::string reason = status::ReasonOf(status);
  return reason == errors::kStoreCorrupt || reason == errors::kStoreIo ? status : absl::OkStatus();
}

Command InternalCommand(absl::string_view what) {
  Command command;
  command.origin.actor = "service:store";
  command.origin.method = absl::StrCat("internal:", what);
  return command;
}

class RocksSnapshot : public Snapshot {
 public:
  explicit RocksSnapshot(std::shared_ptr<Database> database,
                         std::function<absl::Status(absl::Status)> noted)
      : database_(std::move(database)), noted_(std::move(noted)) {
    options_.snapshot = database_->db->GetSnapshot();
  }
  ~RocksSnapshot() override { database_->db->ReleaseSnapshot(options_.snapshot); }

  absl::StatusOr<std::optional<std::string>> Get(absl::string_view key) const override {
    absl::StatusOr<std::optional<std::string>> value = ReadRow(*database_, options_, key);
    if (!value.ok()) return noted_(value.status());
    return value;
  }

  absl::Status Scan(
      const KeyRange& range,
      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const override {
    return noted_(ScanRows(*database_, options_, range, nullptr, nullptr, visit));
  }

  int64_t revision() const override { return head().revision(); }
  int64_t event_position() const override { return head().event_position(); }

 private:
  // Read when it is asked for: most calls do not ask.
  const Head& head() const {
    if (!head_.has_value()) {
      head_.emplace();
      rocksdb::PinnableSlice value;
      rocksdb::Status status = database_->db->Get(options_, database_->log, keys::kHeadKey, &value);
      // The head was read when the store was opened: what fails here is the disk, and is noted as
      // such.
      if (!noted_(ToAbsl(status, "head")).ok()) return *head_;
      head_->ParseFromArray(value.data(), static_cast<int>(value.size()));
    }
    return *head_;
  }

  std::shared_ptr<Database> database_;
  std::function<absl::Status(absl::Status)> noted_;
  rocksdb::ReadOptions options_;
  mutable std::optional<Head> head_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FolderLock>> FolderLock::Take(rocksdb::Env* env,
                                                             const std::string& path) {
  rocksdb::FileLock* lock = nullptr;
  rocksdb::Status status = env->LockFile(absl::StrCat(path, "/", kLockName), &lock);
  if (!status.ok()) {
    if (status.IsIOError() && status.ToString().find("lock") != std::string::npos) {
      return errors::StoreInUse(path);
    }
    return ToAbsl(status, path);
  }
  return std::unique_ptr<FolderLock>(new FolderLock(env, lock));
}

FolderLock::~FolderLock() { env_->UnlockFile(lock_).PermitUncheckedError(); }

absl::StatusOr<LogRecord> ReadLogRecord(const Database& database,
                                        const rocksdb::ReadOptions& options, int64_t revision,
                                        std::string* hash) {
  const std::string place = absl::StrCat("log record ", revision);
  rocksdb::PinnableSlice value;
  rocksdb::Status status = database.db->Get(options, database.log, keys::LogKey(revision), &value);
  if (status.IsNotFound()) return errors::StoreCorrupt(place, "the record is missing");
  RETURN_IF_ERROR(ToAbsl(status, place));
  LogRecord record;
  if (value.size() < kHashBytes ||
      !record.ParseFromArray(value.data() + kHashBytes,
                             static_cast<int>(value.size() - kHashBytes))) {
    return errors::StoreCorrupt(place, "the record cannot be read");
  }
  if (hash != nullptr) hash->assign(value.data(), kHashBytes);
  return record;
}

absl::StatusOr<Head> ReadHead(const Database& database) {
  constexpr char kPlace[] = "head";
  rocksdb::PinnableSlice value;
  Head head;
  rocksdb::Status status =
      database.db->Get(rocksdb::ReadOptions(), database.log, keys::kHeadKey, &value);
  if (status.IsNotFound()) return errors::StoreCorrupt(kPlace, "the head is missing");
  RETURN_IF_ERROR(ToAbsl(status, kPlace));
  if (!head.ParseFromArray(value.data(), static_cast<int>(value.size())) ||
      head.log_hash().size() != kHashBytes) {
    return errors::StoreCorrupt(kPlace, "the head cannot be read");
  }
  // The last record and the last event are the head's.
  std::unique_ptr<rocksdb::Iterator> log(
      database.db->NewIterator(rocksdb::ReadOptions(), database.log));
  log->SeekForPrev(keys::LogKey(std::numeric_limits<int64_t>::max()));
  int64_t last = 0;
  if (log->Valid() && log->key()[0] == keys::kLogKind) last = keys::NumberOf(ToView(log->key()));
  RETURN_IF_ERROR(ToAbsl(log->status(), kPlace));
  if (last != head.revision()) {
    return errors::StoreCorrupt(kPlace, absl::StrCat("the head says revision ", head.revision(),
                                                     ", the log ends at ", last));
  }
  if (head.revision() > 0) {
    std::string hash;
    ASSIGN_OR_RETURN(LogRecord record,
                     ReadLogRecord(database, rocksdb::ReadOptions(), head.revision(), &hash));
    if (hash != head.log_hash() || record.commit_time_us() != head.commit_time_us()) {
      return errors::StoreCorrupt(kPlace, "the head is not that of the last log record");
    }
  }
  log->SeekForPrev(keys::EventKey(std::numeric_limits<int64_t>::max()));
  last = 0;
  if (log->Valid() && log->key()[0] == keys::kEventKind) last = keys::NumberOf(ToView(log->key()));
  RETURN_IF_ERROR(ToAbsl(log->status(), kPlace));
  if (last != head.event_position()) {
    return errors::StoreCorrupt(kPlace,
                                absl::StrCat("the head says event position ", head.event_position(),
                                             ", the journal ends at ", last));
  }
  return head;
}

// Hears of flushes and of background errors. RocksDB calls it from its own threads; it must not
// outlive its store's use of it, so Close detaches it.
class RocksStore::Listener : public rocksdb::EventListener {
 public:
  explicit Listener(RocksStore* store) : store_(store) {}

  void Detach() {
    std::lock_guard<std::mutex> lock(mutex_);
    store_ = nullptr;
  }
  // A flush or a compaction found no space; RocksDB goes on by itself when there is some.
  bool no_space() const { return no_space_; }
  // The log itself could not be written: what became of the last batch is not known.
  bool log_failed() const { return log_failed_; }

  void OnFlushCompleted(rocksdb::DB*, const rocksdb::FlushJobInfo&) override {
    std::lock_guard<std::mutex> lock(mutex_);
    if (store_ == nullptr) return;
    std::lock_guard<std::mutex> keeper(store_->keeper_mutex_);
    store_->anchor_due_ = true;
    store_->keeper_wakes_.notify_one();
  }

  void OnBackgroundError(rocksdb::BackgroundErrorReason reason, rocksdb::Status* status) override {
    const bool background = reason == rocksdb::BackgroundErrorReason::kFlush ||
                            reason == rocksdb::BackgroundErrorReason::kFlushNoWAL ||
                            reason == rocksdb::BackgroundErrorReason::kCompaction;
    if (background && status->IsNoSpace()) {
      no_space_ = true;
      return;
    }
    if (!background) log_failed_ = true;
    std::lock_guard<std::mutex> lock(mutex_);
    if (store_ == nullptr) return;
    // Damage found by a compaction closes the store to writes; any other failure is the disk's.
    if (status->IsCorruption()) {
      store_->corrupt_ = true;
    } else if (background) {
      store_->FailStop(ToAbsl(*status, store_->options_.path));
    }
  }

  void OnErrorRecoveryEnd(const rocksdb::BackgroundErrorRecoveryInfo& info) override {
    if (info.new_bg_error.ok()) no_space_ = false;
  }

 private:
  std::mutex mutex_;
  RocksStore* store_;
  std::atomic<bool> no_space_{false};
  std::atomic<bool> log_failed_{false};
};

RocksStore::RocksStore(Options options)
    : options_(std::move(options)),
      env_(options_.env != nullptr ? options_.env : rocksdb::Env::Default()),
      clock_guard_(options_.clock != nullptr ? options_.clock : &time::SystemClock(),
                   options_.steady_clock != nullptr ? options_.steady_clock
                   : options_.clock == nullptr || options_.clock == &time::SystemClock()
                       ? &SteadyClock()
                       : nullptr),
      queue_(options_.max_queue) {}

RocksStore::~RocksStore() { Close().IgnoreError(); }

// ----------------------------------------------------------------------------------------------
// opening

absl::StatusOr<std::unique_ptr<RocksStore>> RocksStore::Open(Options options) {
  std::unique_ptr<RocksStore> store(new RocksStore(std::move(options)));
  absl::Status status = store->FindStore();
  if (status.ok()) status = store->OpenStore();
  if (!status.ok()) {
    store->closed_ = true;
    if (store->listener_ != nullptr) store->listener_->Detach();
    store->database_.reset();
    return status;
  }
  store->StartThreads();
  return store;
}

absl::Status RocksStore::FindStore() {
  const std::string& path = options_.path;
  ASSIGN_OR_RETURN(std::vector<std::string> names, FilesIn(env_, path));
  const auto has = [&](absl::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (has(kMarkerName)) {
    ASSIGN_OR_RETURN(lock_, FolderLock::Take(env_, path));
    // The making was interrupted after its last step: were the sign to stay, a marker lost later
    // would make the store look half-made.
    if (has(kInitName)) {
      RETURN_IF_ERROR(ToAbsl(env_->DeleteFile(absl::StrCat(path, "/", kInitName)), path));
    }
    return absl::OkStatus();
  }
  // An init that was interrupted left files, but nothing in them was ever acknowledged.
  const bool half_made = has(kInitName);
  std::erase(names, kLockName);
  std::erase(names, absl::StrCat(kInitName, ".tmp"));
  if (!names.empty() && !half_made) return errors::MarkerMissing(path);
  if (!half_made && env_->FileExists(AnchorPath(path)).ok()) {
    return errors::StoreLost(path, AnchorPath(path));
  }
  if (!options_.init) return errors::StoreMissing(path);
  RETURN_IF_ERROR(MakeFolders(env_, path));
  ASSIGN_OR_RETURN(lock_, FolderLock::Take(env_, path));
  std::erase(names, kInitName);  // last, so that a second interruption is seen, too
  for (const std::string& name : names) {
    RETURN_IF_ERROR(ToAbsl(env_->DeleteFile(absl::StrCat(path, "/", name)), path));
  }
  return Create();
}

absl::Status RocksStore::Create() {
  const std::string& path = options_.path;
  const std::string in_progress = absl::StrCat(path, "/", kInitName);
  RETURN_IF_ERROR(WriteSealedFile(env_, in_progress, {{"nscl-init", "1"}}));
  marker_ = Marker{options_.service, options_.schema_version, NewUuid(), 1};
  {
    DatabaseOptions create;
    create.path = path;
    create.env = options_.env;
    create.create = true;
    ASSIGN_OR_RETURN(std::shared_ptr<Database> database, OpenDatabase(create));
    Head head;
    head.set_epoch(marker_.epoch);
    head.set_log_hash(std::string(kHashBytes, '\0'));
    rocksdb::Status status = database->db->Put(GroupWriteOptions(options_.sync), database->log,
                                               keys::kHeadKey, head.SerializeAsString());
    if (status.ok()) status = database->Close();
    RETURN_IF_ERROR(ToAbsl(status, path));
  }
  Anchor anchor;
  anchor.service = marker_.service;
  anchor.installation = marker_.installation;
  anchor.epoch = marker_.epoch;
  RETURN_IF_ERROR(WriteAnchor(env_, path, anchor));
  RETURN_IF_ERROR(WriteMarker(env_, path, marker_));
  RETURN_IF_ERROR(ToAbsl(env_->DeleteFile(in_progress), path));
  return SyncFolder(env_, path);
}

absl::Status RocksStore::OpenStore() {
  const std::string& path = options_.path;
  absl::StatusOr<Marker> marker = ReadMarker(env_, path);
  if (!marker.ok()) return marker.status();
  marker_ = *std::move(marker);
  if (marker_.service != options_.service) {
    return errors::OtherService(path, marker_.service, options_.service);
  }
  if (marker_.schema_version > options_.schema_version) {
    return errors::SchemaNewer(path, marker_.schema_version, options_.schema_version);
  }
  absl::StatusOr<Anchor> anchor = ReadAnchor(env_, path);
  if (absl::IsNotFound(anchor.status())) {
    return errors::StoreCorrupt(AnchorPath(path), "the anchor is missing");
  }
  if (!anchor.ok()) return anchor.status();
  if (anchor->service != marker_.service || anchor->installation != marker_.installation ||
      anchor->epoch != marker_.epoch) {
    return errors::StoreCorrupt(AnchorPath(path), "the anchor is that of another store");
  }
  RETURN_IF_ERROR(CheckFiles(env_, path, *anchor));

  // From here on RocksDB changes files: the list of the clean stop holds no longer.
  Anchor opened = *anchor;
  opened.clean = false;
  std::erase_if(opened.files, [](const AnchoredFile& file) { return !OutlivesAStop(file.name); });
  RETURN_IF_ERROR(WriteAnchor(env_, path, opened));

  listener_ = std::make_shared<Listener>(this);
  DatabaseOptions database;
  database.path = path;
  database.env = options_.env;
  database.block_cache_bytes = options_.block_cache_bytes;
  database.listener = listener_;
  ASSIGN_OR_RETURN(database_, OpenDatabase(database));
  RETURN_IF_ERROR(CheckTableFiles(database_->db.get(), path, *anchor));
  ASSIGN_OR_RETURN(head_, ReadHead(*database_));
  if (head_.epoch() != marker_.epoch) {
    return errors::StoreCorrupt(path, "the head is of another epoch than the marker");
  }
  if (head_.revision() < anchor->revision) {
    regressed_ = anchor->revision;
  } else if (anchor->revision > 0) {
    std::string hash;
    RETURN_IF_ERROR(
        ReadLogRecord(*database_, rocksdb::ReadOptions(), anchor->revision, &hash).status());
    if (Hex(hash) != anchor->log_hash) {
      return errors::StoreCorrupt(absl::StrCat("log record ", anchor->revision),
                                  "its hash is not the anchor's");
    }
  }
  if (marker_.schema_version < options_.schema_version) {
    // Additive changes only; from now on older programs refuse the store.
    marker_.schema_version = options_.schema_version;
    RETURN_IF_ERROR(WriteMarker(env_, path, marker_));
  }
  return absl::OkStatus();
}

void RocksStore::StartThreads() {
  group_ = std::make_unique<Group>(*database_);
  writer_ = std::thread([this] { WriterLoop(); });
  finisher_ = std::thread([this] { FinisherLoop(); });
  keeper_ = std::thread([this] { KeeperLoop(); });
}

// -------------------------------------------------------------------------------------------- the
// writer

void RocksStore::Submit(Command command, std::function<void(absl::StatusOr<Outcome>)> done) {
  std::vector<Waiting> alone;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (dead_ || closing_) {
      alone.push_back({std::move(command), std::move(done)});
    } else if (!writing_ && queue_.empty() && !answering && !Paused()) {
      writing_ = true;  // this thread carries the commit
    } else if (!queue_.HasRoom(command.origin.province)) {
      alone.push_back({std::move(command), std::move(done)});
    } else {
      queue_.Push({std::move(command), std::move(done)});
      if (!writing_ && writer_idle_) writer_wakes_.notify_one();
      return;
    }
  }
  if (!alone.empty()) {
    const Waiting& refused = alone.front();
    if (dead_) return refused.done(errors::OutcomeUnknown());
    if (closing_) return refused.done(errors::StoreClosed());
    return refused.done(errors::Overloaded(refused.command.origin.province, options_.max_queue));
  }
  alone.push_back({std::move(command), std::move(done)});
  CommitGroup(*group_, std::move(alone));
  std::vector<Answer> answers = std::move(group_->answers());
  {
    std::lock_guard<std::mutex> lock(mutex_);
    writing_ = false;
    if (!queue_.empty() || closing_) writer_wakes_.notify_one();
    turn_ends_.notify_all();
  }
  Finish(answers);
}

void RocksStore::WriterLoop() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    writer_idle_ = true;
    const bool paused = Paused();
    const auto ready = [this] { return !writing_ && (!queue_.empty() || closing_) && !Paused(); };
    if (!ready()) {
      // A lease that runs out has nobody to wake the writer.
      if (paused) {
        writer_wakes_.wait_for(lock, std::chrono::milliseconds(5));
        continue;
      }
      writer_wakes_.wait(lock, [&] { return ready() || Paused(); });
      if (!ready()) continue;
    }
    writer_idle_ = false;
    if (queue_.empty() && closing_) return;
    std::vector<Waiting> commands;
    commands.reserve(std::min(queue_.size(), kMaxGroup));
    while (!queue_.empty() && commands.size() < kMaxGroup) commands.push_back(queue_.Pop());
    writing_ = true;
    lock.unlock();
    CommitGroup(*group_, std::move(commands));
    {
      std::lock_guard<std::mutex> finisher(finisher_mutex_);
      finished_.push_back(std::move(group_->answers()));
      if (finisher_idle_) finisher_wakes_.notify_one();
    }
    lock.lock();
    writing_ = false;
    turn_ends_.notify_all();
  }
}

void RocksStore::CommitGroup(Group& group, std::vector<Waiting> commands) {
  group.Begin(head_);  // only this thread changes it
  if (dead_) {
    for (Waiting& waiting : commands) {
      group.answers().push_back({std::move(waiting.done), errors::OutcomeUnknown()});
    }
    return;
  }
  if (clock_confirmed_.exchange(false)) clock_guard_.Confirm();
  const int64_t free = FreeBytes();
  // Hysteresis: between the two limits it stays as it is.
  if (free < options_.low_space_bytes) low_space_ = true;
  if (free >= options_.resume_space_bytes) low_space_ = false;
  for (Waiting& waiting : commands) {
    const absl::Time now = clock_guard_.Now();
    clock_jumped_ = clock_guard_.jump().has_value();
    group.Run(std::move(waiting), now, Gate());
  }
  // Damage or a failed disk met by one command: nothing of the group is written.
  for (const Answer& answer : group.answers()) {
    const absl::Status met = StoreFailure(answer.outcome.status());
    if (met.ok()) continue;
    Noted(met).IgnoreError();
    for (Answer& all : group.answers()) all.outcome = dead_ ? errors::OutcomeUnknown() : met;
    return;
  }
  if (!group.dirty()) return;
  absl::Status written = WriteBatch(group.Seal());
  if (written.ok()) return Publish(group.head());
  for (Answer& answer : group.answers()) answer.outcome = written;
}

absl::Status RocksStore::Gate() {
  if (corrupt_) return errors::StoreCorrupt(options_.path, "damage was found; writes are refused");
  if (regressed_.has_value()) return errors::StoreRegressed(head_.revision(), *regressed_);
  if (const std::optional<ClockGuard::Jump>& jump = clock_guard_.jump()) {
    return errors::ClockJumped(jump->expected, jump->seen);
  }
  if (low_space_ || listener_->no_space()) {
    return errors::StorageFull(FreeBytes(), options_.resume_space_bytes);
  }
  return absl::OkStatus();
}

absl::Status RocksStore::WriteBatch(rocksdb::WriteBatch& batch) {
  const rocksdb::WriteOptions write_options = GroupWriteOptions(options_.sync);
  const absl::Time patience = SteadyClock().Now() + kMaxStall;
  rocksdb::Status status = database_->db->Write(write_options, &batch);
  // Incomplete: RocksDB stalls, and nothing was written.
  while (status.IsIncomplete() && SteadyClock().Now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    status = database_->db->Write(write_options, &batch);
  }
  if (status.ok()) return absl::OkStatus();
  if (status.IsIncomplete()) return errors::Overloaded("", queue_.size());
  // Refused because a flush had found no space: nothing was written.
  if (status.IsNoSpace() && listener_->no_space() && !listener_->log_failed()) {
    return errors::StorageFull(FreeBytes(), options_.resume_space_bytes);
  }
  // A failed write or sync: after reopening the group may be there, or not. The process stops,
  // nothing is acknowledged, and the request ids settle it.
  FailStop(ToAbsl(status, options_.path));
  return errors::OutcomeUnknown();
}

void RocksStore::Publish(const Head& head) {
  std::lock_guard<std::mutex> lock(mutex_);
  head_ = head;
}

void RocksStore::FailStop(const absl::Status& status) const {
  if (dead_.exchange(true)) return;
  if (options_.fail_stop) return options_.fail_stop(status);
  // One line of JSON, like the log's: quotes and line breaks of the message go.
  const std::string message =
      absl::StrReplaceAll(status.message(), {{"\"", "'"}, {"\\", "/"}, {"\n", " "}});
  std::fprintf(stderr, "{\"level\":\"fatal\",\"service\":\"%s\",\"message\":\"store stops: %s\"}\n",
               options_.service.c_str(), message.c_str());
  std::fflush(stderr);
  _exit(kExitIo);
}

absl::Status RocksStore::Noted(absl::Status status) const {
  if (absl::IsDataLoss(status)) corrupt_ = true;
  if (absl::IsUnavailable(status)) FailStop(status);
  return status;
}

int64_t RocksStore::FreeBytes() const {
  if (options_.free_bytes) return options_.free_bytes();
  struct statvfs volume;
  if (statvfs(options_.path.c_str(), &volume) != 0) return std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(volume.f_bavail) * static_cast<int64_t>(volume.f_frsize);
}

// ------------------------------------------------------------------------------------ answers and
// wakes

void RocksStore::FinisherLoop() {
  std::unique_lock<std::mutex> lock(finisher_mutex_);
  while (true) {
    finisher_idle_ = true;
    finisher_wakes_.wait(lock, [this] { return !finished_.empty() || finisher_ends_; });
    finisher_idle_ = false;
    if (finished_.empty()) return;
    std::vector<std::vector<Answer>> groups = std::move(finished_);
    finished_.clear();
    lock.unlock();
    for (std::vector<Answer>& answers : groups) Finish(answers);
    lock.lock();
  }
}

void RocksStore::Finish(std::vector<Answer>& answers) {
  const bool before = std::exchange(answering, true);
  for (Answer& answer : answers) answer.done(std::move(answer.outcome));
  std::vector<std::function<void()>> wakes;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    while (!waiters_.empty() && waiters_.begin()->first < head_.event_position()) {
      wakes.push_back(std::move(waiters_.begin()->second.wake));
      waiters_.erase(waiters_.begin());
    }
  }
  for (const std::function<void()>& wake : wakes) wake();
  answering = before;
}

int64_t RocksStore::WaitForEvents(int64_t position, std::function<void()> wake) {
  int64_t token;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    token = next_token_++;
    if (!closing_ && head_.event_position() <= position) {
      waiters_.emplace(position, Waiter{token, std::move(wake)});
      return token;
    }
  }
  wake();
  return token;
}

void RocksStore::CancelWait(int64_t token) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto at = waiters_.begin(); at != waiters_.end(); ++at) {
    if (at->second.token != token) continue;
    waiters_.erase(at);
    return;
  }
}

// ------------------------------------------------------------------------------------------ the
// keeper

void RocksStore::KeeperLoop() {
  absl::Time next_sweep = SteadyClock().Now() + kSweepInterval;
  int64_t anchored = 0;
  std::unique_lock<std::mutex> lock(keeper_mutex_);
  while (true) {
    keeper_wakes_.wait_for(lock, kAnchorInterval, [this] { return anchor_due_ || keeper_ends_; });
    if (keeper_ends_) return;
    const bool flushed = std::exchange(anchor_due_, false);
    lock.unlock();
    KeepAnchor(flushed, &anchored);
    if (SteadyClock().Now() >= next_sweep) {
      SweepIfDue();
      next_sweep = SteadyClock().Now() + kSweepInterval;
    }
    lock.lock();
  }
}

void RocksStore::KeepAnchor(bool flushed, int64_t* anchored) {
  if (dead_ || regressed_.has_value()) return;  // the anchor that shows it stays
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!flushed && head_.revision() == *anchored) return;
  }
  absl::StatusOr<Anchor> anchor = CurrentAnchor(false);
  if (!anchor.ok()) return;  // tried again at the next turn
  absl::Status written = WriteAnchor(env_, options_.path, *anchor);
  if (written.ok()) *anchored = anchor->revision;
  // Without space the anchor before stands; any other failure is the disk's.
  if (absl::IsUnavailable(written)) FailStop(written);
}

absl::StatusOr<Anchor> RocksStore::CurrentAnchor(bool clean) const {
  Anchor anchor;
  anchor.service = marker_.service;
  anchor.installation = marker_.installation;
  anchor.epoch = marker_.epoch;
  anchor.clean = clean;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    anchor.revision = head_.revision();
    anchor.log_hash = Hex(head_.log_hash());
  }
  anchor.files = TableFiles(database_->db.get());
  if (!clean) {
    ASSIGN_OR_RETURN(std::vector<AnchoredFile> manifest, SmallFiles(env_, options_.path, true));
    anchor.files.insert(anchor.files.end(), manifest.begin(), manifest.end());
  }
  return anchor;
}

void RocksStore::SweepIfDue() {
  int64_t next, newest_us;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    next = head_.swept_through() + 1;
    newest_us = head_.commit_time_us();
    if (next > head_.revision()) return;
  }
  absl::StatusOr<LogRecord> record =
      ReadLogRecord(*database_, rocksdb::ReadOptions(), next, nullptr);
  if (!record.ok()) return;
  if (newest_us - record->commit_time_us() <= absl::ToInt64Microseconds(kKeptFor)) return;
  SweepKeptAnswers().IgnoreError();  // tried again at the next turn
}

absl::StatusOr<int64_t> RocksStore::SweepKeptAnswers() {
  std::mutex mutex;
  std::condition_variable wakes;
  std::optional<absl::StatusOr<Outcome>> outcome;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closing_ || dead_) return errors::StoreClosed();
    queue_.Push({InternalCommand("sweepKeptAnswers"),
                 [&](absl::StatusOr<Outcome> result) {
                   std::lock_guard<std::mutex> lock(mutex);
                   outcome = std::move(result);
                   wakes.notify_one();
                 },
                 true});
    writer_wakes_.notify_one();
  }
  std::unique_lock<std::mutex> lock(mutex);
  wakes.wait(lock, [&] { return outcome.has_value(); });
  if (!outcome->ok()) return outcome->status();
  int64_t removed = 0;
  if (!absl::SimpleAtoi((*outcome)->response, &removed)) removed = 0;
  return removed;
}

// --------------------------------------------------------------------------------------------
// reading

std::unique_ptr<Snapshot> RocksStore::TakeSnapshot() const {
  return std::make_unique<RocksSnapshot>(
      database_, [this](absl::Status status) { return status.ok() ? status : Noted(status); });
}

absl::StatusOr<std::optional<std::string>> RocksStore::GetAsOf(absl::string_view key,
                                                               int64_t revision) const {
  int64_t head;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    head = head_.revision();
  }
  if (revision > head) return errors::RevisionAhead(revision, head);
  if (revision <= 0) return std::nullopt;
  const std::string prefix = keys::HistoryPrefix(key);
  std::unique_ptr<rocksdb::Iterator> history(
      database_->db->NewIterator(rocksdb::ReadOptions(), database_->history));
  history->SeekForPrev(keys::HistoryKey(key, revision));
  RETURN_IF_ERROR(Noted(ToAbsl(history->status(), "history")));
  if (!history->Valid() || history->key().size() != prefix.size() + 8 ||
      !history->key().starts_with(prefix)) {
    return std::nullopt;
  }
  const int64_t at =
      static_cast<int64_t>(keys::ReadNumber(ToView(history->key()).substr(prefix.size())));
  absl::StatusOr<LogRecord> record = ReadLogRecord(*database_, rocksdb::ReadOptions(), at, nullptr);
  if (!record.ok()) return Noted(record.status());
  for (nscl::store::v1::RowImage& image : *record->mutable_rows()) {
    if (image.key() != key) continue;
    if (image.erased()) return std::nullopt;
    return std::move(*image.mutable_value());
  }
  return Noted(errors::StoreCorrupt(absl::StrCat("log record ", at), "an image is missing"));
}

absl::StatusOr<EventPage> RocksStore::ReadEvents(int64_t after_position, int64_t epoch,
                                                 absl::string_view province, int limit) const {
  EventPage page;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    page.epoch = head_.epoch();
    page.head_position = head_.event_position();
  }
  if (after_position < 0) return errors::CursorNegative(after_position);
  if (epoch != 0 && epoch != page.epoch) return errors::EpochChanged(epoch, page.epoch);
  if (after_position > page.head_position) {
    return errors::CursorAhead(after_position, page.head_position);
  }
  const bool all = province.empty() || province == "-";
  page.next_position = after_position;
  std::unique_ptr<rocksdb::Iterator> journal(
      database_->db->NewIterator(rocksdb::ReadOptions(), database_->log));
  int64_t revision = 0;
  int looked_at = 0;
  journal->Seek(keys::EventKey(after_position + 1));
  for (; journal->Valid() && page.next_position < page.head_position; journal->Next()) {
    keys::EventHeader header;
    const std::string place = absl::StrCat("event ", page.next_position + 1);
    if (keys::NumberOf(ToView(journal->key())) != page.next_position + 1 ||
        !keys::ParseEventRow(ToView(journal->value()), &header)) {
      return Noted(errors::StoreCorrupt(place, "the event is missing or cannot be read"));
    }
    // A command is never split: the page ends where the next one begins.
    const bool full =
        static_cast<int>(page.events.size()) >= limit || looked_at >= kMaxEventsLookedAt;
    if (full && header.revision != revision) break;
    revision = header.revision;
    ++looked_at;
    ++page.next_position;
    if (all || header.province == province) {
      page.events.emplace_back(header.event.data(), header.event.size());
    }
  }
  RETURN_IF_ERROR(Noted(ToAbsl(journal->status(), "events")));
  if (!journal->Valid() && page.next_position < page.head_position) {
    return Noted(errors::StoreCorrupt(absl::StrCat("event ", page.next_position + 1),
                                      "the event is missing"));
  }
  return page;
}

// ---------------------------------------------------------------------------------- status and
// barrier

StoreStatus RocksStore::StatusUnderLock() const {
  StoreStatus status;
  status.set_service(marker_.service);
  status.set_installation(marker_.installation);
  status.set_epoch(head_.epoch());
  status.set_revision(head_.revision());
  status.set_log_hash(Hex(head_.log_hash()));
  status.set_event_position(head_.event_position());
  status.set_free_bytes(FreeBytes());
  if (corrupt_ || dead_) {
    status.set_write_state(StoreStatus::WRITE_STATE_CORRUPT);
  } else if (regressed_.has_value()) {
    status.set_write_state(StoreStatus::WRITE_STATE_REGRESSED);
  } else if (clock_jumped_ && !clock_confirmed_) {
    status.set_write_state(StoreStatus::WRITE_STATE_CLOCK_JUMPED);
  } else if (status.free_bytes() <
                 (low_space_ ? options_.resume_space_bytes : options_.low_space_bytes) ||
             listener_->no_space()) {
    status.set_write_state(StoreStatus::WRITE_STATE_LOW_SPACE);
  } else if (Paused()) {
    status.set_write_state(StoreStatus::WRITE_STATE_PAUSED);
  } else {
    status.set_write_state(StoreStatus::WRITE_STATE_OPEN);
  }
  return status;
}

StoreStatus RocksStore::GetStatus() const {
  uint64_t table_bytes = 0;
  uint64_t memory_bytes = 0;
  if (database_ != nullptr && database_->db != nullptr) {
    database_->db->GetAggregatedIntProperty("rocksdb.total-sst-files-size", &table_bytes);
    // What the tables do not hold yet is in the log.
    database_->db->GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &memory_bytes);
  }
  std::lock_guard<std::mutex> lock(mutex_);
  StoreStatus status = StatusUnderLock();
  status.set_store_bytes(static_cast<int64_t>(table_bytes + memory_bytes));
  return status;
}

bool RocksStore::Paused() const {
  if (barrier_.has_value() && SteadyClock().Now() >= barrier_->until) barrier_.reset();
  return barrier_.has_value();
}

bool RocksStore::BarrierHolds(const std::string& id) const {
  std::lock_guard<std::mutex> lock(mutex_);
  return Paused() && barrier_->id == id;
}

void RocksStore::ReleaseBarrier(const std::string& id) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!barrier_.has_value() || barrier_->id != id) return;
  barrier_.reset();
  writer_wakes_.notify_one();
}

absl::StatusOr<StoreStatus> RocksStore::PauseWrites(absl::string_view barrier_id,
                                                    absl::Duration lease) {
  if (lease <= absl::ZeroDuration() || lease > kMaxLease) return errors::LeaseRange(lease);
  if (barrier_id.empty()) return errors::BarrierGone(barrier_id);
  std::unique_lock<std::mutex> lock(mutex_);
  if (closing_ || dead_) return errors::StoreClosed();
  if (Paused() && barrier_->id != barrier_id) return errors::BarrierHeld(barrier_->id, barrier_id);
  barrier_ = Barrier{std::string(barrier_id), SteadyClock().Now() + lease};
  // The group under way ends first; no other begins.
  turn_ends_.wait(lock, [this] { return !writing_; });
  return StatusUnderLock();
}

void RocksStore::ConfirmClock() { clock_confirmed_ = true; }

absl::StatusOr<nscl::store::v1::VerifyStoreResponse> RocksStore::Verify() const {
  absl::StatusOr<nscl::store::v1::VerifyStoreResponse> response = VerifyDatabase(*database_);
  if (!response.ok()) return Noted(response.status());
  *response->mutable_status() = GetStatus();
  return response;
}

// --------------------------------------------------------------------------------------------
// closing

absl::Status RocksStore::Close() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return absl::OkStatus();
    closed_ = true;
    closing_ = true;
    barrier_.reset();
    writer_wakes_.notify_all();
  }
  // In this order: the writer ends what is queued, the finisher answers it.
  writer_.join();
  {
    std::unique_lock<std::mutex> lock(mutex_);
    turn_ends_.wait(lock, [this] { return !writing_; });
  }
  {
    std::lock_guard<std::mutex> lock(finisher_mutex_);
    finisher_ends_ = true;
    finisher_wakes_.notify_all();
  }
  finisher_.join();
  {
    std::lock_guard<std::mutex> lock(keeper_mutex_);
    keeper_ends_ = true;
    keeper_wakes_.notify_all();
  }
  keeper_.join();
  std::multimap<int64_t, Waiter> waiters;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    waiters.swap(waiters_);
  }
  for (auto& [position, waiter] : waiters) waiter.wake();

  group_.reset();
  absl::Status status;
  absl::StatusOr<Anchor> anchor = absl::UnavailableError("the store stopped after a failure");
  if (!dead_) {
    // What is in memory goes to the tables: the next start has no log to replay.
    rocksdb::FlushOptions flush;
    flush.wait = true;
    status = ToAbsl(database_->db->Flush(flush, {database_->rows, database_->log,
                                                 database_->history, database_->idempotency}),
                    options_.path);
    rocksdb::CancelAllBackgroundWork(database_->db.get(), true);
    // What regressed or was found damaged keeps the anchor that shows it.
    if (status.ok() && !corrupt_ && !regressed_.has_value()) anchor = CurrentAnchor(true);
  }
  listener_->Detach();

  const absl::Time patience = SteadyClock().Now() + kSnapshotPatience;
  while (database_.use_count() > 1 && SteadyClock().Now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (database_.use_count() > 1) {
    database_.reset();
    lock_.reset();
    return absl::FailedPreconditionError(
        "snapshots are still held; the store was not stopped cleanly");
  }
  rocksdb::Status closed = database_->Close();
  if (status.ok()) status = ToAbsl(closed, options_.path);
  if (status.ok() && anchor.ok()) {
    absl::StatusOr<std::vector<AnchoredFile>> small = SmallFiles(env_, options_.path, false);
    if (small.ok()) {
      anchor->files.insert(anchor->files.end(), small->begin(), small->end());
      status = WriteAnchor(env_, options_.path, *anchor);
    } else {
      status = small.status();
    }
  }
  lock_.reset();
  return status;
}

}  // namespace nscl::store
