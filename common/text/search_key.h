// What Vietnamese texts are searched by.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace nscl::text {

// Lower case without marks, đ as d: "Đà Nẵng" is "da nang", from NFC and NFD alike. Text that is
// not UTF-8 keeps a replacement character for each fault.
std::string Fold(absl::string_view text);

// The key of a search: folded, words parted by one blank, other signs dropped, and spellings that
// mean the same made one: y as i ("kỹ" and "kĩ", "tỷ" and "tỉ"), "ngàn" as "nghìn", "hằng" and
// "hàng" by the folding. Never shown: keys of different words may be equal.
std::string SearchKey(absl::string_view text);

}  // namespace nscl::text
