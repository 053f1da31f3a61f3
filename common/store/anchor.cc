#include "common/store/anchor.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/metadata.h>

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/hash.h"
#include "common/store/rocks.h"
#include "common/store/sealed_file.h"

namespace nscl::store {
namespace {

constexpr char kFormat[] = "nscl-anchor";
constexpr char kNoChecksum[] = "-";

bool IsTable(absl::string_view name) { return absl::EndsWith(name, ".sst"); }
bool IsManifest(absl::string_view name) { return absl::StartsWith(name, "MANIFEST-"); }
// Files that hold data, or say where it is. RocksDB's text logs and locks do not.
bool IsData(absl::string_view name) {
  return IsTable(name) || IsManifest(name) || name == "CURRENT" ||
         absl::StartsWith(name, "OPTIONS-") || absl::EndsWith(name, ".log") || name == "IDENTITY";
}

// SHA-256 of the first `size` bytes; DATA_LOSS where the file is shorter.
absl::StatusOr<std::string> HashPrefix(rocksdb::Env* env, const std::string& path, uint64_t size) {
  std::unique_ptr<rocksdb::SequentialFile> file;
  RETURN_IF_ERROR(ToAbsl(env->NewSequentialFile(path, &file, rocksdb::EnvOptions()), path));
  Sha256Stream stream;
  std::string buffer(size_t{256} << 10, '\0');
  while (size > 0) {
    rocksdb::Slice chunk;
    size_t wanted = static_cast<size_t>(std::min<uint64_t>(size, buffer.size()));
    RETURN_IF_ERROR(ToAbsl(file->Read(wanted, &chunk, buffer.data()), path));
    if (chunk.empty()) return errors::StoreCorrupt(path, "the file is shorter than it was");
    stream.Add(ToView(chunk));
    size -= chunk.size();
  }
  return Hex(stream.Finish());
}

absl::StatusOr<AnchoredFile> ParseFile(const std::string& path, absl::string_view value) {
  std::vector<std::string> parts = absl::StrSplit(value, ' ');
  AnchoredFile file;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[1], &file.size)) {
    return errors::StoreCorrupt(path, "a line on a file cannot be read");
  }
  file.name = parts[0];
  if (parts[2] != kNoChecksum) file.checksum = parts[2];
  return file;
}

// The bytes of a file that the anchor knows must be as they were.
absl::Status CheckFile(rocksdb::Env* env, const std::string& store_path, const AnchoredFile& file,
                       bool may_have_grown) {
  const std::string path = absl::StrCat(store_path, "/", file.name);
  uint64_t size = 0;
  RETURN_IF_ERROR(ToAbsl(env->GetFileSize(path, &size), path));
  if (may_have_grown ? size < file.size : size != file.size) {
    return errors::StoreCorrupt(path,
                                absl::StrCat("the file has ", size, " bytes; it had ", file.size));
  }
  if (IsTable(file.name)) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string checksum, HashPrefix(env, path, file.size));
  if (checksum != file.checksum) {
    return errors::StoreCorrupt(path, "the file's bytes are not those of the last stop");
  }
  return absl::OkStatus();
}

}  // namespace

std::string AnchorPath(absl::string_view store_path) {
  return absl::StrCat(absl::StripSuffix(store_path, "/"), ".anchor");
}

absl::Status WriteAnchor(rocksdb::Env* env, absl::string_view store_path, const Anchor& anchor) {
  SealedLines lines = {{kFormat, "1"},
                       {"service", anchor.service},
                       {"installation", anchor.installation},
                       {"epoch", absl::StrCat(anchor.epoch)},
                       {"revision", absl::StrCat(anchor.revision)},
                       {"log_hash", anchor.log_hash},
                       {"clean", anchor.clean ? "1" : "0"}};
  for (const AnchoredFile& file : anchor.files) {
    lines.emplace_back("file", absl::StrCat(file.name, " ", file.size, " ",
                                            file.checksum.empty() ? kNoChecksum : file.checksum));
  }
  return WriteSealedFile(env, AnchorPath(store_path), lines);
}

absl::StatusOr<Anchor> ReadAnchor(rocksdb::Env* env, absl::string_view store_path) {
  const std::string path = AnchorPath(store_path);
  ASSIGN_OR_RETURN(SealedLines lines, ReadSealedFile(env, path));
  if (lines.empty() || lines[0] != std::pair<std::string, std::string>(kFormat, "1")) {
    return errors::StoreCorrupt(path, "the anchor's format is not known");
  }
  Anchor anchor;
  bool numbers = true;
  for (const auto& [key, value] : lines) {
    if (key == "service") anchor.service = value;
    if (key == "installation") anchor.installation = value;
    if (key == "log_hash") anchor.log_hash = value;
    if (key == "clean") anchor.clean = value == "1";
    if (key == "epoch") numbers &= absl::SimpleAtoi(value, &anchor.epoch);
    if (key == "revision") numbers &= absl::SimpleAtoi(value, &anchor.revision);
    if (key == "file") {
      ASSIGN_OR_RETURN(AnchoredFile file, ParseFile(path, value));
      anchor.files.push_back(std::move(file));
    }
  }
  if (!numbers) return errors::StoreCorrupt(path, "a number of the anchor cannot be read");
  return anchor;
}

bool OutlivesAStop(absl::string_view name) { return IsTable(name) || IsManifest(name); }

std::vector<AnchoredFile> TableFiles(rocksdb::DB* db) {
  std::vector<rocksdb::LiveFileMetaData> live;
  db->GetLiveFilesMetaData(&live);
  std::vector<AnchoredFile> files;
  for (const rocksdb::LiveFileMetaData& file : live) {
    // RocksDB gives the name with a slash before it.
    files.push_back(
        {std::string(absl::StripPrefix(file.name, "/")), file.size, Hex(file.file_checksum)});
  }
  std::sort(files.begin(), files.end(),
            [](const AnchoredFile& a, const AnchoredFile& b) { return a.name < b.name; });
  return files;
}

absl::StatusOr<std::vector<AnchoredFile>> SmallFiles(rocksdb::Env* env,
                                                     const std::string& store_path,
                                                     bool only_manifest) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(ToAbsl(env->GetChildren(store_path, &names), store_path));
  std::sort(names.begin(), names.end());
  std::vector<AnchoredFile> files;
  for (const std::string& name : names) {
    if (!IsData(name) || IsTable(name) || (only_manifest && !IsManifest(name))) continue;
    const std::string path = absl::StrCat(store_path, "/", name);
    AnchoredFile file;
    file.name = name;
    rocksdb::Status status = env->GetFileSize(path, &file.size);
    if (status.IsNotFound() || status.IsPathNotFound()) continue;  // removed by RocksDB meanwhile
    RETURN_IF_ERROR(ToAbsl(status, path));
    ASSIGN_OR_RETURN(file.checksum, HashPrefix(env, path, file.size));
    files.push_back(std::move(file));
  }
  return files;
}

absl::Status CheckFiles(rocksdb::Env* env, const std::string& store_path, const Anchor& anchor) {
  std::vector<std::string> names;
  RETURN_IF_ERROR(ToAbsl(env->GetChildren(store_path, &names), store_path));
  std::sort(names.begin(), names.end());
  for (const AnchoredFile& file : anchor.files) {
    if (!std::binary_search(names.begin(), names.end(), file.name)) {
      // After an unclean stop a file may have been compacted or rolled away.
      if (!anchor.clean) continue;
      return errors::StoreCorrupt(absl::StrCat(store_path, "/", file.name), "the file is missing");
    }
    RETURN_IF_ERROR(CheckFile(env, store_path, file, !anchor.clean && IsManifest(file.name)));
  }
  if (!anchor.clean) return absl::OkStatus();
  for (const std::string& name : names) {
    bool known = std::any_of(anchor.files.begin(), anchor.files.end(),
                             [&](const AnchoredFile& file) { return file.name == name; });
    if (IsData(name) && !known) {
      return errors::StoreCorrupt(absl::StrCat(store_path, "/", name),
                                  "the file was not there at the last stop");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTableFiles(rocksdb::DB* db, const std::string& store_path, const Anchor& anchor) {
  absl::flat_hash_map<std::string, AnchoredFile> live;
  for (AnchoredFile& file : TableFiles(db)) live[file.name] = std::move(file);
  for (const AnchoredFile& file : anchor.files) {
    if (!IsTable(file.name)) continue;
    auto found = live.find(file.name);
    if (found == live.end()) {
      if (!anchor.clean) continue;
      return errors::StoreCorrupt(absl::StrCat(store_path, "/", file.name),
                                  "the database no longer lists the file");
    }
    if (found->second.size != file.size || found->second.checksum != file.checksum) {
      return errors::StoreCorrupt(absl::StrCat(store_path, "/", file.name),
                                  "the database lists the file with another size or checksum");
    }
  }
  return absl::OkStatus();
}

}  // namespace nscl::store
