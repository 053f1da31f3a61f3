// The language of the tools' help: Vietnamese where the environment asks for it (NSCL_LANG, else
// LC_ALL, LC_MESSAGES, LANG begins with "vi"), English otherwise.
#pragma once

#include <string>

namespace nscl::tools {

// Which of the two the user reads.
std::string Words(const char* english, const char* vietnamese);

}  // namespace nscl::tools
