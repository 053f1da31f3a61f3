// Files of tables, opened so that only their owner reads them.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace nscl::sheet {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

absl::StatusOr<File> OpenToRead(const std::string& path);
// Mode 0600; what was there is gone.
absl::StatusOr<File> OpenToWrite(const std::string& path);

// The refusal of a failed write by its errno.
absl::Status WriteFailed(int error);

}  // namespace nscl::sheet
