#include "services/tools/words/words.h"

#include <cstdlib>

#include "absl/strings/match.h"

namespace nscl::tools {
namespace {

bool IsVietnamese() {
  for (const char* name : {"NSCL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return absl::StartsWithIgnoreCase(value, "vi");
  }
  return false;
}

}  // namespace

std::string Words(const char* english, const char* vietnamese) {
  return IsVietnamese() ? vietnamese : english;
}

}  // namespace nscl::tools
