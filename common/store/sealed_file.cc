#include "common/store/sealed_file.h"

#include <rocksdb/env.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/status_macros.h"
#include "common/store/errors.h"
#include "common/store/hash.h"
#include "common/store/rocks.h"

namespace nscl::store {
namespace {

constexpr absl::string_view kSeal = "sha256 ";

std::string FolderOf(const std::string& path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

rocksdb::Status WriteAndSync(rocksdb::Env* env, const std::string& path, const std::string& text) {
  std::unique_ptr<rocksdb::WritableFile> file;
  rocksdb::Status status = env->NewWritableFile(path, &file, rocksdb::EnvOptions());
  if (status.ok()) status = file->Append(text);
  if (status.ok()) status = file->Sync();
  if (status.ok()) status = file->Close();
  return status;
}

}  // namespace

absl::Status SyncFolder(rocksdb::Env* env, const std::string& folder) {
  std::unique_ptr<rocksdb::Directory> directory;
  rocksdb::Status status = env->NewDirectory(folder, &directory);
  if (status.ok()) status = directory->Fsync();
  if (status.ok()) status = directory->Close();
  return ToAbsl(status, folder);
}

absl::Status WriteSealedFile(rocksdb::Env* env, const std::string& path, const SealedLines& lines) {
  std::string text;
  for (const auto& [key, value] : lines) absl::StrAppend(&text, key, " ", value, "\n");
  absl::StrAppend(&text, kSeal, Hex(Sha256({text})), "\n");
  const std::string temporary = path + ".tmp";
  RETURN_IF_ERROR(ToAbsl(WriteAndSync(env, temporary, text), temporary));
  RETURN_IF_ERROR(ToAbsl(env->RenameFile(temporary, path), path));
  return SyncFolder(env, FolderOf(path));
}

absl::StatusOr<SealedLines> ReadSealedFile(rocksdb::Env* env, const std::string& path) {
  std::string text;
  rocksdb::Status status = env->FileExists(path);
  if (status.IsNotFound()) return absl::NotFoundError(path);
  if (status.ok()) status = rocksdb::ReadFileToString(env, path, &text);
  RETURN_IF_ERROR(ToAbsl(status, path));

  // The seal is the last line, and it ends the file.
  size_t seal = text.rfind(kSeal.data(), std::string::npos, kSeal.size());
  if (seal == std::string::npos || (seal > 0 && text[seal - 1] != '\n')) {
    return errors::StoreCorrupt(path, "the file has no seal");
  }
  absl::string_view body = absl::string_view(text).substr(0, seal);
  if (absl::string_view(text).substr(seal) != absl::StrCat(kSeal, Hex(Sha256({body})), "\n")) {
    return errors::StoreCorrupt(path, "the file does not match its seal");
  }
  SealedLines lines;
  for (absl::string_view line : absl::StrSplit(body, '\n', absl::SkipEmpty())) {
    std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    lines.emplace_back(std::string(parts.first), std::string(parts.second));
  }
  return lines;
}

}  // namespace nscl::store
