#include "tests/journeys/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"

namespace nscl::journeys {
namespace {

constexpr absl::Duration kEndPatience = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::unique_ptr<Child>> Child::Start(const std::string& program,
                                                    const std::vector<std::string>& arguments,
                                                    const std::vector<std::string>& environment) {
  std::string path = absl::StrCat(NSCL_BIN_DIR, "/", program);
  std::vector<char*> argv = {path.data()};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> envp;
  for (const std::string& variable : environment) {
    envp.push_back(const_cast<char*>(variable.c_str()));
  }
  for (char** variable = environ; *variable != nullptr; ++variable) envp.push_back(*variable);
  envp.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "pipe2");
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return absl::ErrnoToStatus(errno, "fork");
  if (pid == 0) {  // only calls that are safe between fork and exec
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(ends[1], STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execve(path.c_str(), argv.data(), envp.data());
    _exit(127);
  }
  close(ends[1]);
  return std::unique_ptr<Child>(new Child(pid, ends[0]));
}

Child::Child(int pid, int stderr_fd)
    : pid_(pid), stderr_fd_(stderr_fd), reader_([this] { ReadLines(); }) {}

Child::~Child() {
  if (!reaped_) {
    Signal(SIGTERM);
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, absl::ToChronoMilliseconds(kEndPatience),
                           [this] { return ended_; })) {
      Signal(SIGKILL);
    }
    lock.unlock();
    Wait();
  }
  reader_.join();
  close(stderr_fd_);
}

void Child::ReadLines() {
  std::string open;
  char buffer[4096];
  ssize_t n;
  while ((n = read(stderr_fd_, buffer, sizeof buffer)) > 0) {
    open.append(buffer, static_cast<size_t>(n));
    std::lock_guard<std::mutex> lock(mutex_);
    for (size_t end; (end = open.find('\n')) != std::string::npos; open.erase(0, end + 1)) {
      lines_.push_back(open.substr(0, end));
    }
    changed_.notify_all();
  }
  std::lock_guard<std::mutex> lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

absl::StatusOr<std::string> Child::WaitForLine(const std::string& text, absl::Duration patience) {
  const absl::Time give_up = absl::Now() + patience;
  std::unique_lock<std::mutex> lock(mutex_);
  for (size_t seen = 0;;) {
    for (; seen < lines_.size(); ++seen) {
      if (absl::StrContains(lines_[seen], text)) return lines_[seen];
    }
    if (ended_)
      return absl::UnavailableError(
          absl::StrCat("the program ended: ", absl::StrJoin(lines_, "\n")));
    if (changed_.wait_until(lock, absl::ToChronoTime(give_up)) == std::cv_status::timeout) {
      return absl::DeadlineExceededError(
          absl::StrCat("no line with ", text, ": ", absl::StrJoin(lines_, "\n")));
    }
  }
}

void Child::Signal(int signal) {
  if (!reaped_) kill(pid_, signal);
}

int Child::Wait() {
  if (!reaped_) {
    int status = 0;
    waitpid(pid_, &status, 0);
    exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    reaped_ = true;
  }
  return exit_;
}

}  // namespace nscl::journeys
