#include "tests/bench/load/measure.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <thread>

#include "nlohmann/json.hpp"

namespace nscl::bench {
namespace {

struct Stat {
  pid_t parent = 0;
  // Clock ticks: own, and of children that ended and were waited for.
  uint64_t own = 0;
  uint64_t waited = 0;
};

// proc(5): fields are counted after the name, which is in brackets and may hold anything.
bool ReadStat(pid_t process, Stat* stat) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return false;
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  uint64_t user, system, children_user, children_system;
  fields >> skipped >> stat->parent;  // 3 state, 4 parent
  for (int field = 5; field <= 13; ++field) fields >> skipped;
  fields >> user >> system >> children_user >> children_system;  // 14 to 17
  stat->own = user + system;
  stat->waited = children_user + children_system;
  return static_cast<bool>(fields);
}

std::vector<pid_t> ChildrenOf(pid_t process) {
  std::vector<pid_t> children;
  DIR* proc = opendir("/proc");
  if (proc == nullptr) return children;
  while (const dirent* entry = readdir(proc)) {
    const pid_t candidate = std::atoi(entry->d_name);
    Stat stat;
    if (candidate > 0 && ReadStat(candidate, &stat) && stat.parent == process) {
      children.push_back(candidate);
    }
  }
  closedir(proc);
  return children;
}

uint64_t Percentile(const std::vector<uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const size_t index = static_cast<size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(index, sorted.size() - 1)];
}

}  // namespace

double CpuSeconds(const std::vector<pid_t>& processes) {
  uint64_t ticks = 0;
  for (const pid_t process : processes) {
    Stat stat;
    if (!ReadStat(process, &stat)) continue;
    ticks += stat.own + stat.waited;
    for (const pid_t child : ChildrenOf(process)) {
      Stat of_child;
      if (ReadStat(child, &of_child)) ticks += of_child.own + of_child.waited;
    }
  }
  return static_cast<double>(ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double CpuWithin(const Window& window, const std::vector<pid_t>& processes) {
  std::this_thread::sleep_until(window.begin);
  const double before = CpuSeconds(processes);
  std::this_thread::sleep_until(window.end);
  return CpuSeconds(processes) - before;
}

std::string Result::ToJson() {
  std::sort(micros.begin(), micros.end());
  nlohmann::json json;
  json["calls"] = calls;
  json["errors"] = errors;
  if (!first_error.empty()) json["first_error"] = first_error;
  json["seconds"] = seconds;
  json["per_second"] = seconds > 0 ? static_cast<double>(calls) / seconds : 0;
  json["p50_us"] = Percentile(micros, 0.5);
  json["p99_us"] = Percentile(micros, 0.99);
  json["p999_us"] = Percentile(micros, 0.999);
  json["cpu_us_per_call"] = calls > 0 ? cpu_seconds * 1e6 / static_cast<double>(calls) : 0;
  return json.dump();
}

}  // namespace nscl::bench
