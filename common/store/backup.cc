// Backup sets and restores: BackupEngine copies (a checkpoint's hard-linked log is not synced
// before RocksDB 9.4), always by id (restoring "the latest" fails in 7.8 once the latest was
// deleted).
#include <rocksdb/utilities/backup_engine.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/keys.h"
#include "common/store/log_reader.h"
#include "common/store/rocks_store.h"
#include "common/store/sealed_file.h"
#include "common/store/verify.h"

namespace nscl::store {

using nscl::store::v1::Backup;
using nscl::store::v1::Head;
using nscl::store::v1::LogRecord;
using nscl::store::v1::StoreStatus;

namespace {

// Written when a backup is finished and verified; without it there is no backup.
constexpr char kManifestName[] = "NSCL_BACKUP";
constexpr char kManifestFormat[] = "nscl-backup";
// What a barrier of CreateBackup's own lasts at most, and what a caller's is prolonged to: the
// flush and the list of files.
constexpr absl::Duration kPinLease = kMaxLease;

struct Manifest {
  Marker marker;
  Backup backup;
};

bool IsSetName(absl::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
}

std::string FolderOfBackup(absl::string_view backup_path, absl::string_view backup_set,
                           absl::string_view service) {
  return absl::StrCat(backup_path, "/", backup_set, "/", service);
}

rocksdb::BackupEngineOptions EngineOptions(const std::string& folder, rocksdb::Env* env) {
  rocksdb::BackupEngineOptions options(folder, env);
  options.sync = true;               // a finished backup is on the disk
  options.share_table_files = true;  // defaults, named because the checks rest on them
  options.share_files_with_checksum = true;
  // The first call says that the list of files stands; later ones cost nothing.
  options.callback_trigger_interval_size = 1;
  return options;
}

absl::Status WriteManifest(rocksdb::Env* env, const std::string& folder, const Manifest& manifest) {
  return WriteSealedFile(
      env, absl::StrCat(folder, "/", kManifestName),
      {{kManifestFormat, "1"},
       {"service", manifest.marker.service},
       {"schema_version", absl::StrCat(manifest.marker.schema_version)},
       {"installation", manifest.marker.installation},
       {"epoch", absl::StrCat(manifest.backup.epoch())},
       {"revision", absl::StrCat(manifest.backup.revision())},
       {"log_hash", manifest.backup.log_hash()},
       {"backup_id", absl::StrCat(manifest.backup.backup_id())},
       {"bytes", absl::StrCat(manifest.backup.bytes())},
       {"create_time_seconds", absl::StrCat(manifest.backup.create_time().seconds())}});
}

absl::StatusOr<Manifest> ReadManifest(rocksdb::Env* env, const std::string& folder) {
  const std::string path = absl::StrCat(folder, "/", kManifestName);
  absl::StatusOr<SealedLines> lines = ReadSealedFile(env, path);
  if (absl::IsNotFound(lines.status())) return errors::BackupMissing(folder);
  if (!lines.ok()) return lines.status();
  if (lines->empty() || (*lines)[0] != std::pair<std::string, std::string>(kManifestFormat, "1")) {
    return errors::BackupDamaged(folder, "the manifest's format is not known");
  }
  Manifest manifest;
  int64_t epoch = 0, revision = 0, backup_id = 0;
  bool numbers = true;
  for (const auto& [key, value] : *lines) {
    if (key == "service") manifest.marker.service = value;
    if (key == "installation") manifest.marker.installation = value;
    if (key == "log_hash") manifest.backup.set_log_hash(value);
    if (key == "schema_version")
      numbers &= absl::SimpleAtoi(value, &manifest.marker.schema_version);
    if (key == "epoch") numbers &= absl::SimpleAtoi(value, &epoch);
    if (key == "revision") numbers &= absl::SimpleAtoi(value, &revision);
    if (key == "backup_id") numbers &= absl::SimpleAtoi(value, &backup_id);
  }
  if (!numbers) return errors::BackupDamaged(folder, "a number of the manifest cannot be read");
  manifest.marker.epoch = epoch;
  manifest.backup.set_epoch(epoch);
  manifest.backup.set_revision(revision);
  manifest.backup.set_backup_id(backup_id);
  return manifest;
}

// Where the copy itself stands: a backup says what it holds, not what was meant.
absl::StatusOr<Head> HeadOfCopy(rocksdb::BackupEngine* engine, rocksdb::BackupID id,
                                const std::string& folder, int64_t* bytes) {
  rocksdb::BackupInfo info;
  RETURN_IF_ERROR(ToAbsl(engine->GetBackupInfo(id, &info, /*include_file_details=*/true), folder));
  *bytes = static_cast<int64_t>(info.size);
  DatabaseOptions options;
  options.path = info.name_for_open;
  options.env = info.env_for_open.get();
  options.read_only = true;
  options.block_cache_bytes = size_t{8} << 20;
  ASSIGN_OR_RETURN(std::shared_ptr<Database> copy, OpenDatabase(options));
  return ReadHead(*copy);
}

absl::Status MakeFolder(rocksdb::Env* env, const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    RETURN_IF_ERROR(ToAbsl(env->CreateDirIfMissing(path.substr(0, slash)), path));
  }
  return ToAbsl(env->CreateDirIfMissing(path), path);
}

}  // namespace

absl::StatusOr<Backup> RocksStore::CreateBackup(absl::string_view barrier_id,
                                                absl::string_view backup_set) {
  if (options_.backup_path.empty()) return errors::NoBackupFolder();
  if (!IsSetName(backup_set)) return errors::BackupSetName(backup_set);
  std::lock_guard<std::mutex> one_at_a_time(backup_mutex_);
  const std::string folder = FolderOfBackup(options_.backup_path, backup_set, options_.service);
  if (env_->FileExists(absl::StrCat(folder, "/", kManifestName)).ok())
    return errors::BackupExists(folder);
  // A caller's barrier must still hold; it is prolonged to cover the flush.
  if (!barrier_id.empty() && !BarrierHolds(std::string(barrier_id)))
    return errors::BarrierGone(barrier_id);
  const std::string barrier = barrier_id.empty() ? NewUuid() : std::string(barrier_id);
  RETURN_IF_ERROR(PauseWrites(barrier, kPinLease).status());
  absl::StatusOr<Backup> backup = CopyUnderBarrier(barrier, folder, backup_set);
  ReleaseBarrier(barrier);
  return backup;
}

absl::StatusOr<Backup> RocksStore::CopyUnderBarrier(const std::string& barrier,
                                                    const std::string& folder,
                                                    absl::string_view backup_set) {
  Head pinned;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    pinned = head_;
  }
  RETURN_IF_ERROR(MakeFolder(env_, folder));
  rocksdb::BackupEngine* opened = nullptr;
  RETURN_IF_ERROR(
      ToAbsl(rocksdb::BackupEngine::Open(EngineOptions(folder, env_), env_, &opened), folder));
  std::unique_ptr<rocksdb::BackupEngine> engine(opened);

  rocksdb::CreateBackupOptions create;
  create.flush_before_backup = true;
  // Once bytes are copied the list of files and their sizes is fixed: writes go on.
  create.progress_callback = [this, &barrier] { ReleaseBarrier(barrier); };
  rocksdb::BackupID id = 0;
  RETURN_IF_ERROR(ToAbsl(engine->CreateNewBackup(create, database_->db.get(), &id), folder));
  ReleaseBarrier(barrier);

  // Sizes alone miss a flipped byte.
  RETURN_IF_ERROR(ToAbsl(engine->VerifyBackup(id, /*verify_with_checksum=*/true), folder));
  int64_t bytes = 0;
  ASSIGN_OR_RETURN(Head head, HeadOfCopy(engine.get(), id, folder, &bytes));
  if (head.revision() != pinned.revision() || head.log_hash() != pinned.log_hash()) {
    return errors::BackupDamaged(folder, absl::StrCat("it holds revision ", head.revision(),
                                                      ", the barrier held ", pinned.revision()));
  }
  Manifest manifest;
  manifest.marker = marker_;
  Backup& backup = manifest.backup;
  backup.set_service(options_.service);
  backup.set_backup_set(std::string(backup_set));
  backup.set_backup_id(id);
  backup.set_epoch(head.epoch());
  backup.set_revision(head.revision());
  backup.set_log_hash(Hex(head.log_hash()));
  backup.set_bytes(bytes);
  backup.set_path(folder);
  const time::Clock& clock = options_.clock != nullptr ? *options_.clock : time::SystemClock();
  backup.mutable_create_time()->set_seconds(absl::ToUnixSeconds(clock.Now()));
  RETURN_IF_ERROR(WriteManifest(env_, folder, manifest));
  return backup;
}

namespace {

// Continues the chain with the record that starts the new epoch.
absl::StatusOr<Head> StartEpoch(const Database& database, Head head, int64_t epoch,
                                absl::Time now) {
  LogRecord record;
  record.set_revision(head.revision() + 1);
  record.set_epoch(epoch);
  record.set_commit_time_us(std::max(head.commit_time_us() + 1, absl::ToUnixMicros(now)));
  record.set_actor("service:store");
  record.set_method("internal:restore");
  const std::string bytes = record.SerializeAsString();
  const std::string hash = Sha256({head.log_hash(), bytes});
  head.set_epoch(epoch);
  head.set_revision(record.revision());
  head.set_commit_time_us(record.commit_time_us());
  head.set_log_hash(hash);
  rocksdb::WriteBatch batch(0, 0, kProtectionBytesPerKey, 0);
  rocksdb::Status status = batch.Put(database.log, keys::LogKey(record.revision()), hash + bytes);
  if (status.ok()) status = batch.Put(database.log, keys::kHeadKey, head.SerializeAsString());
  if (status.ok()) status = database.db->Write(GroupWriteOptions(true), &batch);
  RETURN_IF_ERROR(ToAbsl(status, "new epoch"));
  return head;
}

absl::Status RestoreFiles(rocksdb::Env* env, const Options& target, const std::string& folder,
                          const Manifest& manifest) {
  rocksdb::BackupEngineReadOnly* opened = nullptr;
  RETURN_IF_ERROR(ToAbsl(
      rocksdb::BackupEngineReadOnly::Open(EngineOptions(folder, env), env, &opened), folder));
  std::unique_ptr<rocksdb::BackupEngineReadOnly> engine(opened);
  const auto id = static_cast<rocksdb::BackupID>(manifest.backup.backup_id());
  rocksdb::Status status = engine->VerifyBackup(id, /*verify_with_checksum=*/true);
  if (!status.ok()) return errors::BackupDamaged(folder, status.ToString());
  status = engine->RestoreDBFromBackup(id, target.path, target.path);
  if (status.IsCorruption()) return errors::BackupDamaged(folder, status.ToString());
  return ToAbsl(status, target.path);
}

}  // namespace

absl::StatusOr<StoreStatus> Restore(const Options& target, absl::string_view backup_path,
                                    absl::string_view backup_set) {
  rocksdb::Env* env = target.env != nullptr ? target.env : rocksdb::Env::Default();
  if (!IsSetName(backup_set)) return errors::BackupSetName(backup_set);
  const std::string folder = FolderOfBackup(backup_path, backup_set, target.service);
  ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(env, folder));
  if (manifest.marker.service != target.service) {
    return errors::OtherService(folder, manifest.marker.service, target.service);
  }
  if (manifest.marker.schema_version > target.schema_version) {
    return errors::SchemaNewer(folder, manifest.marker.schema_version, target.schema_version);
  }
  std::vector<std::string> names;
  rocksdb::Status listed = env->GetChildren(target.path, &names);
  if (!listed.ok() && !listed.IsNotFound() && !listed.IsPathNotFound())
    return ToAbsl(listed, target.path);
  std::erase_if(names, [](const std::string& name) { return name == "." || name == ".."; });
  if (!names.empty()) return errors::FolderNotEmpty(target.path);
  RETURN_IF_ERROR(MakeFolder(env, target.path));
  ASSIGN_OR_RETURN(std::unique_ptr<FolderLock> lock, FolderLock::Take(env, target.path));

  RETURN_IF_ERROR(RestoreFiles(env, target, folder, manifest));

  // A new epoch that no earlier restore of the same backup can have had: seconds since 1970 at
  // least, and beyond that of the store that stood here.
  const time::Clock& clock = target.clock != nullptr ? *target.clock : time::SystemClock();
  int64_t epoch = std::max(manifest.backup.epoch() + 1, absl::ToUnixSeconds(clock.Now()));
  if (absl::StatusOr<Anchor> before = ReadAnchor(env, target.path); before.ok()) {
    epoch = std::max(epoch, before->epoch + 1);
  }
  Anchor anchor;
  {
    DatabaseOptions options;
    options.path = target.path;
    options.env = target.env;
    ASSIGN_OR_RETURN(std::shared_ptr<Database> database, OpenDatabase(options));
    ASSIGN_OR_RETURN(Head head, ReadHead(*database));
    if (head.revision() != manifest.backup.revision() ||
        Hex(head.log_hash()) != manifest.backup.log_hash() ||
        head.epoch() != manifest.backup.epoch()) {
      return errors::BackupDamaged(folder, "its store is not the one that its manifest names");
    }
    ASSIGN_OR_RETURN(head, StartEpoch(*database, head, epoch, clock.Now()));
    RETURN_IF_ERROR(VerifyDatabase(*database).status());
    anchor.revision = head.revision();
    anchor.log_hash = Hex(head.log_hash());
    RETURN_IF_ERROR(ToAbsl(database->Close(), target.path));
  }
  // Without its marker the folder is no store: what was interrupted before here is not opened.
  manifest.marker.epoch = epoch;
  anchor.service = manifest.marker.service;
  anchor.installation = manifest.marker.installation;
  anchor.epoch = epoch;
  RETURN_IF_ERROR(WriteAnchor(env, target.path, anchor));
  RETURN_IF_ERROR(WriteMarker(env, target.path, manifest.marker));
  lock.reset();

  Options open = target;
  open.init = false;
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store, Store::Open(std::move(open)));
  StoreStatus status = store->GetStatus();
  RETURN_IF_ERROR(store->Close());
  return status;
}

}  // namespace nscl::store
