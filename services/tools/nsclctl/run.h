// nsclctl as a function, so that tests run it as people do.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace nscl::nsclctl {

// Exit codes; `nsclctl --help` lists them.
inline constexpr int kOk = 0;
inline constexpr int kRefused = 1;      // the server refused, and said why
inline constexpr int kUsage = 2;        // the command line is wrong
inline constexpr int kUnreachable = 3;  // no answer: not running, not reachable, too late
inline constexpr int kSomeRefused = 4;  // an import is done, but some of its rows were refused
inline constexpr int kBadData =
    65;  // a file cannot be read or is not what it must be; a damaged store

// Runs one command line (without the program's name). Returns the exit code.
int Run(std::vector<std::string> arguments, std::istream& in, std::ostream& out, std::ostream& err);

}  // namespace nscl::nsclctl
