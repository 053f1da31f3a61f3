// Which encoding a text has that is not UTF-8: for the refusal that says so.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::sheet {

// Judged by the first bytes: a mark of UTF-16 or UTF-32, or the zeros that UTF-16 puts between
// letters. "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"; "" where nothing says so.
std::string WideEncodingOf(absl::string_view start);

// A guess at the one-byte encoding of Vietnamese text: "Windows-1258", "TCVN3 (ABC)",
// "VNI-Windows", or "" where none fits. `sample` holds bytes beyond ASCII.
std::string NarrowEncodingOf(absl::string_view sample);

}  // namespace nscl::sheet
