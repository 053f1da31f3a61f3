// A store under load, to be killed: eight writers run transfers from `from` on, and each number is
// printed once its transfer is acknowledged. Ends only by a signal, or with 74 where the disk
// fails.
//
//   crash_server <folder> <from> <sync|nosync>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "tests/crash/transfer.h"

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: crash_server <folder> <from> <sync|nosync>\n");
    return 64;
  }
  nscl::store::Options options;
  options.service = "crash";
  options.path = argv[1];
  options.init = true;
  options.sync = std::string(argv[3]) == "sync";
  options.volume = [] { return nscl::store::Volume{std::numeric_limits<int64_t>::max(), 0}; };
  auto store = nscl::store::Store::Open(options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", std::string(store.status().message()).c_str());
    return 65;
  }
  std::atomic<int64_t> next{std::atoll(argv[2])};
  std::vector<std::thread> writers;
  for (int i = 0; i < 8; ++i) {
    writers.emplace_back([&] {
      while (true) {
        const int64_t n = next++;
        absl::StatusOr<nscl::store::Outcome> outcome = (*store)->Run(nscl::crash::Transfer(n));
        if (!outcome.ok() || outcome->response != nscl::crash::AnswerOf(n)) {
          std::fprintf(stderr, "transfer %lld: %s\n", static_cast<long long>(n),
                       outcome.ok() ? outcome->response.c_str()
                                    : std::string(outcome.status().message()).c_str());
          _exit(70);
        }
        // One write of a whole line: the reader never sees half of it as another number.
        const std::string line = absl::StrCat(n, "\n");
        if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
          _exit(71);
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
}
