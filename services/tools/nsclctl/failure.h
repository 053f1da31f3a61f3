// Saying why something failed.
#pragma once

#include <ostream>

#include "absl/status/status.h"

namespace nscl::nsclctl {

// Writes a refusal: code and reason, the message in both languages, every bad field, every broken
// precondition, the metadata, when to try again. Returns the exit code.
int Explain(const absl::Status& status, std::ostream& err);

// The same for something that is wrong on this side: a file, a folder.
int BadData(const absl::Status& status, std::ostream& err);

}  // namespace nscl::nsclctl
