// The catalogue as the repository ships it, for tests.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "services/reporting/domain/catalogue.h"

namespace nscl::reporting::domain {

inline std::string ShippedFile(const std::string& path) {
  std::ifstream in(std::string(NSCL_SOURCE_DIR) + "/deploy/" + path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Catalogue ShippedCatalogue() {
  absl::StatusOr<Catalogue> catalogue = LoadCatalogue(NSCL_SOURCE_DIR "/deploy/catalogue");
  EXPECT_TRUE(catalogue.ok()) << catalogue.status();
  return *std::move(catalogue);
}

}  // namespace nscl::reporting::domain
