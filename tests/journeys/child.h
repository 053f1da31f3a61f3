// A program of ours as a child process of a test: its log is read from stderr, it ends with the
// test.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace nscl::journeys {

class Child {
 public:
  // Starts `program` (a name in the build's bin folder) and reads its stderr from then on. It gets
  // the environment of the test and `environment`, "NAME=value".
  static absl::StatusOr<std::unique_ptr<Child>> Start(const std::string& program,
                                                      const std::vector<std::string>& arguments,
                                                      const std::vector<std::string>& environment);
  static absl::StatusOr<std::unique_ptr<Child>> Start(const std::string& program,
                                                      const std::vector<std::string>& arguments) {
    return Start(program, arguments, {});
  }
  // Ends it with SIGTERM, after 30 seconds with SIGKILL.
  ~Child();

  // Waits for a log line that holds `text` and returns it. UNAVAILABLE where the program ended
  // first, DEADLINE_EXCEEDED after `patience`; both with what it wrote.
  absl::StatusOr<std::string> WaitForLine(const std::string& text, absl::Duration patience);

  void Signal(int signal);
  // Waits for the end; the exit code, or minus the signal that ended it.
  int Wait();
  int pid() const { return pid_; }

 private:
  Child(int pid, int stderr_fd);
  void ReadLines();

  int pid_;
  int stderr_fd_;
  bool reaped_ = false;
  int exit_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace nscl::journeys
