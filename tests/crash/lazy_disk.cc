// A page cache that dies with the process: preloaded, it keeps what is written to files under
// $NSCL_LAZY_DIR in memory until they are synced, so that kill -9 loses what a power cut would
// lose. kill -9 alone cannot show a missing fsync: the kernel's cache survives the process.
//
// What is closed without a sync is written out (later reads of this process must see it), so the
// test is milder than a disk there; files that hold promises are synced before they are closed.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

namespace {

// Never destroyed: files are written until the very end of the process.
std::mutex& Mutex() {
  static std::mutex* mutex = new std::mutex;
  return *mutex;
}
std::map<int, std::string>& Held() {
  static auto* held = new std::map<int, std::string>;
  return *held;
}

template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

using Write = ssize_t(int, const void*, size_t);
using OneFile = int(int);

ssize_t RealWrite(int fd, const void* bytes, size_t size) {
  static Write* real = Next<Write>("write");
  return real(fd, bytes, size);
}

bool IsLazy(const char* path) {
  static const char* folder = getenv("NSCL_LAZY_DIR");
  return folder != nullptr && strncmp(path, folder, strlen(folder)) == 0;
}

int Opened(int fd, const char* path, int flags) {
  if (fd >= 0 && IsLazy(path) && (flags & O_ACCMODE) != O_RDONLY) {
    std::lock_guard<std::mutex> lock(Mutex());
    Held()[fd].clear();
  }
  return fd;
}

// Writes out what is held of the file; -1 with errno where it cannot.
int WriteOut(int fd) {
  std::lock_guard<std::mutex> lock(Mutex());
  auto held = Held().find(fd);
  if (held == Held().end()) return 0;
  size_t done = 0;
  while (done < held->second.size()) {
    ssize_t n = RealWrite(fd, held->second.data() + done, held->second.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -1;
    done += static_cast<size_t>(n);
  }
  held->second.clear();
  return 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  static auto* real = Next<int(const char*, int, ...)>("open");
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return Opened(real(path, flags, mode), path, flags);
}

int open64(const char* path, int flags, ...) {
  static auto* real = Next<int(const char*, int, ...)>("open64");
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  return Opened(real(path, flags, mode), path, flags);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  {
    std::lock_guard<std::mutex> lock(Mutex());
    auto held = Held().find(fd);
    if (held != Held().end()) {
      held->second.append(static_cast<const char*>(bytes), size);
      return static_cast<ssize_t>(size);
    }
  }
  return RealWrite(fd, bytes, size);
}

int fdatasync(int fd) {
  static auto* real = Next<OneFile>("fdatasync");
  return WriteOut(fd) == 0 ? real(fd) : -1;
}

int fsync(int fd) {
  static auto* real = Next<OneFile>("fsync");
  return WriteOut(fd) == 0 ? real(fd) : -1;
}

// A hint to begin writing: promises nothing, and here does nothing.
int sync_file_range(int, off64_t, off64_t, unsigned int) { return 0; }

int close(int fd) {
  static auto* real = Next<OneFile>("close");
  if (WriteOut(fd) != 0) return -1;
  {
    std::lock_guard<std::mutex> lock(Mutex());
    Held().erase(fd);
  }
  return real(fd);
}

int ftruncate(int fd, off_t size) {
  static auto* real = Next<int(int, off_t)>("ftruncate");
  return WriteOut(fd) == 0 ? real(fd, size) : -1;
}

int ftruncate64(int fd, off64_t size) {
  static auto* real = Next<int(int, off64_t)>("ftruncate64");
  return WriteOut(fd) == 0 ? real(fd, size) : -1;
}

}  // extern "C"
