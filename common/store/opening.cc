// A store's start: finds or makes it, checks it, starts its threads.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/keys.h"
#include "common/store/listener.h"
#include "common/store/log_reader.h"
#include "common/store/rocks_store.h"
#include "common/store/sealed_file.h"

namespace nscl::store {

using nscl::store::v1::Head;

namespace {

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

}  // namespace

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

}  // namespace nscl::store
