// Text from outside: checked, and kept in Unicode NFC.
#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace nscl::text {

bool IsAscii(absl::string_view text);
// Characters (code points) of UTF-8.
size_t CountChars(absl::string_view utf8);
// The text in NFC; a text that is no UTF-8 as it is.
std::string Nfc(absl::string_view text);

// What a text field takes. Lengths are in characters (code points) after normalisation.
struct TextRule {
  size_t min_chars = 0;
  size_t max_chars = 500;
  bool multiline = false;  // line breaks and tabs are taken
};

// The text in NFC. INVALID_ARGUMENT:
//   `INVALID_TEXT`  not UTF-8 (lone surrogates included), or a control, bidirectional-formatting,
//                   private-use or unassigned-by-design character; metadata `position` is the
//                   character, from 0, and `code_point` its code
//   `TEXT_LENGTH`   shorter or longer than the rule; a required text of blanks only is too short
absl::StatusOr<std::string> Clean(absl::string_view text, const TextRule& rule);

// Cleans a field in place, or adds a violation and leaves it; returns whether it was taken.
bool CleanField(status::Violations& violations, absl::string_view path, std::string* field,
                const TextRule& rule);

}  // namespace nscl::text
