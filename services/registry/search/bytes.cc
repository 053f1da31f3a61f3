#include "services/registry/search/bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "common/status/status_macros.h"

// One header, no library to link.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace nscl::registry::search {
namespace {

absl::Status Fault(absl::string_view what, const std::string& path) {
  const int error = errno;
  const std::string text = absl::StrCat("cannot ", what, " ", path, ": ", std::strerror(error));
  if (error == ENOENT) return absl::NotFoundError(text);
  return error == ENOSPC || error == EDQUOT ? absl::ResourceExhaustedError(text)
                                            : absl::UnavailableError(text);
}

// Closes at the end of its scope.
struct Descriptor {
  ~Descriptor() {
    if (number >= 0) close(number);
  }
  int number;
};

absl::Status WriteAll(int file, absl::string_view contents, const std::string& path) {
  while (!contents.empty()) {
    // Linux writes at most 2 GB at once.
    const ssize_t written =
        write(file, contents.data(), std::min<size_t>(contents.size(), 1 << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Fault("write", path);
    contents.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

}  // namespace

std::unique_ptr<Bytes> Bytes::Make(size_t size) {
  void* data = mmap(nullptr, std::max<size_t>(size, 1), PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  return std::unique_ptr<Bytes>(new Bytes(static_cast<char*>(data), size));
}

absl::StatusOr<std::unique_ptr<Bytes>> Bytes::Map(const std::string& path, size_t size) {
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0) return Fault("open", path);
  struct stat status;
  if (fstat(file.number, &status) != 0) return Fault("read", path);
  if (static_cast<size_t>(status.st_size) != size) {
    return absl::DataLossError(absl::StrCat(path, " has ", status.st_size, " bytes, not ", size));
  }
  void* data = mmap(nullptr, std::max<size_t>(size, 1), PROT_READ, MAP_PRIVATE, file.number, 0);
  if (data == MAP_FAILED) return Fault("map", path);
  return std::unique_ptr<Bytes>(new Bytes(static_cast<char*>(data), size));
}

Bytes::~Bytes() { munmap(data_, std::max<size_t>(size_, 1)); }

std::string Checksum(absl::string_view contents) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits(contents.data(), contents.size()));
  return std::string(reinterpret_cast<const char*>(canonical.digest), sizeof(canonical.digest));
}

uint64_t Hash(absl::string_view text) { return XXH3_64bits(text.data(), text.size()); }

absl::Status WriteFile(const std::string& path, absl::string_view contents) {
  const std::string temporary = absl::StrCat(path, ".new");
  {
    Descriptor file{open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (file.number < 0) return Fault("make", temporary);
    RETURN_IF_ERROR(WriteAll(file.number, contents, temporary));
    if (fdatasync(file.number) != 0) return Fault("sync", temporary);
  }
  if (rename(temporary.c_str(), path.c_str()) != 0) return Fault("rename", temporary);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  Descriptor opened{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.number < 0 || fsync(opened.number) != 0) return Fault("sync", folder);
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  std::stringstream contents;
  contents << in.rdbuf();
  if (in.bad()) return absl::UnavailableError(absl::StrCat("cannot read ", path));
  return contents.str();
}

}  // namespace nscl::registry::search
