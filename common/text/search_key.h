// What Vietnamese texts are searched by.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::text {

// Lower case without marks, đ as d: "Đà Nẵng" is "da nang", from NFC and NFD alike. Text that is
// not UTF-8 keeps a replacement character for each fault.
std::string Fold(absl::string_view text);

// Folded words parted by one blank, other signs dropped, and y as i ("kỹ" and "kĩ", "tỷ" and "tỉ").
// The beginning of a text has a key that is the beginning of the text's key, a last blank aside: so
// it serves who looks for parts of words. About 0.1 µs for a name.
std::string WordsKey(absl::string_view text);

// The key of a search for whole words: as WordsKey, and words that mean the same made one: "ngàn"
// as "nghìn". Never shown: keys of different words may be equal.
std::string SearchKey(absl::string_view text);

}  // namespace nscl::text
