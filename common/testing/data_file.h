// Files that the repository ships, for tests that are compiled with NSCL_SOURCE_DIR.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace nscl::testing {

// A JSON file under the root of the repository, "tests/data/tax_code_vectors.json". Fails the test
// and gives null where it cannot be read.
inline nlohmann::json ReadJson(const std::string& path) {
  std::ifstream file(std::string(NSCL_SOURCE_DIR) + "/" + path);
  EXPECT_TRUE(file.is_open()) << path;
  return nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
}

}  // namespace nscl::testing
