#include "services/registry/imports/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/resource/name.h"
#include "common/sheet/file.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"
#include "services/registry/imports/errors.h"

namespace nscl::registry::imports {
namespace {

constexpr char kUploadEnding[] = ".upload";
constexpr char kResultEnding[] = ".result";
constexpr char kUnfinishedEnding[] = ".new";
constexpr size_t kDigestPiece = size_t{1} << 20;
// Uploads whose digest is kept in memory; of others it is taken from the file at the end.
constexpr size_t kMaxUploads = 256;

absl::Status Written(int descriptor, int64_t offset, absl::string_view data) {
  while (!data.empty()) {
    const ssize_t done = pwrite(descriptor, data.data(), data.size(), offset);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return sheet::WriteFailed(errno);
    offset += done;
    data.remove_prefix(static_cast<size_t>(done));
  }
  return fdatasync(descriptor) == 0 ? absl::OkStatus() : sheet::WriteFailed(errno);
}

absl::Status BeyondTheSize(int64_t end, int64_t size) {
  status::Violations violations;
  violations.Add("data", "IMPORT_SIZE",
                 absl::StrCat("the file was announced with ", size, " bytes; these end at ", end),
                 absl::StrCat("tệp đã khai ", size, " byte; phần này kết thúc ở ", end));
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Files>> Files::Open(const std::string& folder,
                                                   std::function<store::Volume()> volume) {
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return errors::FilesDamaged(absl::StrCat(folder, ": ", std::strerror(errno)));
  }
  return std::unique_ptr<Files>(new Files(folder, std::move(volume)));
}

Files::Files(std::string folder, std::function<store::Volume()> volume)
    : folder_(std::move(folder)), volume_(std::move(volume)) {}

// "48.01j…​.upload" of "provinces/48/operations/01j…".
std::string Files::PathOf(absl::string_view operation, absl::string_view ending) const {
  return absl::StrCat(folder_, "/", resource::ProvinceOf(operation), ".",
                      resource::LastIdOf(operation), ending);
}

std::string Files::UploadOf(absl::string_view operation) const {
  return PathOf(operation, kUploadEnding);
}

std::string Files::ResultOf(absl::string_view operation) const {
  return PathOf(operation, kResultEnding);
}

std::string Files::UnfinishedResultOf(absl::string_view operation) const {
  return absl::StrCat(ResultOf(operation), kUnfinishedEnding);
}

absl::Status Files::CheckSpace(int64_t bytes) const {
  int64_t free = 0;
  if (volume_) {
    free = volume_().free_bytes;
  } else {
    std::error_code error;
    free = static_cast<int64_t>(std::filesystem::space(folder_, error).available);
    if (error) return errors::FilesDamaged(error.message());
  }
  return free - kReserveBytes >= bytes ? absl::OkStatus()
                                       : errors::FilesFull(bytes + kReserveBytes, free);
}

std::shared_ptr<Files::Upload> Files::UploadNamed(const std::string& operation) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (uploads_.size() > kMaxUploads) uploads_.clear();
  std::shared_ptr<Upload>& upload = uploads_[operation];
  if (upload == nullptr) upload = std::make_shared<Upload>();
  return upload;
}

// Reads on from what was digested; after a restart that is from the start.
absl::Status Files::Digest(Upload& upload, const std::string& path, int64_t end) {
  while (upload.digested < end) {
    ASSIGN_OR_RETURN(std::string piece,
                     Read(path, upload.digested,
                          std::min(kDigestPiece, static_cast<size_t>(end - upload.digested))));
    if (piece.empty()) return errors::FilesDamaged("it is shorter than what was received");
    upload.digest.Add(piece);
    upload.digested += static_cast<int64_t>(piece.size());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Files::Receive(const v1::Operation& operation, int64_t offset,
                                           absl::string_view data) {
  const std::shared_ptr<Upload> upload = UploadNamed(operation.name());
  std::lock_guard<std::mutex> lock(upload->mutex);
  const int64_t received = operation.received_bytes();
  const int64_t end = offset + static_cast<int64_t>(data.size());
  if (end > operation.size_bytes()) return BeyondTheSize(end, operation.size_bytes());
  const std::string path = UploadOf(operation.name());
  if (offset < received) {
    ASSIGN_OR_RETURN(std::string there, Read(path, offset, data.size()));
    return end <= received && there == data ? absl::StatusOr<std::string>("")
                                            : errors::ImportOffset(offset, received);
  }
  if (offset > received) return errors::ImportOffset(offset, received);
  RETURN_IF_ERROR(CheckSpace(static_cast<int64_t>(data.size())));
  const int descriptor = open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) return sheet::WriteFailed(errno);
  const auto closer = absl::MakeCleanup([descriptor] { close(descriptor); });
  RETURN_IF_ERROR(Written(descriptor, offset, data));
  if (upload->digested == offset) {
    upload->digest.Add(data);
    upload->digested = end;
  } else if (upload->digested > offset) {
    // The same place was written before, and not acknowledged: begin again at the end.
    upload->digest.Finish();
    upload->digested = 0;
  }
  if (end < operation.size_bytes()) return std::string();
  RETURN_IF_ERROR(Digest(*upload, path, end));
  upload->digested = 0;
  return store::Hex(upload->digest.Finish());
}

absl::StatusOr<std::string> Files::Read(const std::string& path, int64_t offset,
                                        size_t bytes) const {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT) return std::string();
  if (descriptor < 0) return errors::FilesDamaged(std::strerror(errno));
  const auto closer = absl::MakeCleanup([descriptor] { close(descriptor); });
  std::string data(bytes, 0);
  size_t done = 0;
  while (done < bytes) {
    const ssize_t got =
        pread(descriptor, data.data() + done, bytes - done, offset + static_cast<int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errors::FilesDamaged(std::strerror(errno));
    if (got == 0) break;
    done += static_cast<size_t>(got);
  }
  data.resize(done);
  return data;
}

int64_t Files::SizeOf(const std::string& path) const {
  struct stat info;
  return stat(path.c_str(), &info) == 0 ? static_cast<int64_t>(info.st_size) : 0;
}

bool Files::Exists(const std::string& path) const {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

void Files::Remove(const std::string& path) { unlink(path.c_str()); }

std::vector<Files::Kept> Files::All() const {
  std::vector<Kept> all;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string file = entry.path().filename().string();
    absl::string_view rest = file;
    const bool unfinished = absl::ConsumeSuffix(&rest, kUnfinishedEnding);
    const bool upload = absl::ConsumeSuffix(&rest, kUploadEnding);
    if (!upload && !absl::ConsumeSuffix(&rest, kResultEnding)) continue;
    const size_t dot = rest.find('.');
    if (dot == absl::string_view::npos) continue;
    all.push_back(
        {absl::StrCat("provinces/", rest.substr(0, dot), "/operations/", rest.substr(dot + 1)),
         entry.path().string(), upload || unfinished});
  }
  return all;
}

}  // namespace nscl::registry::imports
