#include "common/sheet/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/sheet/errors.h"

namespace nscl::sheet {

absl::StatusOr<File> OpenToRead(const std::string& path) {
  File file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return errors::NotReadable(std::strerror(errno));
  return file;
}

absl::StatusOr<File> OpenToWrite(const std::string& path) {
  const int descriptor = open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (descriptor < 0) return WriteFailed(errno);
  File file(fdopen(descriptor, "wb"));
  if (file == nullptr) {
    const int error = errno;
    close(descriptor);
    return WriteFailed(error);
  }
  return file;
}

absl::Status WriteFailed(int error) {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) return errors::NoSpace();
  return errors::NotWritable(std::strerror(error));
}

}  // namespace nscl::sheet
